# The tests of beyond/coroutines: those of lesson 06's callback server, and its own.
add_lesson_tests(coroutines-echo coroutines SOURCE ../lesson-06-servers.cpp PROGRAM ECHO_COROUTINES NAME echo-coroutines)
add_lesson_tests(coroutines coroutines SOURCE echo-coroutines.cpp)
target_sources(test-coroutines PRIVATE scheduler.cpp)
target_link_libraries(test-coroutines PRIVATE coroutines-support)
