// Makes the calls to the system fail that the library makes. This program defines them itself, so that the library
// calls these; each goes on to the real one, or fails when it is its turn.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace libc {

/// While it lives, calls of one name made by this thread fail: the n-th, or all from the n-th on. "new" is the name of
/// an allocation, which throws std::bad_alloc. Faults that live at once all count.
class Fault {
 public:
  Fault(std::string_view call, int error, int nth, bool for_good = false);
  Fault(const Fault&) = delete;
  Fault& operator=(const Fault&) = delete;
  ~Fault();

  /// True if a call has failed.
  [[nodiscard]] bool fired() const { return fired_; }

  /// Whether a call of this name has to fail now.
  bool strikes(std::string_view call);

  /// What errno it leaves.
  [[nodiscard]] int error() const { return error_; }

  /// The one that lived when this one began.
  [[nodiscard]] Fault* outer() const { return outer_; }

 private:
  std::string_view call_;
  int error_;
  int left_;
  bool for_good_;
  bool fired_ = false;
  Fault* outer_;
};

/// While it lives, notes which calls of the system this thread makes.
class Record {
 public:
  Record();
  Record(const Record&) = delete;
  Record& operator=(const Record&) = delete;
  ~Record();

  /// Adds one.
  void note(std::string_view call);

  /// The names, in order.
  std::vector<std::string> calls;
};

}  // namespace libc
