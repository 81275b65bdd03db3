# Catch2 from the system (2.13 on Debian 12, 3.x elsewhere: the tests build with either), else a pinned 3.x from its
# public repository, else one clear line.
find_package(Catch2 QUIET)
find_path(catch2_folder catch.hpp PATHS /usr/include/catch2 NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
if(CMAKE_CROSSCOMPILING AND NOT Catch2_FOUND AND catch2_folder)
  # The library of 2.13 is for this machine, its header is for any; but no other header beside it is.
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/catch2-header)
  file(CREATE_LINK ${catch2_folder} ${CMAKE_BINARY_DIR}/catch2-header/catch2 SYMBOLIC)
  add_library(Catch2::Catch2 INTERFACE IMPORTED GLOBAL)
  target_include_directories(Catch2::Catch2 INTERFACE ${CMAKE_BINARY_DIR}/catch2-header)
  list(APPEND CMAKE_MODULE_PATH /usr/lib/cmake/Catch2)
elseif(NOT Catch2_FOUND)
  set(catch2_commit fa43b77429ba76c462b1898d6cd2f2d7a9416b14) # v3.7.1
  set(catch2_url https://github.com/catchorg/Catch2.git)
  include(FetchContent)
  if(NOT FETCHCONTENT_SOURCE_DIR_CATCH2)
    find_package(Git QUIET)
    set(reachable 1)
    if(Git_FOUND)
      message(STATUS "Catch2 is not installed: fetching it from ${catch2_url}")
      execute_process(COMMAND ${GIT_EXECUTABLE} ls-remote --exit-code ${catch2_url} HEAD
        RESULT_VARIABLE reachable OUTPUT_QUIET ERROR_QUIET TIMEOUT 30)
    endif()
    if(NOT reachable EQUAL 0)
      message(FATAL_ERROR "Catch2 is not installed and ${catch2_url} cannot be reached: install the package "
        "'catch2' (Debian, Ubuntu, Homebrew, Arch) or 'catch-devel' (Fedora), or configure with -DBUILD_TESTING=OFF")
    endif()
  endif()
  FetchContent_Declare(Catch2 GIT_REPOSITORY ${catch2_url} GIT_TAG ${catch2_commit})
  FetchContent_MakeAvailable(Catch2)
  target_compile_options(Catch2 PRIVATE -w) # our warnings are for our code
  list(APPEND CMAKE_MODULE_PATH ${catch2_SOURCE_DIR}/extras)
endif()
if(CMAKE_CROSSCOMPILING AND NOT CMAKE_CROSSCOMPILING_EMULATOR)
  function(catch_discover_tests) # asks the program for the names of its tests
  endfunction()
else()
  include(Catch)
endif()
