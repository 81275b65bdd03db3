#!/usr/bin/env python3
"""Breaks the library in many small ways, and checks each time that the tests notice.

    tests/mutations.py [NUMBER...]      all, or those with these numbers
    tests/mutations.py --texts          breaks nothing: only checks that each text is still in its file

Each mutation replaces one text in one file of a copy under build/mutations, builds the group of tests named beside it
under AddressSanitizer, and runs it: it has to fail. Ends with 1 if a mutation survives. Needs g++, cmake and ninja; the
groups `calls` and `instructions` need strace and valgrind too.
"""
import collections
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
COPY = ROOT / "build" / "mutations"

INCLUDE = "common/include/selectors/"
SRC = "common/src/"
POSIX = SRC + "posix/"

# group of tests, what is broken, file, text, its replacement
MUTATIONS = [
    ("keys", "an empty mask is accepted", INCLUDE + "selector.hpp", "return events && (events", "return (events"),
    ("keys", "a number is registered twice", INCLUDE + "selector.hpp", "entry != nullptr) refuse_again(fd, *entry);", "false) refuse_again(fd, *entry);"),
    ("keys", "a socket is not taken over", INCLUDE + "selector.hpp", "entry.fileobj = std::move(fileobj);", ""),
    ("keys", "close leaves the sockets open", INCLUDE + "selector.hpp", "entry->fileobj.close();", "entry->fileobj.detach();"),
    ("keys", "a key taken out still counts", INCLUDE + "detail/key_table.hpp", "--count_;", ""),
    ("keys", "a closed socket is not found by its object", INCLUDE + "detail/key_table.hpp", "return slot && &slot->fileobj == fileobj.socket();", "return slot && slot->fileobj.fileno() == fileobj.fileno() && false;"),
    ("keys", "modify forgets the new data", INCLUDE + "selector.hpp", "auto replaced = state_.table.replace_data(fd, std::move(replacement));", "detail::ReplacedData<Data> replaced(replacement.release(), {});"),
    ("keys", "select takes one number too many", POSIX + "select.cpp", "if (fd >= FD_SETSIZE)", "if (fd > FD_SETSIZE)"),
    ("keys", "poll accepts a closed number", POSIX + "poll.cpp", "const Identity identity = require_open_fd(fd);", "const Identity identity = look_up(fd).value_or(Identity{});"),
    ("keys", "SELECTORS_FACILITY is ignored", SRC + "default_facility.cpp", "wanted == nullptr", "true || wanted == nullptr"),
    ("waiting", "poll loses the place of the last when one goes", POSIX + "poll.cpp", "place_[static_cast<std::size_t>(number(polled_[place]))] = place;", ""),
    ("waiting", "select counts both directions always", POSIX + "select.cpp", "left -= (mask & EVENT_READ ? 1 : 0) + (mask & EVENT_WRITE ? 1 : 0);", "left -= 2;"),
    ("waiting", "epoll stops at a full buffer", POSIX + "epoll.cpp", "while (count == room_)", "while (count > room_)"),
    ("waiting", "a hang-up is not readable", POSIX + "poll.cpp", "if (ready & ~POLLOUT) mask |= EVENT_READ;", "if (ready & POLLIN) mask |= EVENT_READ;"),
    ("waiting", "what nobody can take is not silenced", INCLUDE + "selector.hpp", "      silenced_.add(events, state_.table, *facility_);\n", ""),
    ("matrix", "poll serves the stranger under a reused number", POSIX + "poll.cpp", "(polled.revents & POLLNVAL) || standing_of(polled.fd, identities_[place]) != Standing::same", "polled.revents & POLLNVAL"),
    ("matrix", "select serves the stranger under a reused number", POSIX + "select.cpp", "if (standing_of(fd, identity) == Standing::same)\n", "if (true)\n"),
    ("matrix", "a hang-up counts as readable only on epoll", POSIX + "epoll.cpp", "if (ready & ~std::uint32_t{EPOLLIN})", "if (ready & ~std::uint32_t{EPOLLIN | EPOLLHUP})"),
    ("random", "a hang-up counts as readable only on poll", POSIX + "poll.cpp", "if (ready & ~POLLIN) mask", "if (ready & ~(POLLIN | POLLHUP)) mask"),
    ("matrix", "a socket that was put back into its place stays silent", INCLUDE + "selector.hpp", "const auto events = wait_once(silenced_.give_voice(timeout, state_.table, *facility_));", "const auto events = wait_once(timeout);"),
    ("matrix", "a fork goes unnoticed", INCLUDE + "selector.hpp", "if (!home_.is_here())", "if (false)"),
    ("matrix", "epoll keeps what was closed while a duplicate lives", POSIX + "epoll.cpp", "if (control(EPOLL_CTL_DEL, fd, 0) < 0) rebuild_is_due_ = true;", "control(EPOLL_CTL_DEL, fd, 0);"),
    ("matrix", "epoll never looks at a number that was closed outside", POSIX + "epoll.cpp", "return outsiders_.contains(fd) &&", "return false &&"),
    ("matrix", "a stale key is called registered already", INCLUDE + "selector.hpp", "if (standing == Standing::same && !entry.is_gone(fd)) detail::throw_registered", "if (true) detail::throw_registered"),
    ("matrix", "epoll leaves a reused number without its name", POSIX + "epoll.cpp", "if (errno == ENOENT) detail::throw_stale", "if (false) detail::throw_stale"),
    ("matrix", "epoll refuses /dev/null", POSIX + "epoll.cpp", "else if (errno == EPERM)", "else if (errno == ENOTTY)"),
    ("waiting", "a closed file is reported forever", POSIX + "always_ready.hpp", "file.events && standing_of(file.fd, file.identity) != Standing::same", "false"),
    ("batch", "a number reused in a batch gets its former owner's event", INCLUDE + "detail/key_table.hpp", "entry != nullptr && entry->registered_at() < selected_at ?", "entry != nullptr ?"),
    ("batch", "what was turned away from its event gets it", INCLUDE + "detail/key_table.hpp", " && (event.mask & entry->events()) ?", " ?"),
    ("batch", "a socket closed in its place gets its event", INCLUDE + "detail/key_table.hpp", "!entry->is_gone(event.fd) && ", ""),
    ("batch", "an inner select does not end the walk around it", INCLUDE + "detail/selector_state.hpp", "if (latest_select != selected_at) return end;", ""),
    ("batch", "what is replaced is freed under its own call", INCLUDE + "detail/selector_state.hpp", "if (walks_ > 0) data_.push_back(std::move(data));", "data.reset();"),
    ("ending_data", "replaced data does not keep the entry that it is in", INCLUDE + "detail/key_entry.hpp", "entry_->shares_.fetch_add(1, std::memory_order_relaxed);", ""),
    ("batch", "what is unregistered is freed under its own call", INCLUDE + "detail/selector_state.hpp", "if (walks_ > 0) entries_.push_back(entry.share());", ""),
    ("batch", "close does not end a walk", INCLUDE + "selector.hpp", "state_.begin_select();  // ends a walk", "// ends a walk"),
    ("batch", "a registration in a walk goes unnoticed", INCLUDE + "selector.hpp", "owner, ++state_.now,", "owner, state_.now,"),
    ("ending_data", "replaced data ends before the key that modify returns is made", INCLUDE + "selector.hpp", "    const Key key = state_.table.at(fd)->key(fd);\n    state_.retired.keep(std::move(replaced));  // its destructor may unregister this very key\n    return key;", "    state_.retired.keep(std::move(replaced));\n    return state_.table.at(fd)->key(fd);"),
    ("ending_data", "close takes what was there at its start and no more", INCLUDE + "selector.hpp", "        fd = 0;  // the destructor of data may have registered a lower number\n        continue;", "        break;"),
    ("ending_data", "the selector's end leaves its keys to their members' order", INCLUDE + "selector.hpp", "~BaseSelector() { close(); }", "~BaseSelector() = default;"),
    ("waiting", "epoll reports from a buffer that has moved", POSIX + "epoll.cpp", "    const std::size_t reported = wait_for_the_kernel(timeout);  // may move events_\n    return std::span(events_).first(reported);", "    return std::span(events_).first(wait_for_the_kernel(timeout));"),
    ("random", "a batch of stale events only is returned", INCLUDE + "selector.hpp", "if (!entry->fileobj.needs_rest()) return true;\n    return false;", "if (!entry->fileobj.needs_rest()) return true;\n    return !events.empty();"),
    ("random", "a new epoll set forgets the others", POSIX + "epoll.cpp", "if (copy_to(fresh.fileno()))", "if (fresh.fileno() > 0)"),
    ("random", "epoll forgets what modify set", POSIX + "epoll.cpp", "    watched_[static_cast<std::size_t>(fd)] = wanted(events);\n  }", "  }"),
    ("random", "epoll reports edges only", POSIX + "epoll.cpp", "return ((events & EVENT_READ)", "return EPOLLET | ((events & EVENT_READ)"),
    ("random", "select keeps watching what was removed", POSIX + "select.cpp", "    set(fd, {});\n    watched_.erase", "    watched_.erase"),
    ("random", "a retired key is freed when an inner walk ends", INCLUDE + "detail/selector_state.hpp", "if (--walks_ > 0 ||", "if (--walks_ < 0 ||"),
    ("time", "timeouts are cut to milliseconds", POSIX + "to_timespec.hpp", "return {seconds.count(), (length - seconds).count()};", "return {seconds.count(), (length - seconds).count() / 1'000'000 * 1'000'000};"),
    ("time", "stopped time does not count on poll", POSIX + "poll.cpp", "const int count = limit == 0 ? 0 : wait_milliseconds(limit);\n    return count == 0 && whole.count() == limit ? wait_finely(*timeout.length() - whole) : count;", "return wait_finely(*timeout.length());"),
    ("time", "stopped time does not count on select", POSIX + "select.cpp", "const bool has_alarm = alarm >= 0 && alarm < FD_SETSIZE;", "const bool has_alarm = alarm == -2;"),
    ("time", "a signal ends the wait", INCLUDE + "selector.hpp", "if (left.only_looks()) return {};", "return {};"),
    ("time", "a signal starts the wait anew", INCLUDE + "selector.hpp", "left = *timeout.length() - (Clock::now() - start);", "left = Clock::now() - start >= *timeout.length() ? Timeout(Clock::duration::zero()) : timeout;"),
    ("time", "epoll sleeps in whole milliseconds", POSIX + "epoll.cpp", "bool has_pwait2_ = true;", "bool has_pwait2_ = false;"),
    ("matrix", "a huge timeout wraps around", INCLUDE + "facility.hpp", "length_ = century;", "length_ = std::chrono::nanoseconds::zero();"),
    ("diagnostics", "waits are not counted", INCLUDE + "selector.hpp", "++state_.counters.waits;", ""),
    ("diagnostics", "stale events are not counted", INCLUDE + "detail/selector_state.hpp", " ++counters.stale;", ";"),
    ("diagnostics", "retries are not counted", INCLUDE + "selector.hpp", "++state_.counters.retries;", ""),
    ("diagnostics", "a socket that is served is taken for a busy loop", SRC + "diagnostics.cpp", "sight.turn + 1 == turn_ && sight.uses == fileobj.uses();", "sight.turn + 1 == turn_;"),
    ("diagnostics", "a pipe that is read is taken for a busy loop", SRC + "diagnostics.cpp", "if (waiting_bytes(event) != bytes)", "if (false)"),
    ("diagnostics", "a busy loop is reported again and again", SRC + "diagnostics.cpp", "sight.reported = true;", ""),
    ("threads", "wake does nothing", SRC + "waker.cpp", "if (woken_.exchange(true)) return;", "if (!woken_.exchange(true)) return;"),
    ("threads", "wakes after a clear are lost", SRC + "waker.cpp", "  woken_.exchange(false);", "  //"),
    ("threads", "each wake is a byte", SRC + "waker.cpp", "if (woken_.exchange(true)) return;", "woken_.exchange(true);"),
    ("threads", "wake spoils errno", SRC + "waker.cpp", "errno = saved;", ""),
    ("threads", "selectors share what they found", POSIX + "epoll.cpp", "  std::vector<Event> events_ = std::vector<Event>(ready_.size());", "  static inline std::vector<Event> events_ = std::vector<Event>(256);"),
    ("faults", "a facility's descriptor leaks", POSIX + "descriptor.hpp", "if (fd_ >= 0) close(fd_);", ""),
    ("faults", "what cannot be looked at is taken for closed", POSIX + "identity.hpp", "errno == EBADF ? Standing::closed : Standing::same", "Standing::closed"),
    ("faults", "accept gives up at a connection that has gone", SRC + "socket_listening.cpp", "      case ECONNABORTED:", "      // case ECONNABORTED:"),
    ("faults", "accept throws when descriptors run out", SRC + "socket_listening.cpp", "      case EMFILE:\n      case ENFILE:\n", "      case -1:\n"),
    ("faults", "an interrupted look counts", POSIX + "poll.cpp", "return retried([&] { return wait_milliseconds(0); });", "return wait_milliseconds(0);"),
    ("faults", "a facility that is refused is not replaced", SRC + "default_facility.cpp", "if (!is_refused(error) ||", "if (true ||"),
    ("faults", "accept without memory is asked again at once", SRC + "socket_listening.cpp", "  needs_rest_ = true;\n", ""),
    ("faults", "a set that was copied in part is used", POSIX + "epoll.cpp", "if (control(fresh, EPOLL_CTL_ADD, fd, events) < 0) return false;", "control(fresh, EPOLL_CTL_ADD, fd, events);"),
    ("faults", "former signal handlers are not restored", POSIX + "signal_pipe.cpp", "sigaction(former_.back().signal, &former_.back().action, nullptr);", ""),
    ("faults", "a failed registration stays in the kernel", INCLUDE + "selector.hpp", "      facility_->remove(fd);\n      throw;", "      throw;"),
    ("faults", "a failed modify is remembered", INCLUDE + "selector.hpp", "      facility_->modify(fd, events);\n      entry.set_events(events);", "      entry.set_events(events);\n      facility_->modify(fd, events);"),
    ("faults", "a listening socket's failed reserve is ignored", SRC + "socket_listening.cpp", 'checked(os::open_spare(), [&] { return on_fd("keep a descriptor in reserve to listen", fd_); })', "os::open_spare()"),
    ("socket", "a closed peer kills with SIGPIPE", POSIX + "os.hpp", "size, send_flags)", "size, 0)"),
    ("turned_away", "each client that is turned away is a line", SRC + "turned_away.cpp", "return now.count() >= incident_ends", "return now.count() >= 0 || now.count() >= incident_ends"),
    ("turned_away", "only the first incident is reported", SRC + "turned_away.cpp", "quiet_for = std::chrono::seconds(1)", "quiet_for = std::chrono::hours(1)"),
    ("socket", "a connection to itself is taken for one", SRC + "socket_connecting.cpp", "if (!meets_itself(fd)) return {};", "if (!meets_itself(fd) || fd >= 0) return {};"),
    ("socket", "a socket pair is taken for a connection to itself", SRC + "socket_connecting.cpp", "if (own.storage.ss_family != AF_INET && own.storage.ss_family != AF_INET6) return false;", ""),
    ("socket", "would-block is thrown", SRC + "socket.cpp", "if (errno == EAGAIN || errno == EWOULDBLOCK) return std::nullopt;", ""),
    ("socket", "a socket is inherited by what is started", POSIX + "os.cpp", "stream = SOCK_STREAM | SOCK_CLOEXEC;", "stream = SOCK_STREAM;"),
    ("socket", "a reset is no ConnectionError", SRC + "socket.cpp", "throw ConnectionError(error, on_fd(call, fd));", "throw std::system_error(error, on_fd(call, fd));"),
    ("socket", "assigning to a socket leaks what it held", INCLUDE + "socket.hpp", "    if (this == &other) return *this;\n    close();", "    if (this == &other) return *this;"),
    ("allocations", "select allocates", INCLUDE + "selector.hpp", "    const auto events = wait(timeout);", "    const auto extra = std::make_unique<int>(1);\n    const auto events = wait(timeout);"),
    ("calls", "modify calls the kernel for nothing", INCLUDE + "selector.hpp", "if (entry.events() != events) {", "if (entry.events() == events || entry.events() != events) {"),
    ("instructions", "a look-up is slow", INCLUDE + "detail/key_table.hpp", "    Entry* const entry = slots_[slot_of(event.fd)].get();", "    for (volatile int i = 0; i < 5; ++i) continue;\n    Entry* const entry = slots_[slot_of(event.fd)].get();"),
]

# group: target, command, whether it is measured (and so built without sanitizer, but optimised)
COMMON = ["tests/test-common", "--filenames-as-tags"]
GROUPS = {name: ("test-common", COMMON + [f"[#{name}]"], False)
          for name in ("keys", "waiting", "matrix", "batch", "ending_data", "random", "time", "diagnostics", "socket", "turned_away")}
GROUPS["threads"] = ("test-threads", ["tests/test-threads"], False)
GROUPS["faults"] = ("test-faults", ["tests/common/faults/test-faults"], False)
GROUPS["allocations"] = ("test-cost", ["tests/test-cost"], True)
for kind, name in (("kernel-calls", "calls"), ("instructions", "instructions")):
    GROUPS[name] = ("cost-probe", [sys.executable, "-B", str(COPY / "source/tests/common/cost/check.py"), kind, "tests/cost-probe", f"cost/{kind}"], True)


def configure(source, build, *options):
    subprocess.run(["cmake", "-G", "Ninja", "-S", source, "-B", build, *options], check=True, stdout=subprocess.DEVNULL)


def build_dir(measured):
    return COPY / ("measured" if measured else "checked")


def run(group):
    """The last line of what the group's build or tests say if they fail, else nothing."""
    target, command, measured = GROUPS[group]
    build = build_dir(measured)
    made = subprocess.run(["cmake", "--build", build, "--target", target], capture_output=True, text=True, check=False)
    if made.returncode:
        sys.exit(f"this mutation does not compile:\n{made.stdout[-2000:]}")
    if "/" in command[0] and not command[0].startswith("/"):
        command = [str(build / command[0]), *command[1:]]
    (build / "cost").mkdir(exist_ok=True)
    environment = dict(os.environ, SELECTORS_STEPS="200000", SELECTORS_NO_SKIP="1")
    try:
        test = subprocess.run(command, cwd=build, capture_output=True, text=True, errors="replace", timeout=60, env=environment,
                              check=False)
    except subprocess.TimeoutExpired:
        return "hangs"
    if test.returncode == 0:
        return ""
    said = [line for line in (test.stdout + test.stderr).splitlines() if line.startswith(("test cases:", "SUMMARY:"))]
    return said[-1] if said else f"ends with {test.returncode}"


def require_texts():
    drifted = [f"{number}: {file} has this {count} times: {text!r}"
               for number, (_, _, file, text, _) in enumerate(MUTATIONS, 1)
               if (count := (ROOT / file).read_text().count(text)) != 1]
    if drifted:
        sys.exit("\n".join(drifted))


def main():
    require_texts()
    if sys.argv[1:] == ["--texts"]:
        print(f"{len(MUTATIONS)} mutations, and each finds its text")
        return 0
    wanted = [int(argument) for argument in sys.argv[1:]] or range(1, len(MUTATIONS) + 1)
    source = COPY / "source"
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    for file in files:  # only what differs: else everything would be built anew
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        if not (source / file).exists() or (source / file).read_bytes() != (ROOT / file).read_bytes():
            shutil.copy(ROOT / file, source / file)
    configure(source, build_dir(False), "-DCMAKE_BUILD_TYPE=Debug", "-DSELECTORS_SANITIZE=address,undefined")
    configure(source, build_dir(True), "-DCMAKE_BUILD_TYPE=RelWithDebInfo")
    for group in sorted({MUTATIONS[number - 1][0] for number in wanted}):
        if said := run(group):
            sys.exit(f"{group} fails already: {said}")
    caught = collections.Counter()
    survivors = 0
    for number in wanted:
        group, what, file, text, replacement = MUTATIONS[number - 1]
        path = source / file
        original = path.read_text()
        path.write_text(original.replace(text, replacement))
        said = run(group)
        path.write_text(original)
        caught[group] += bool(said)
        survivors += not said
        print(f"{number:2} {group:12} {'caught  ' if said else 'SURVIVED'} {what}: {said}", flush=True)
    print(f"{sum(caught.values())} caught, {survivors} survived: " + ", ".join(f"{g} {n}" for g, n in caught.items()))
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
