// Catch2's main, where a package of 2.13 comes without the library that has it.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
