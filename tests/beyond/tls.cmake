# The tests of beyond/tls.
set(certificates ${CMAKE_CURRENT_BINARY_DIR}/certificates)
set(sources ${PROJECT_SOURCE_DIR}/scripts/course/certificates.py ${CMAKE_CURRENT_SOURCE_DIR}/certificates.py)
add_custom_command(OUTPUT ${certificates}/ca.crt
  COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${PROJECT_SOURCE_DIR}/scripts
    ${TESTS_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/certificates.py ${certificates}
  DEPENDS ${sources}
  COMMENT "Making certificates for the tests of beyond/tls"
  VERBATIM)

# Who knocks at the server, for its tests and for the checks of its exercises.
add_library(tls-stage STATIC tls.cpp ${certificates}/ca.crt)
target_link_libraries(tls-stage PUBLIC test-support tls-support)
target_compile_definitions(tls-stage PRIVATE CERTIFICATES="${certificates}")

add_executable(test-tls tls-members.cpp tls-strangers.cpp)
target_link_libraries(test-tls PRIVATE tls-stage)
target_precompile_headers(test-tls REUSE_FROM test-support)
add_dependencies(test-tls tls)
catch_discover_tests(test-tls TEST_PREFIX "tls/" PROPERTIES LABELS tls TIMEOUT 60)

set(test "tls/./learn certificates makes missing files and keeps existing ones")
add_test(NAME ${test} COMMAND ${CMAKE_COMMAND} -E env PYTHONPATH=${PROJECT_SOURCE_DIR}/scripts
  ${TESTS_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/test_certificates.py)
set_tests_properties(${test} PROPERTIES LABELS tls TIMEOUT 60)
