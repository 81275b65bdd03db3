// How the questions of the matrix are put, and the answers told in words.
#pragma once

#include "matrix.hpp"
#include "means.hpp"

#include <chrono>
#include <initializer_list>
#include <utility>

namespace matrix {

using namespace selectors;
using namespace std::chrono_literals;

/// What a call ends in: "done", or its exception.
template <class Call>
std::string outcome(const Call& call) {
  try {
    call();
  } catch (const StaleKeyError&) {
    return "StaleKeyError";
  } catch (const KeyError&) {
    return "KeyError";
  } catch (const ValueError&) {
    return "ValueError";
  } catch (const std::system_error& error) {
    return error.code() == std::errc::bad_file_descriptor ? "system_error EBADF" : error.what();
  }
  return "done";
}

/// The parts of an answer, in the order in which they were found out: that of braces is certain, that of `+` is not.
inline std::string tell(std::initializer_list<std::string> parts) {
  std::string text;
  for (const auto& part : parts) text += part;
  return text;
}

inline std::string describe(EventMask mask) {
  if (mask == EVENT_READ) return "READ";
  return mask == EVENT_WRITE ? "WRITE" : "READ+WRITE";
}

/// What one look finds: "nothing", or the data and mask of each event.
inline std::string look(Selector& selector, const Timeout& timeout = 0ms) {
  std::string seen;
  for (const auto& [key, mask] : selector.select(timeout))
    seen += (seen.empty() ? "" : ", ") + std::to_string(key.data) + " " + describe(mask);
  return seen.empty() ? "nothing" : seen;
}

/// "sleeps" if a wait of 30 ms is slept through, give or take a few turns until what nobody can take was silenced.
inline std::string rest(Selector& selector) {
  const auto before = selector.counters().waits;
  for (int i = 0; i < 2; ++i) {
    const std::string seen = look(selector, 30ms);
    if (seen != "nothing") return "reports " + seen;
  }
  return selector.counters().waits - before <= 6 ? "sleeps" : "spins";
}

}  // namespace matrix
