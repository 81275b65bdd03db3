// What is the same each time: instructions and system calls, counted from outside.
#pragma once

#include "contestants.hpp"
#include "servers.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>

namespace bench {

/// What is counted: a workload of a contestant with a fixed number of units in each turn.
struct Counted {
  std::string configuration;
  std::string words;  ///< Without the turns.
  int units;          ///< Events, or descriptors, in a turn.
  int few;
  int many;
};

/// The same for the instructions and the calls of every contestant.
const std::vector<Counted>& counted_loops();

/// Why it cannot be counted here; empty if it can.
std::string no_callgrind();
std::string no_strace();

/// Instructions in user space for each unit.
/// @param facility what SELECTORS_FACILITY says to ours; empty for the best here.
double instructions_of(const Contestant& contestant, const Counted& what, const std::string& facility = {});

/// System calls by their names, and all of them under `calls`, for each unit.
using Calls = std::map<std::string, double>;

Calls calls_of(const Contestant& contestant, const Counted& what, const std::string& facility = {});

/// What is counted of a server: two talks with it that differ in their turns.
struct Talk {
  std::string configuration;
  std::function<void(Service&, std::size_t turns)> hold;
  std::size_t turns;  ///< By so many they differ.
  std::size_t units;  ///< Requests, or deliveries, in a turn.
};

/// One connection asks, or fifty at once.
Talk echo_talk(std::size_t connections);

/// Of a hundred members four say four messages each at once.
Talk chat_talk();

/// The same for each unit of a talk.
double instructions_of(const ServerUnderTest& server, const Talk& talk);
Calls calls_of(const ServerUnderTest& server, const Talk& talk);

}  // namespace bench
