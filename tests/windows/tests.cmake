# Built for Windows: the library's tests, which run under Wine.
find_package(Threads REQUIRED)
add_executable(test-common ${contract} common/windows/facilities.cpp common/windows/windows.cpp support/main.cpp)
add_executable(test-threads common/threads.cpp common/windows/facilities.cpp support/main.cpp)
foreach(program IN ITEMS test-common test-threads)
  target_include_directories(${program} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(${program} PRIVATE Catch2::Catch2 lesson-support selectors::selectors Threads::Threads ws2_32)
  catch_discover_tests(${program} TEST_PREFIX "common/" PROPERTIES LABELS windows TIMEOUT 120)
endforeach()

# What the book's page of the matrix says of Windows.
add_subdirectory(common/matrix)
set(test "common/the matrix page shows what the facilities answer on Windows")
add_test(NAME ${test} COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/windows/matrix $<TARGET_FILE:matrix-page>
  ${CMAKE_CURRENT_SOURCE_DIR}/common/matrix/windows/answers.txt)
set_tests_properties(${test} PROPERTIES LABELS windows TIMEOUT 120)

if(NOT CMAKE_CROSSCOMPILING)
  return()
endif()

# The lessons' tests stay programs of this machine, as preset `tests` builds them, and talk to programs under Wine.
set(lesson_tests lesson-01 lesson-02 lesson-03 lesson-04 lesson-05 lesson-06-multiconn-server lesson-06-callback-server
  lesson-06-client lesson-07-server lesson-07-client)
list(TRANSFORM lesson_tests PREPEND test- OUTPUT_VARIABLE native_targets)
list(APPEND native_targets test-talk)
add_custom_target(native-tests ALL
  COMMAND ${CMAKE_COMMAND} --preset tests
  COMMAND ${CMAKE_COMMAND} --build --preset tests --target ${native_targets}
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR} USES_TERMINAL VERBATIM)
set(wine ${CMAKE_CURRENT_SOURCE_DIR}/windows/wine)
set(native_folder ${PROJECT_SOURCE_DIR}/build/tests/tests)
configure_file(windows/lessons.cmake.in lessons.cmake @ONLY)
set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${CMAKE_CURRENT_BINARY_DIR}/lessons.cmake)
