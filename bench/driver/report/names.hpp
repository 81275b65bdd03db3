// What workloads, configurations and measures are called: in the results, in the tables and in the targets alike.
#pragma once

#include <string>
#include <vector>

namespace bench {

/// In the order in which they are measured and shown.
inline const std::vector<std::string> all_workloads = {"hot",  "dispatch", "ctl",          "echo",  "chat",
                                                       "slow", "memory",   "instructions", "calls", "growth"};

/// The contestants, in the order in which they are shown; `ours` has its variants beside it.
inline const std::vector<std::string> all_contestants = {"raw", "ours", "libevent", "libev", "libuv", "asio", "python"};

/// The same library called with a type of its own as data instead of std::function.
inline constexpr auto ours_typed = "ours, typed data";
/// The lesson's server without --quiet, its lines going to a file.
inline constexpr auto ours_lines = "ours, with lines";

/// Raw epoll, which writes as many bytes: what the lines cost at the least.
inline constexpr auto raw_lines = "raw, with lines";

/// One of ours, whichever variant.
inline bool is_ours(const std::string& contestant) { return contestant.starts_with("ours"); }

inline std::string active_of(int active, int descriptors) {
  return std::to_string(active) + " active of " + std::to_string(descriptors);
}
inline std::string descriptors(int count) { return std::to_string(count) + " descriptors"; }
inline std::string connections(int count) {
  return std::to_string(count) + (count == 1 ? " connection" : " connections");
}
inline std::string echo_of(int count, int bytes) {
  return connections(count) + ", " + std::to_string(bytes) + " bytes";
}
inline std::string members(int count) { return std::to_string(count) + " members"; }

inline constexpr auto one_deaf = "20 members that read";

inline constexpr auto per_event = "time per event";
inline constexpr auto total = "total";
inline constexpr auto requests = "requests per second";
inline constexpr auto cpu_per_request = "server CPU per request";
inline constexpr auto deliveries = "deliveries per second";
inline constexpr auto cpu_per_delivery = "server CPU per delivery";
inline constexpr auto peak_growth = "resident memory, growth at the most";
inline constexpr auto kept_per_byte = "resident memory, growth at the end per byte said";
inline constexpr auto longest_pause = "longest pause";
inline constexpr auto never_used = "never used";
inline constexpr auto after_one_echo = "after one echo each";
inline constexpr auto instructions = "instructions";
inline constexpr auto calls = "system calls";

inline constexpr auto hot_event_100 = "hot event, 100 active";
inline constexpr auto hot_event_1 = "hot event, 1 active";
inline constexpr auto dispatch_event = "dispatch event, 100 active";
inline constexpr auto ctl_descriptor = "ctl, each descriptor";
inline constexpr auto echo_request_1 = "echo request, 1 connection";
inline constexpr auto echo_request_50 = "echo request, 50 connections";
inline constexpr auto chat_delivery = "chat delivery, 100 members";

inline constexpr auto grows_hot_1 = "each event of hot, 1 active";
inline constexpr auto grows_hot_100 = "each event of hot, 100 active";
inline constexpr auto grows_ctl = "each descriptor of ctl";
inline constexpr auto grows_instructions_1 = "each event of hot, 1 active, instructions";
inline constexpr auto grows_instructions_100 = "each event of hot, 100 active, instructions";
inline constexpr auto grows_instructions_ctl = "each descriptor of ctl, instructions";
inline constexpr auto grows_calls = "each event of hot, 1 active, system calls";
inline constexpr auto grows_memory = "each descriptor that is registered, allocated";
inline std::string ours_on(const std::string& facility) { return "ours on " + facility; }

}  // namespace bench
