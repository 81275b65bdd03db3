# One set of warnings for all of our own code. They are errors in CI only (CXXFLAGS=-Werror): a student with next year's
# compiler should not be stopped by what it has learnt to see.
add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wshadow)
