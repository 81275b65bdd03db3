# The book: `cmake --preset docs && cmake --build --preset docs`. A warning fails the build.
option(SELECTORS_DOCS "Add the target docs, which needs Doxygen" OFF)
if(NOT SELECTORS_DOCS)
  return()
endif()
find_package(Doxygen REQUIRED dot)
configure_file(${CMAKE_CURRENT_SOURCE_DIR}/docs/Doxyfile.in ${CMAKE_CURRENT_BINARY_DIR}/Doxyfile @ONLY)
add_custom_target(docs
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/book
  COMMAND Doxygen::doxygen ${CMAKE_CURRENT_BINARY_DIR}/Doxyfile
  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
  COMMENT "Making the book"
  VERBATIM)
