#pragma once

#include "contestant.hpp"

#include <uv.h>

#include <cerrno>
#include <string>

namespace bench {

/// Returns the result of a libuv call, if it is not an error (a negative number); else ends the program.
inline int uv_checked(int answer, const char* what) {
  if (answer < 0) {
    errno = -answer;
    fail(what);
  }
  return answer;
}

/// A loop that closes the handles that are left in it. The owner of the handles must outlive it.
class Loop {
 public:
  Loop() { uv_checked(uv_loop_init(&loop_), "uv_loop_init"); }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  ~Loop() {
    const auto close_handle = [](uv_handle_t* handle, void*) {
      if (!uv_is_closing(handle)) uv_close(handle, nullptr);
    };
    uv_walk(&loop_, close_handle, nullptr);
    uv_run(&loop_, UV_RUN_DEFAULT);
    uv_loop_close(&loop_);
  }

  [[nodiscard]] uv_loop_t* get() { return &loop_; }

 private:
  uv_loop_t loop_{};
};

}  // namespace bench
