# The tests of beyond/machines, where its library and Redis are.
find_program(REDIS_SERVER redis-server)
find_program(REDIS_CLI redis-cli)
if(TARGET machines AND REDIS_SERVER)
  add_executable(test-machines machines.cpp)
  target_link_libraries(test-machines PRIVATE test-support)
  target_precompile_headers(test-machines REUSE_FROM test-support)
  add_dependencies(test-machines machines)
  catch_discover_tests(test-machines TEST_PREFIX "machines/" PROPERTIES LABELS machines TIMEOUT 60)
endif()

if(TARGET machines AND REDIS_SERVER AND TESTS_PYTHON)
  # Of its members nobody can tell a node from lesson 07: the same tests, each with a Redis of its own.
  add_executable(test-machines-as-lesson-07 ../lesson-07-server.cpp)
  target_link_libraries(test-machines-as-lesson-07 PRIVATE test-support)
  target_precompile_headers(test-machines-as-lesson-07 REUSE_FROM test-support)
  add_dependencies(test-machines-as-lesson-07 machines)
  set(own_redis "'${TESTS_PYTHON}' -B '${PROJECT_SOURCE_DIR}/scripts/course/private_redis.py'")
  catch_discover_tests(test-machines-as-lesson-07 TEST_PREFIX "machines/as lesson 07/" PROPERTIES LABELS machines TIMEOUT 60
    ENVIRONMENT "CHAT_SERVER=${own_redis} '$<TARGET_FILE:chat-node>'")

  function(add_machines_test sentence file)
    add_test(NAME "machines/${sentence}"
      COMMAND ${TESTS_PYTHON} -B ${CMAKE_CURRENT_SOURCE_DIR}/${file} $<TARGET_FILE:chat-node> ${ARGN})
    set_tests_properties("machines/${sentence}" PROPERTIES LABELS machines TIMEOUT 180
      ENVIRONMENT "PYTHONPATH=${PROJECT_SOURCE_DIR}/scripts")
  endfunction()
  add_machines_test("a message is stored once even if its acknowledgement is lost and it is sent again" lost_reply.py)
  if(REDIS_CLI)
    set(kills 200)
    if(SELECTORS_SANITIZE) # which make it slow
      set(kills 40)
    endif()
    add_machines_test("${kills} kills of Redis and of nodes lose no message and repeat none and keep one order" kills.py ${kills})
  endif()
endif()
