#include <lesson/terminal.hpp>

using lesson::print;

// Your predictions about blocking-accept: write each in place of its "?". The check runs the program and compares.
int main() {
  // It was started, and nobody has connected yet. Which line did it print last?
  print("About to accept:");

  // A client connects. Which line does it print next?
  print("Call to `accept` returned.");

  // Which exit status does it end with?
  print("0");

  // A second client tries to connect then. Is it "connected" or "refused"?
  print("refused");

  // Start it again. Two clients connect at the same moment. How many of them does it accept?
  print("1");
}
