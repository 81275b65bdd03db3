#include <lesson/terminal.hpp>

using lesson::print;

// Your predictions about echo-client: write each one in place of its "?". The check runs the program and compares.
//
// The server takes all 41 bytes, and waits until the client sleeps. Then it sends them back in three pieces, with a
// pause between them.
int main() {
  // How many lines "  ready to write" does the client print?
  print("?");

  // How many of these come after "  switching to read-only"?
  print("?");

  // How many lines "  ready to read" does it print?
  print("?");

  // Which exit status does it end with?
  print("?");

  // In another run, the server closes after the first piece. Which exit status does the client end with then?
  print("?");
}
