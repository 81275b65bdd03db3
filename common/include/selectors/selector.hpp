/// @file
/// The bag of sockets: registering, waiting, and walking what is ready.
#pragma once

#include <selectors/batch.hpp>
#include <selectors/errors.hpp>
#include <selectors/facility.hpp>
#include <selectors/key_map.hpp>
#include <selectors/key_table.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace selectors {

/// A bag of sockets that can be asked which of them are ready; the base of all selectors.
///
/// **It owns the sockets that are moved in**, closes them when it is closed or destroyed, and hands them back in
/// `unregister`. Plain numbers are only watched. Names and meanings follow Python's `selectors.BaseSelector`.
///
/// While a batch from `select` is walked, anything may be registered, modified, unregistered or closed, the very key
/// being handled too: no stale event is delivered and no reference dangles before the walk has ended.
///
/// After any throw the bag is as it was before the call. One thread at a time; not to be used in the child after
/// fork(2), which shares the kernel's state with its parent.
///
/// @tparam Data what is kept beside each descriptor: a function, a `std::optional<Connection>`, a variant, or nothing.
template <class Data = Nothing>
class BaseSelector {
 public:
  using Key = SelectorKey<Data>;  ///< What `select`, `get_key` and `get_map` speak of.

  /// A selector on the facility given.
  explicit BaseSelector(std::unique_ptr<Facility> facility) : facility_(std::move(facility)) {}

  BaseSelector(const BaseSelector&) = delete;
  BaseSelector& operator=(const BaseSelector&) = delete;
  ~BaseSelector() = default;

  /// Puts a socket into the bag, which owns it from now on.
  ///
  /// @param fileobj an open socket; it is moved from only if all goes well.
  /// @param events EVENT_READ, EVENT_WRITE or both.
  /// @param data kept beside it and given back with every event.
  /// @return the key, as `get_key` would return it.
  /// @throws ValueError if the mask is empty or unknown, the socket is empty, or the selector closed or, with
  ///   SelectSelector, the number is 1,024 or more.
  /// @throws KeyError if the number is registered already.
  /// @throws std::system_error if the kernel refuses.
  Key register_(Socket&& fileobj, EventMask events, Data data = {}) {
    Entry& entry = insert(fileobj.fileno(), events, std::move(data));
    entry.owned_fd = entry.fd;
    entry.fileobj = std::move(fileobj);
    return entry.key();
  }

  /// Watches a descriptor that somebody else owns: standard input, a pipe. Unregister it before it is closed.
  /// @param fd an open descriptor's number. Regular files are always ready.
  /// @param events EVENT_READ, EVENT_WRITE or both.
  /// @param data kept beside it and given back with every event.
  /// @return the key; its `fileobj` is empty, its `fd` the number.
  /// @throws ValueError, KeyError, std::system_error as for a socket; `EBADF` if the number is not open.
  Key register_(int fd, EventMask events, Data data = {}) { return insert(fd, events, std::move(data)).key(); }

  /// Changes what is waited for; one system call, none if the events are the same.
  /// @param fileobj a registered socket, number or key.
  /// @param events EVENT_READ, EVENT_WRITE or both.
  /// @return the key as it is now.
  /// @throws ValueError, KeyError, std::system_error as `register_`.
  Key modify(const FileObject& fileobj, EventMask events) {
    require_valid(events, fileobj.fileno());
    Entry& entry = find(fileobj, "modify");
    if (entry.events != events) {
      if (!entry.watched)
        throw KeyError("modify: fd " + std::to_string(entry.fd) + " was closed while it was registered; unregister it");
      facility_->modify(entry.fd, events);
      entry.events = events;
    }
    return entry.key();
  }

  /// Changes what is waited for and what is kept beside it.
  /// @param fileobj a registered socket, number or key.
  /// @param events EVENT_READ, EVENT_WRITE or both.
  /// @param data replaces the old data, which stays in memory until a batch being walked has ended: a callback may
  ///   replace itself.
  /// @return the key as it is now.
  /// @throws ValueError, KeyError, std::system_error as `register_`.
  Key modify(const FileObject& fileobj, EventMask events, Data data) {
    auto replacement = std::make_shared<Data>(std::move(data));
    retired_.make_room();
    modify(fileobj, events);
    Entry& entry = find(fileobj, "modify");
    retired_.keep(std::exchange(entry.data, std::move(replacement)));
    return entry.key();
  }

  /// Takes a descriptor out of the bag.
  /// @param fileobj a registered socket, number or key. A registered descriptor that was closed can be taken out too.
  /// @return the key with its socket, which is closed when the result is dropped.
  /// @throws ValueError if the selector is closed; KeyError if it is not registered.
  UnregisteredKey<Data> unregister(const FileObject& fileobj) {
    Entry& entry = find(fileobj, "unregister");
    retired_.make_room();
    retired_.keep(entry.data);
    if (entry.watched) facility_->remove(entry.fd);
    UnregisteredKey<Data> key{std::move(entry.fileobj), entry.fd, entry.events, entry.data, *entry.data};
    retired_.keep(table_.take(entry.fd));
    return key;
  }

  /// Waits until something is ready or the time has passed.
  ///
  /// @param timeout how long; for ever unless told otherwise. 0 or less only looks.
  /// @return what is ready, to be walked once. It is empty only if the time really passed: interruptions by signals
  ///   and stale events are waited over. A second `select` during a walk ends that walk.
  /// @throws ValueError if the selector is closed; std::system_error if the kernel refuses.
  [[nodiscard]] Batch<Data> select(const Timeout& timeout = {}) {
    require_open("select");
    ++turn_;
    return Batch<Data>(table_, retired_, turn_, wait(timeout));
  }

  /// The key of a registered descriptor.
  /// @throws ValueError if the selector is closed; KeyError if it is not registered.
  [[nodiscard]] Key get_key(const FileObject& fileobj) { return find(fileobj, "get_key").key(); }

  /// A live, read-only view of all keys: `size()`, `contains()`, `for (const auto& key : …)`.
  /// @throws ValueError if the selector is closed.
  [[nodiscard]] KeyMap<Data> get_map() {
    require_open("get_map");
    return KeyMap<Data>(table_);
  }

  /// Closes the selector and every socket in it. Closing twice does nothing; every other call then throws ValueError.
  void close() {
    retired_.make_room(table_.size());
    for (auto& entry : table_.take_all()) {
      entry->fileobj.close();
      retired_.keep(entry->data);
      retired_.keep(std::move(entry));
    }
    ++turn_;  // ends a walk whose events are about to go with the facility
    facility_.reset();
  }

  /// The name of the kernel's facility: `epoll`, `poll`, `select` or `kqueue`.
  [[nodiscard]] std::string name() const {
    require_open("name");
    return facility_->name();
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Entry = KeyEntry<Data>;

  std::span<const Event> wait(const Timeout& timeout) {
    const auto limit = timeout.length();
    const auto start = limit ? Clock::now() : Clock::time_point();
    Timeout left = timeout;
    while (true) {
      const auto events = facility_->wait(left);
      for (const Event& event : events)
        if (table_.find_deliverable(event, turn_) != nullptr) return events;
      if (forget_closed(events) || !limit) continue;
      left = *limit - (Clock::now() - start);
      if (*left.length() == limit->zero()) return {};
    }
  }

  Entry& insert(int fd, EventMask events, Data data) {
    require_open("register_");
    require_valid(events, fd);
    if (fd < 0) throw ValueError("register_: the socket is closed or empty (fileno " + std::to_string(fd) + ")");
    if (table_.at(fd) != nullptr) throw KeyError("register_: fd " + std::to_string(fd) + " is already registered");
    auto entry = std::make_unique<Entry>();
    entry->fd = fd;
    entry->events = events;
    entry->registered_in = turn_;
    entry->data = std::make_shared<Data>(std::move(data));
    facility_->add(fd, events);
    try {
      table_.make_room(fd);
    } catch (...) {
      facility_->remove(fd);
      throw;
    }
    return table_.put(std::move(entry));
  }

  /// Sockets that were closed or taken away in their place, and are reported all the same: nobody could ever take these
  /// events, so the wait would return at once for ever. Their keys stay until they are unregistered.
  bool forget_closed(std::span<const Event> events) {
    closed_.clear();
    for (const Event& event : events)
      if (const Entry* const entry = table_.at(event.fd); entry != nullptr && entry->is_gone())
        closed_.push_back(event.fd);
    for (const int fd : closed_) {
      facility_->remove(fd);
      table_.at(fd)->watched = false;
    }
    return !closed_.empty();
  }

  Entry& find(const FileObject& fileobj, const char* call) {
    require_open(call);
    Entry* const entry = fileobj.fileno() < 0 && fileobj.socket() != nullptr ? table_.search(*fileobj.socket())
                                                                             : table_.at(fileobj.fileno());
    if (entry == nullptr)
      throw KeyError(std::string(call) + ": fd " + std::to_string(fileobj.fileno()) + " is not registered");
    return *entry;
  }

  static void require_valid(EventMask events, int fd) {
    if (!events || (events & (EVENT_READ | EVENT_WRITE)) != events)
      throw ValueError("event mask " + std::to_string(events.bits()) + " for fd " + std::to_string(fd) +
                       ": must be EVENT_READ (1), EVENT_WRITE (2) or both (3)");
  }

  void require_open(const char* call) const {
    if (!facility_) throw ValueError(std::string(call) + ": the selector is closed");
  }

  std::unique_ptr<Facility> facility_;
  KeyTable<Data> table_;
  Retired<Data> retired_;
  std::vector<int> closed_;
  std::uint64_t turn_ = 0;
};

}  // namespace selectors
