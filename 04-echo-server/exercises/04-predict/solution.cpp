#include <lesson/terminal.hpp>

using lesson::print;

// Your predictions about echo-server: write each in place of its "?". The check runs the program and compares.
//
// One client connects, sends 2500 bytes at once, and ends its output at once, all before the server looks.
int main() {
  // How many lines "accept(…)" does the server print?
  print("1");

  // How many bytes does its first line "  received …" show?
  print("1024");

  // How many lines "  received …" does it print?
  print("3");

  // How many lines "read(…)" does it print?
  print("4");

  // How many bytes does the client get back?
  print("2500");

  // Which line does the server print last?
  print("shutting down");
}
