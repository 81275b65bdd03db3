/// @file
/// The selector itself: it registers sockets, waits for them, and returns those that are ready.
#pragma once

#include <selectors/batch.hpp>
#include <selectors/detail/busy_loop_detector.hpp>
#include <selectors/detail/home_process.hpp>
#include <selectors/detail/key_table.hpp>
#include <selectors/detail/refusals.hpp>
#include <selectors/detail/selector_state.hpp>
#include <selectors/detail/silenced.hpp>
#include <selectors/diagnostics.hpp>
#include <selectors/errors.hpp>
#include <selectors/facility.hpp>
#include <selectors/key_map.hpp>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace selectors {

/// The base of all selectors: a bag of sockets that reports which of them are ready.
///
/// **It owns the sockets that are moved in**: it closes them when it is closed or destroyed, and `unregister` gives
/// them back. Descriptors that are registered as plain numbers are only watched. Names and meanings follow Python's
/// `selectors.BaseSelector`.
///
/// While you walk a batch from `select`, you may register, modify, unregister or close any key, including the one that
/// is being handled: no stale event is delivered, and no reference dangles before the Batch ends.
///
/// All selectors are level-triggered: what you do not take is reported again. After any throw, the selector is as it
/// was before the call. It can be neither copied nor moved, and must not be deleted through this base. When it is
/// destroyed, its sockets are closed. Descriptors that it only watches are left alone and may be closed later.
///
/// **The destructor of Data may do anything to the selector**: unregister its own key or others, register new ones,
/// select, close. It runs when its key is dropped or after `modify` has replaced the data; if a batch is being walked,
/// it runs at the end of the walk. It also runs in `close` and in the selector's own destructor. Both take the keys out
/// one by one while the selector is still open, including keys that such a destructor registers meanwhile. As in every
/// destructor, an exception there ends the program. Before you use the key of another descriptor, ask `get_map` whether
/// it is still there.
///
/// **Threads:** only one thread at a time may use a selector and the sockets in it; different threads may use different
/// selectors. From another thread or from a signal handler, Waker::wake ends a `select`.
///
/// **Fork:** the child of fork(2) shares the kernel's state with its parent, so in the child `register_`, `modify`,
/// `unregister` and `select` throw ValueError. Closing or destroying the selector in the child does not disturb the
/// parent.
///
/// @tparam Data what is kept with each descriptor: a function, a `std::optional<Connection>`, a variant, or nothing. It
///   must be movable, and default-constructible if you call `register_` without data.
template <class Data = Nothing>
class BaseSelector {
 public:
  using Key = SelectorKey<Data>;  ///< What `select`, `get_key` and `get_map` return.

  /// Makes a selector on this facility, which must not be null.
  explicit BaseSelector(std::unique_ptr<Facility> facility) : facility_(std::move(facility)) {
    if (detail::looks_for_busy_loops()) on_busy_loop(print_busy_loop);
  }

  BaseSelector(const BaseSelector&) = delete;
  BaseSelector& operator=(const BaseSelector&) = delete;
  ~BaseSelector() { close(); }

  /// Registers a socket. The selector owns it from now on.
  ///
  /// @param fileobj an open socket; it is moved from only if the call succeeds.
  /// @param events EVENT_READ, EVENT_WRITE or both. To pause a descriptor, unregister it and register it again later.
  /// @param data kept with the socket and returned with each of its events.
  /// @return the key, as `get_key` returns it.
  /// @throws ValueError if the selector is closed or inherited by fork(2), if the mask is empty or unknown, if the
  ///   socket is empty, or, with SelectSelector, if the number is 1,024 or more.
  /// @throws KeyError if the number is already registered; StaleKeyError, which is a KeyError too, if the descriptor
  ///   that was registered under this number has been closed since.
  /// @throws std::system_error if the kernel refuses.
  Key register_(Socket&& fileobj, EventMask events, Data data = {}) {
    const int fd = fileobj.fileno();
    Entry& entry = insert(fd, events, std::move(data), Owner::selector);
    entry.fileobj = std::move(fileobj);
    return entry.key(fd);
  }

  /// Registers a descriptor that somebody else owns, such as standard input or a pipe. The selector only watches it.
  /// Unregister it before you close it; otherwise it silently drops out of the wait, and its key stays. (On epoll,
  /// while a duplicate keeps it open, a number that is reported in every wait may be reported up to 64 more times.)
  /// @param fd the number of an open descriptor. Regular files are always ready.
  /// @param events EVENT_READ, EVENT_WRITE or both.
  /// @param data kept with the descriptor and returned with each of its events.
  /// @return the key; its `fileobj` is empty, and its `fd` is the number.
  /// @throws ValueError, KeyError, std::system_error as for a socket; `EBADF` if the number is not open.
  Key register_(int fd, EventMask events, Data data = {}) {
    return insert(fd, events, std::move(data), Owner::outside).key(fd);
  }

  /// Changes the events that are waited for. Costs one system call, or none if the events stay the same.
  /// @param fileobj a registered socket, number or key.
  /// @param events EVENT_READ, EVENT_WRITE or both.
  /// @return the key as it is now.
  /// @throws ValueError as `register_` does (checked first); KeyError if the descriptor is not registered;
  ///   StaleKeyError if the socket was closed or taken out of its key, or the number was closed (not checked if the
  ///   events stay the same); std::system_error if the kernel refuses.
  Key modify(const FileObject& fileobj, EventMask events) {
    if (!is_valid(events)) detail::throw_bad_mask(events, fileobj.fileno());
    const int fd = find_usable(fileobj, "modify");
    Entry& entry = *state_.table.at(fd);
    if (entry.is_gone(fd)) detail::throw_stale("modify", fd, facility_->standing(fd));
    if (entry.events() != events) {
      facility_->modify(fd, events);
      entry.set_events(events);
    }
    return entry.key(fd);
  }

  /// Changes the events that are waited for, and the data.
  /// @param fileobj a registered socket, number or key.
  /// @param events EVENT_READ, EVENT_WRITE or both.
  /// @param data replaces the old data. If a batch is being walked, the old data lives until that walk ends, so a
  ///   callback may replace itself.
  /// @return the key as it is now.
  /// @throws as `modify` without data.
  Key modify(const FileObject& fileobj, EventMask events, Data data) {
    auto replacement = std::make_unique<Data>(std::move(data));
    state_.retired.make_room_for_data();
    const int fd = modify(fileobj, events).fd;
    auto replaced = state_.table.replace_data(fd, std::move(replacement));
    const Key key = state_.table.at(fd)->key(fd);
    state_.retired.keep(std::move(replaced));  // its destructor may unregister this very key
    return key;
  }

  /// Unregisters a descriptor and gives its socket back.
  /// @param fileobj a registered socket, number or key, even if its descriptor has been closed.
  /// @return the key, which owns the socket now: dropping the key closes it.
  /// @throws ValueError if the selector is closed or inherited by fork(2); KeyError if the descriptor is not
  ///   registered.
  UnregisteredKey<Data> unregister(const FileObject& fileobj) {
    const int fd = find_usable(fileobj, "unregister");
    state_.retired.make_room_for_entries(1);
    facility_->remove(fd);
    auto entry = state_.table.take(fd);
    state_.retired.keep(entry);
    Entry& taken = *entry;
    return {std::move(taken.fileobj), fd, taken.events(), std::move(entry), taken.data()};
  }

  /// Waits until something is ready or the time has passed.
  ///
  /// @param timeout how long to wait, a duration such as `500ms`; by default forever, even if nothing is registered. 0
  ///   or less only looks.
  /// @return what is ready, to be walked once. It is empty only if the time has really passed: after a signal, or if
  ///   all events are stale, the wait goes on. A second `select` during a walk ends that walk.
  /// @throws ValueError if the selector is closed or inherited by fork(2); std::system_error if the kernel refuses.
  [[nodiscard]] Batch<Data> select(const Timeout& timeout = {}) {
    require_usable("select");
    state_.begin_select();
    const auto events = wait(timeout);
    if (state_.busy_loop) look_for_busy_loops(events);
    return Batch<Data>(state_, events);
  }

  /// Returns the key of a registered descriptor.
  /// @throws ValueError if the selector is closed; KeyError if the descriptor is not registered.
  [[nodiscard]] Key get_key(const FileObject& fileobj) {
    const int fd = find(fileobj, "get_key");
    return state_.table.at(fd)->key(fd);
  }

  /// Returns a live, read-only view of all keys: `size()`, `contains()`, `for (const auto& key : …)`.
  /// @throws ValueError if the selector is closed.
  [[nodiscard]] KeyMap<Data> get_map() {
    require_open("get_map");
    return KeyMap<Data>(state_.table);
  }

  /// Closes the selector and every socket in it. Closing it again does nothing. Afterwards every other
  /// call throws ValueError, except `counters` and `on_busy_loop`.
  void close() {
    state_.retired.make_room_for_entries(state_.table.size());
    // In a child of fork(2), the kernel's set is the parent's too, so nothing is taken out of it there.
    const bool is_ours = home_.is_here();
    for (int fd = 0; facility_ && state_.table.size() > 0;) {
      fd = state_.table.next(fd);
      if (fd >= state_.table.bound()) {
        fd = 0;  // the destructor of data may have registered a lower number
        continue;
      }
      if (is_ours) facility_->remove(fd);
      auto entry = state_.table.take(fd);
      entry->fileobj.close();
      state_.retired.keep(entry);
    }
    state_.begin_select();  // ends a walk, because its events go with the facility
    facility_.reset();
  }

  /// Returns what has been counted since the selector was made. Works on a closed selector too.
  [[nodiscard]] const Counters& counters() const noexcept { return state_.counters; }

  /// Looks for busy loops, in debug and release builds alike. `select` calls `handler` once for each registration that
  /// it finds in one. If the library was built for debugging, selectors start with print_busy_loop(). An empty handler
  /// turns the search off.
  ///
  /// The result is a hint for people: it names a descriptor that was delivered by a thousand selects in a row, within a
  /// short time, while nothing was done on its Socket or, if it has none, while the same number of bytes was waiting
  /// after each walk.
  /// @param handler must not call this selector. What it throws leaves `select`.
  void on_busy_loop(BusyLoopHandler handler) {
    state_.busy_loop = handler ? std::make_unique<detail::BusyLoopDetector>(std::move(handler)) : nullptr;
  }

  /// Returns the name of the kernel's facility: `epoll`, `poll`, `select` or `kqueue`.
  /// @throws ValueError if the selector is closed.
  [[nodiscard]] std::string name() const {
    require_open("name");
    return facility_->name();
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Entry = detail::KeyEntry<Data>;

  std::span<const Event> wait(const Timeout& timeout) {
    const auto start = timeout.length() ? Clock::now() : Clock::time_point();
    if (!silenced_.empty()) [[unlikely]]
      return wait_beside_silenced(timeout, start);
    const auto events = wait_once(timeout);
    if (concerns_anybody(events)) [[likely]]
      return events;
    return wait_again(events, timeout, start);
  }

  std::span<const Event> wait_once(const Timeout& timeout) {
    ++state_.counters.waits;
    const auto events = facility_->wait(timeout);
    state_.counters.events += events.size();
    return events;
  }

  [[gnu::noinline]] std::span<const Event> wait_beside_silenced(const Timeout& timeout, Clock::time_point start) {
    const auto events = wait_once(silenced_.give_voice(timeout, state_.table, *facility_));
    return concerns_anybody(events) ? events : wait_again(events, timeout, start);
  }

  /// Waits again for the rest of the time, after a wait that found nothing for any key.
  [[gnu::noinline]] std::span<const Event> wait_again(std::span<const Event> events, const Timeout& timeout,
                                                      Clock::time_point start) {
    while (true) {
      state_.counters.stale += events.size();
      silenced_.add(events, state_.table, *facility_);
      Timeout left = timeout;
      if (timeout.length()) {
        left = *timeout.length() - (Clock::now() - start);
        if (left.only_looks()) return {};
      }
      ++state_.counters.retries;
      events = wait_once(silenced_.give_voice(left, state_.table, *facility_));
      if (concerns_anybody(events)) return events;
    }
  }

  [[nodiscard]] bool concerns_anybody(std::span<const Event> events) const {
    for (const Event& event : events)  // nearly always the first; std::any_of would set up for many
      if (const Entry* const entry = state_.table.find_deliverable(event, state_.latest_select))
        if (!entry->fileobj.needs_rest()) return true;
    return false;
  }

  Entry& insert(int fd, EventMask events, Data&& data, Owner owner) {
    require_usable("register_");
    if (!is_valid(events)) detail::throw_bad_mask(events, fd);
    if (fd < 0) detail::throw_no_descriptor(fd);
    if (const Entry* const entry = state_.table.at(fd); entry != nullptr) refuse_again(fd, *entry);
    detail::EntryShare<Data> entry(std::make_unique<Entry>(events, owner, ++state_.now, std::move(data)));
    facility_->add(fd, events, owner);
    try {
      state_.table.make_room(fd);
    } catch (...) {
      facility_->remove(fd);
      throw;
    }
    return state_.table.put(fd, std::move(entry));
  }

  void look_for_busy_loops(std::span<const Event> events) {
    for (const Event& event : events)
      if (const Entry* const entry = state_.table.find_deliverable(event, state_.latest_select))
        state_.busy_loop->deliver({event.fd, event.mask & entry->events()}, entry->fileobj, entry->registered_at());
    state_.busy_loop->end_turn();
  }

  [[noreturn]] void refuse_again(int fd, const Entry& entry) const {
    const Standing standing = facility_->standing(fd);
    if (standing == Standing::same && !entry.is_gone(fd)) detail::throw_registered(fd);
    detail::throw_stale("register_", fd, standing);
  }

  /// Returns the number under which it is registered.
  int find(const FileObject& fileobj, const char* call) const {
    require_open(call);
    const int fd = state_.table.find(fileobj);
    if (fd < 0) detail::throw_not_registered(call, fileobj.fileno());
    return fd;
  }

  int find_usable(const FileObject& fileobj, const char* call) const {
    require_usable(call);
    return find(fileobj, call);
  }

  static bool is_valid(EventMask events) { return events && (events & (EVENT_READ | EVENT_WRITE)) == events; }

  void require_open(const char* call) const {
    if (!facility_) detail::throw_closed(call);
  }

  void require_usable(const char* call) const {
    require_open(call);
    if (!home_.is_here()) detail::throw_inherited(call);
  }

  std::unique_ptr<Facility> facility_;
  detail::SelectorState<Data> state_;
  detail::Silenced<Data> silenced_;
  detail::HomeProcess home_;
};

}  // namespace selectors
