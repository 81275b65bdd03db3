# The book: `cmake --preset docs && cmake --build --preset docs`. A warning fails the build. The same pages and a teacher's
# beside them: `cmake --build --preset docs-teacher`.
option(SELECTORS_DOCS "Add the targets docs and docs-teacher, which need Doxygen and Graphviz" OFF)
if(NOT SELECTORS_DOCS)
  return()
endif()
find_package(Doxygen REQUIRED dot)

# The theme, where it is there, and fits: its version 2.1.0 (Debian 12) is made for these versions of Doxygen.
find_path(SELECTORS_DOCS_THEME doxygen-awesome-sidebar-only.css PATH_SUFFIXES share/doxygen-awesome-css
  DOC "The folder of doxygen-awesome-css")
set(theme "")
if(NOT SELECTORS_DOCS_THEME)
  message(STATUS "doxygen-awesome-css is not there: the book looks as Doxygen makes it")
elseif(DOXYGEN_VERSION VERSION_LESS 1.9.1 OR DOXYGEN_VERSION VERSION_GREATER_EQUAL 1.9.5)
  message(STATUS "doxygen-awesome-css is not made for Doxygen ${DOXYGEN_VERSION}: the book looks as Doxygen makes it")
else()
  set(theme ${SELECTORS_DOCS_THEME})
endif()

# The handouts are printed by a browser, where there is one.
find_program(SELECTORS_DOCS_BROWSER NAMES chromium chromium-browser google-chrome
  DOC "Prints the handouts; without it there are none")
if(NOT SELECTORS_DOCS_BROWSER)
  message(STATUS "Chromium is not there: the book comes without handouts (PDF)")
endif()

if(NOT BUILD_TESTING)
  add_subdirectory(tests/common/matrix)
  add_subdirectory(tests/support)
  add_subdirectory(tests/record)
endif()
# The pages are what the selectors and the programs of this build do, so they are asked each time.
set(pages ${CMAKE_CURRENT_BINARY_DIR}/pages)
add_custom_target(pages
  COMMAND ${CMAKE_COMMAND} -E make_directory ${pages}
  COMMAND matrix-page > ${pages}/matrix.md
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/docs/tools/generate $<TARGET_FILE:record> ${pages}
  COMMENT "Asking every facility the questions of the matrix, and recording the lessons' programs"
  VERBATIM)
add_dependencies(pages record)

# add_book(TARGET EDITION FOLDER): an edition of the book, in FOLDER/html of the build folder.
function(add_book target edition folder)
  set(book ${CMAKE_CURRENT_BINARY_DIR}/${folder})
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/docs/Doxyfile.in ${book}/Doxyfile @ONLY)
  add_custom_target(${target}
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/docs/make-book ${book} ${CMAKE_CURRENT_BINARY_DIR} ${edition}
      "$<TARGET_FILE:Doxygen::doxygen>" "${theme}" "$<IF:$<BOOL:${SELECTORS_DOCS_BROWSER}>,${SELECTORS_DOCS_BROWSER},>"
    WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
    COMMENT "Making the book, ${edition}'s edition"
    VERBATIM)
  add_dependencies(${target} pages)
endfunction()

add_book(docs student book)
add_book(docs-teacher teacher teacher-book)

enable_testing()
add_subdirectory(tests/book-drift)
add_subdirectory(tests/book)
