# One set of warnings for all of our own code. SELECTORS_WERROR makes them errors, which CI asks for and a student
# with next year's compiler does not.
option(SELECTORS_WERROR "Treat compiler warnings as errors" OFF)
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow)
if(SELECTORS_WERROR)
  add_compile_options(-Werror)
endif()
