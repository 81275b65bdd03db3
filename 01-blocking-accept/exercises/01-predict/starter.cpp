#include <lesson/terminal.hpp>

using lesson::print;

// Your predictions about blocking-accept: write each in place of its "?". The check runs the program and compares.
int main() {
  // It was started, and nobody has connected yet. Which line did it print last?
  print("?");

  // A client connects. Which line does it print next?
  print("?");

  // Which exit status does it end with?
  print("?");

  // A second client tries to connect then. Is it "connected" or "refused"?
  print("?");

  // Start it again. Two clients connect at the same moment. How many of them does it accept?
  print("?");
}
