#include <lesson/terminal.hpp>

using lesson::print;

// Your predictions about echo-server: write each one in place of its "?". The check runs the program and compares.
//
// One client connects, sends 2500 bytes at once, and finishes sending, all before the server looks.
int main() {
  // How many lines "accept(…)" does the server print?
  print("?");

  // How many bytes does its first line "  received …" show?
  print("?");

  // How many lines "  received …" does it print?
  print("?");

  // How many lines "read(…)" does it print?
  print("?");

  // How many bytes does the client get back?
  print("?");

  // Which line does the server print last?
  print("?");
}
