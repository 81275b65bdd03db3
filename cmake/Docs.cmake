# The book: `cmake --preset docs && cmake --build --preset docs`. A warning fails the build. The same pages and a teacher's
# beside them: `cmake --build --preset docs-teacher`.
option(SELECTORS_DOCS "Add the targets docs and docs-teacher, which need Doxygen and Graphviz" OFF)
if(NOT SELECTORS_DOCS)
  return()
endif()
find_package(Doxygen REQUIRED dot)

# What makes the pages is Python (scripts/course/book), with packages that may be there for one Python and not for another.
set(wanted "import lxml, markdown_it")
if(NOT SELECTORS_DOCS_PYTHON)
  foreach(python IN ITEMS python3 /usr/bin/python3 python)
    execute_process(COMMAND ${python} -c ${wanted} RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
    if(status EQUAL 0)
      set(SELECTORS_DOCS_PYTHON ${python} CACHE STRING "A Python that has lxml and markdown_it")
      break()
    endif()
  endforeach()
  if(NOT SELECTORS_DOCS_PYTHON)
    message(FATAL_ERROR "The book needs a Python with lxml and markdown_it (Debian: python3-lxml, python3-markdown-it)")
  endif()
endif()
set(make_book ${CMAKE_COMMAND} -E env PYTHONPATH=${CMAKE_CURRENT_SOURCE_DIR}/scripts ${SELECTORS_DOCS_PYTHON} -B -m course.book)

# The theme, where it is there, and fits: its versions are made for these versions of Doxygen. 2.1.0 is in Debian 12 and
# 2.3.4 in Debian 13; only the years in its licence tell them apart.
find_path(SELECTORS_DOCS_THEME doxygen-awesome-sidebar-only.css PATH_SUFFIXES share/doxygen-awesome-css
  DOC "The folder of doxygen-awesome-css")
set(theme "")
if(NOT SELECTORS_DOCS_THEME)
  message(STATUS "doxygen-awesome-css is not there: the book looks as Doxygen makes it")
else()
  file(STRINGS ${SELECTORS_DOCS_THEME}/doxygen-awesome.css is_2_3 REGEX "Copyright .* - 202[3-9]")
  set(fits_below 1.9.5)
  if(is_2_3)
    set(fits_below 1.14)
  endif()
  if(DOXYGEN_VERSION VERSION_LESS 1.9.1 OR DOXYGEN_VERSION VERSION_GREATER_EQUAL fits_below)
    message(STATUS "doxygen-awesome-css is not made for Doxygen ${DOXYGEN_VERSION}: the book looks as Doxygen makes it")
  else()
    set(theme ${SELECTORS_DOCS_THEME})
  endif()
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
  add_subdirectory(tests/pitfalls)
endif()
# The pages are what the selectors and the programs of this build do, so they are asked each time.
set(pages ${CMAKE_CURRENT_BINARY_DIR}/pages)
add_custom_target(pages
  COMMAND ${CMAKE_COMMAND} -E make_directory ${pages}
  COMMAND matrix-page ${PROJECT_SOURCE_DIR}/tests/common/matrix/windows/answers.txt > ${pages}/matrix.md
  COMMAND ${make_book} record $<TARGET_FILE:record> ${pages} --pitfalls $<TARGET_FILE:pitfall>
  COMMENT "Asking every facility the questions of the matrix, and recording the lessons' programs"
  VERBATIM)
add_dependencies(pages record pitfall)

# add_book(TARGET EDITION FOLDER): an edition of the book, in FOLDER/html of the build folder.
function(add_book target edition folder)
  set(book ${CMAKE_CURRENT_BINARY_DIR}/${folder})
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/docs/Doxyfile.in ${book}/Doxyfile @ONLY)
  add_custom_target(${target}
    COMMAND ${make_book} make ${book} ${CMAKE_CURRENT_BINARY_DIR} ${edition} --doxygen "$<TARGET_FILE:Doxygen::doxygen>"
      "--theme=${theme}" "--browser=$<IF:$<BOOL:${SELECTORS_DOCS_BROWSER}>,${SELECTORS_DOCS_BROWSER},>"
    COMMENT "Making the book, ${edition}'s edition"
    VERBATIM)
  add_dependencies(${target} pages)
endfunction()

add_book(docs student book)
add_book(docs-teacher teacher teacher-book)

enable_testing()
add_subdirectory(tests/book-drift)
add_subdirectory(tests/pages)
add_subdirectory(tests/trace)
add_subdirectory(tests/book)
