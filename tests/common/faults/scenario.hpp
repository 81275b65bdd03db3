// One use of the library, tried with each of the calls that it makes failing in turn.
#pragma once

#include <selectors/selectors.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace faults {

/// Does something while a call may fail, and says what came of it: what it returned, "errno N" for a std::system_error,
/// "connection N" for a ConnectionError, or the name of another exception.
using Attempt = std::function<std::string(const std::function<std::string()>&)>;

/// What fails.
struct Failure {
  std::string call;
  int error;      ///< The errno that it leaves.
  bool for_good;  ///< All later calls fail as well.
};

/// Prepares something, attempts it, and checks that all else is as it has to be: afterwards it must work.
struct Scenario {
  std::string name;
  std::function<std::string(const Attempt&)> run;
  /// What has to come of it; "" stands for "errno N", "never" for what the kernel cannot answer here.
  std::function<std::string(const Failure&)> expected;
};

using MakeFacility = std::function<std::unique_ptr<selectors::Facility>()>;

std::vector<Scenario> of_keys(const MakeFacility& make);
std::vector<Scenario> of_waiting(const MakeFacility& make);
std::vector<Scenario> of_pipes();
std::vector<Scenario> of_sockets();

}  // namespace faults
