# One set of warnings for all of our own code. They are errors in CI only (CXXFLAGS=-Werror, /WX): a student with next year's
# compiler should not be stopped by what it has learnt to see.
if(MSVC)
  add_compile_options(/W4 /permissive- /utf-8)
  add_compile_definitions(_CRT_SECURE_NO_WARNINGS) # of getenv, which is the standard's
else()
  add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow)
endif()
