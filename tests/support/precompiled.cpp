// The precompiled header of the tests belongs to a library, and a library has a source file.
#include "catch.hpp"
