#include <lesson/terminal.hpp>

using lesson::print;

// Your predictions about blocking-accept: write each one in place of its "?". The check runs the program and compares.
int main() {
  // The program has started, and no client has connected yet. Which line did it print last?
  print("?");

  // A client connects. Which line does it print next?
  print("?");

  // Which exit status does it end with?
  print("?");

  // After that, a second client tries to connect. Is it "connected" or "refused"?
  print("?");

  // The program is started again. Two clients connect at the same moment. How many of them does it accept?
  print("?");
}
