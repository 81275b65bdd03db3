# SELECTORS_SANITIZE=address,undefined builds everything under these sanitizers; each finding ends the program.
set(SELECTORS_SANITIZE "" CACHE STRING "Sanitizers to build with, for instance address,undefined or thread")
if(SELECTORS_SANITIZE)
  # The check of vptrs opens a pipe to see whether memory can be read, and raises a false alarm in the tests in which no
  # descriptor is left.
  add_compile_options(-fsanitize=${SELECTORS_SANITIZE} -fno-sanitize=vptr -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SELECTORS_SANITIZE})
endif()
