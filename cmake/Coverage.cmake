# How much of the library its tests run: `cmake --preset coverage && cmake --build --preset coverage`, which needs gcovr.
# It fails below 96 % of the lines.
option(SELECTORS_COVERAGE "Count the lines that are run, and add the target coverage" OFF)
if(NOT SELECTORS_COVERAGE)
  return()
endif()
find_program(GCOVR gcovr)
if(NOT GCOVR)
  message(FATAL_ERROR "gcovr is not installed: install the package 'gcovr'")
endif()
add_compile_options(--coverage -fprofile-update=atomic)
add_link_options(--coverage)

# Called when the tests are known.
function(add_coverage_target)
  add_custom_target(coverage
    # What an earlier run has counted does not count.
    COMMAND find ${CMAKE_BINARY_DIR} -name "*.gcda" -delete
    # The random walk runs every line early. What the tests leave out here is built or measured otherwise.
    COMMAND ${CMAKE_COMMAND} -E env SELECTORS_STEPS=50000 ${CMAKE_CTEST_COMMAND} -L "^(common|threads)$"
      -E "library is found|nothing but|common/cost" -j 2 --no-tests=error --output-on-failure
    COMMAND ${GCOVR} --root ${PROJECT_SOURCE_DIR} --filter ${PROJECT_SOURCE_DIR}/common/src/ --filter ${PROJECT_SOURCE_DIR}/common/include/
      --exclude-throw-branches --exclude-unreachable-branches --fail-under-line 96
      --html-details ${CMAKE_BINARY_DIR}/coverage.html --txt --print-summary ${CMAKE_BINARY_DIR}
    WORKING_DIRECTORY ${CMAKE_BINARY_DIR}
    COMMENT "Counting the lines of common/ that its tests run"
    VERBATIM)
  add_dependencies(coverage ${ARGN})
endfunction()
