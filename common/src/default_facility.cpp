#include <selectors/errors.hpp>
#include <selectors/facility.hpp>

#include "candidates.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

namespace selectors {
namespace {

/// Returns true if the kernel lacks the call or a sandbox forbids it: then the next facility may still work. If
/// descriptors or memory have run out, the next one would fail as well, or soon.
bool is_refused(const std::system_error& error) {
  return error.code() == std::errc::function_not_supported || error.code() == std::errc::operation_not_permitted ||
         error.code() == std::errc::permission_denied;
}

std::unique_ptr<Facility> best_that_works() {
  for (const Candidate* candidate = candidates.begin();; ++candidate) {
    try {
      return candidate->make();
    } catch (const std::system_error& error) {
      if (!is_refused(error) || candidate + 1 == candidates.end()) throw;
    }
  }
}

}  // namespace

std::unique_ptr<Facility> default_facility() {
  const char* const wanted = std::getenv("SELECTORS_FACILITY");
  if (wanted == nullptr || *wanted == '\0') return best_that_works();
  std::string known;
  for (const Candidate& candidate : candidates) {
    if (std::string_view(wanted) == candidate.name) return candidate.make();
    known += std::string(known.empty() ? "" : ", ") + candidate.name;
  }
  throw ValueError("SELECTORS_FACILITY is '" + std::string(wanted) + "', but this build has only: " + known);
}

}  // namespace selectors
