// A file for what another program writes.
#pragma once

#include "descriptor.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace support {

/// An empty file in the folder for temporary ones; it goes with this object.
class Scratch {
 public:
  /// @throws std::system_error if it cannot be made.
  Scratch() : path_((std::filesystem::temp_directory_path() / "selectors-XXXXXX").string()) {
    const int fd = not_inherited(mkstemp(path_.data()));
    if (fd < 0) throw std::system_error(errno, std::system_category(), "make the temporary file " + path_);
    close(fd);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace support
