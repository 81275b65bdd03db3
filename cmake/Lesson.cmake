# A lesson is a folder with programs in it, one source file each, and a target of the folder's name that builds them.
# It configures alone (cmake -S 04-echo-server -B build/04) or as a part of the whole; its programs are found under the
# build folder at the same place either way: 04-echo-server/echo-server, and `talk` beside the folder. ($<1:…> keeps Visual
# Studio and Xcode from putting them into a folder Debug/ of their own.)
include_guard(GLOBAL)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
include(${CMAKE_CURRENT_LIST_DIR}/Warnings.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/Sanitizers.cmake)

if(NOT TARGET selectors::selectors)
  add_subdirectory(${CMAKE_CURRENT_LIST_DIR}/../common ${CMAKE_BINARY_DIR}/common)
  add_subdirectory(${CMAKE_CURRENT_LIST_DIR}/../common/lesson ${CMAKE_BINARY_DIR}/lesson-support)
endif()

function(add_lesson)
  get_filename_component(lesson ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  file(RELATIVE_PATH folder ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/.. ${CMAKE_CURRENT_SOURCE_DIR})
  add_custom_target(${lesson} ALL)
  add_dependencies(${lesson} talk)
  foreach(program IN LISTS ARGN)
    add_executable(${program} ${program}.cpp)
    target_link_libraries(${program} PRIVATE selectors::selectors lesson-support)
    set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY $<1:${CMAKE_BINARY_DIR}/${folder}>)
    add_dependencies(${lesson} ${program})
  endforeach()
endfunction()

# leave_out_lesson(LIBRARY PACKAGE): a lesson whose library is not there is left out of the whole, with a word; where it
# is configured alone, it cannot be.
function(leave_out_lesson library package)
  get_filename_component(lesson ${CMAKE_CURRENT_SOURCE_DIR} NAME)
  set(why "beyond/${lesson} needs ${library}, which is not here (Debian: apt-get install ${package})")
  if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)
    message(FATAL_ERROR "${why}")
  endif()
  message(STATUS "${why}, so it is left out")
endfunction()
