// A Redis of a test's own, which can be stopped, killed and started again.
#pragma once

#include "../support/program.hpp"

#include <selectors/address.hpp>
#include <selectors/socket.hpp>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

namespace support {

/// A Redis server on a Unix socket in a temporary folder; both go with this object. What it acknowledges is on the
/// disk.
class Redis {
 public:
  explicit Redis(Story& story) : Redis(story, nullptr) { start(); }

  /// One that has not been started yet.
  Redis(Story& story, std::nullptr_t) : story_(story) {
    if (mkdtemp(folder_.data()) == nullptr) throw std::system_error(errno, std::system_category(), "make " + folder_);
  }
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;
  ~Redis() {
    process_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  /// Its socket.
  [[nodiscard]] std::string path() const { return folder_ + "/redis.sock"; }

  /// Starts it with what it has on the disk.
  void start() {
    process_.emplace(story_, Command("redis-server", "redis-server --port 0 --unixsocket '" + path() + "' --dir '" +
                                                         folder_ + "' --save '' --appendonly yes --appendfsync always" +
                                                         " --logfile '" + folder_ + "/log'"));
    story_.expect(story_.eventually([&] { return ask("PING") == "+PONG\r\n"; }), "Redis answers", "it does not");
  }

  /// So many nodes come to wait for what is said: they know where the stream ends now.
  void expect_readers(int count) const {
    const std::string line = "blocked_clients:" + std::to_string(count) + "\r\n";
    story_.expect(story_.eventually([&] { return ask("INFO clients").find(line) != std::string::npos; }), line,
                  ask("INFO clients"));
  }

  /// Kills it.
  void kill() {
    process_->kill_and_wait();
    process_.reset();
  }

  /// The process.
  Program& process() { return *process_; }

  /// Says a command, words between blanks, and returns the answer's first bytes. Empty if nobody answers.
  [[nodiscard]] std::string ask(const std::string& command) const {
    const auto address = selectors::Address::unix_domain(path());
    selectors::Socket socket(address.family());
    if (socket.connect_ex(address)) return "";
    socket.send(command + "\r\n");
    return socket.recv(4096).value_or("");
  }

 private:
  Story& story_;
  std::string folder_ = (std::filesystem::temp_directory_path() / "machines-XXXXXX").string();
  std::optional<Program> process_;
};

}  // namespace support
