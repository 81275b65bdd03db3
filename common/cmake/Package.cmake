# The Debian package: `cpack -G DEB` in the build folder. Not for a program that takes the library in: it packs itself.
if(NOT CMAKE_PROJECT_NAME MATCHES "^selectors(-course)?$")
  return()
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME libselectors-dev)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "One wait for many sockets, on epoll, poll, select or kqueue,
with the same answer on each. The library, its headers, and what
CMake and pkg-config need to find them.")
set(CPACK_DEBIAN_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
if(NOT CPACK_PACKAGE_CONTACT) # -DCPACK_PACKAGE_CONTACT="you <you@there>": the course itself has no address
  set(CPACK_PACKAGE_CONTACT "The selectors course contributors <selectors@example.org>")
endif()

# This folder's part of the build, so that with the lessons around it the package is the same.
set(CPACK_INSTALL_CMAKE_PROJECTS "${CMAKE_CURRENT_BINARY_DIR};selectors;ALL;/")
set(CPACK_STRIP_FILES ON)
# Whatever the umask of who packs.
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

if(SELECTORS_REQUIRES STREQUAL "libkqueue") # the package's CMake files look for it with pkg-config
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "libkqueue-dev, pkg-config")
endif()
if(BUILD_SHARED_LIBS)
  find_program(SELECTORS_SHLIBDEPS dpkg-shlibdeps)
  find_program(SELECTORS_FILE file) # CPack stops without it
  mark_as_advanced(SELECTORS_SHLIBDEPS SELECTORS_FILE)
  if(SELECTORS_SHLIBDEPS AND SELECTORS_FILE)
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
    set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
  else()
    list(APPEND CPACK_DEBIAN_PACKAGE_DEPENDS libc6 libgcc-s1 libstdc++6)
    list(JOIN CPACK_DEBIAN_PACKAGE_DEPENDS ", " CPACK_DEBIAN_PACKAGE_DEPENDS)
  endif()
endif()
include(CPack)
