// What the checks of the exercises share: whose program is checked, and how long it is waited for.
#pragma once

#include "../support/catch.hpp"
#include "../support/peer.hpp"
#include "../support/program.hpp"

#if __has_include(<catch2/interfaces/catch_interfaces_capture.hpp>)
#include <catch2/interfaces/catch_interfaces_capture.hpp>
#endif

#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

namespace exercise {

/// The program that is checked: EXERCISE_PROGRAM is a command line.
inline support::Command program() {
  const char* const line = std::getenv("EXERCISE_PROGRAM");
  if (line == nullptr || *line == '\0') throw std::runtime_error("EXERCISE_PROGRAM names no program to check");
  return {"your program", line};
}

/// A story that says first what it is about. EXERCISE_PATIENCE is how many milliseconds it waits at most.
inline support::Story story() {
  std::cout << "checking: " << Catch::getResultCapture().getCurrentTestName() << std::endl;
  const char* const patience = std::getenv("EXERCISE_PATIENCE");
  return support::Story(std::chrono::milliseconds(patience == nullptr ? 5000 : std::atoi(patience)));
}

/// The program has done what it can, and the peer got nothing.
inline void expect_nothing(const support::Story& story, const support::Program& program, support::Peer& peer,
                           const std::string& expected) {
  program.wait_until_idle();
  if (peer.has_input()) story.fail(expected, "this came: " + support::shown(peer.drain()));
}

/// The program sleeps while nothing happens: in a second it uses two hundredths of it at most.
inline void expect_sleep(const support::Story& story, const support::Program& program, const std::string& expected) {
  const long used = program.ticks_within(std::chrono::seconds(1));
  story.expect(used <= 2, expected, "it used " + std::to_string(used * 10) + " ms of the processor in a second");
}

}  // namespace exercise
