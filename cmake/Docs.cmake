# The book: `cmake --preset docs && cmake --build --preset docs`. A warning fails the build.
option(SELECTORS_DOCS "Add the target docs, which needs Doxygen" OFF)
if(NOT SELECTORS_DOCS)
  return()
endif()
find_package(Doxygen REQUIRED dot)
configure_file(${CMAKE_CURRENT_SOURCE_DIR}/docs/Doxyfile.in ${CMAKE_CURRENT_BINARY_DIR}/Doxyfile @ONLY)

if(NOT BUILD_TESTING)
  add_subdirectory(tests/common/matrix)
  add_subdirectory(tests/support)
  add_subdirectory(tests/record)
endif()
# The page is what the selectors of this build answer, so it is asked for each time.
set(pages ${CMAKE_CURRENT_BINARY_DIR}/pages)
add_custom_target(pages
  COMMAND ${CMAKE_COMMAND} -E make_directory ${pages}
  COMMAND matrix-page > ${pages}/matrix.md
  COMMENT "Asking every facility the questions of the matrix"
  VERBATIM)

add_custom_target(docs
  COMMAND ${CMAKE_COMMAND} -E make_directory ${CMAKE_CURRENT_BINARY_DIR}/book
  COMMAND Doxygen::doxygen ${CMAKE_CURRENT_BINARY_DIR}/Doxyfile
  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
  COMMENT "Making the book"
  VERBATIM)
add_dependencies(docs pages)
