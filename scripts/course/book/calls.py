"""Why each call is there: one sentence for each kind of call that the traces of the lessons hold. A kind that has no
sentence here, or a sentence that no trace needs any more, ends the build of the book."""

from course.book.run import Names, only_looks
from course.trace.event import Event

# kind: (its page in section 2 of the manual, or 7 for signals; what makes it in the program; why it is there)
SENTENCES = {
    "socket": ("socket", "`Socket(family)`", "Makes one end of a connection that is still to come; the program knows it "
               "by the number that comes back."),
    "setsockopt SO_REUSEADDR": ("setsockopt", "`set_reuse_address`", "Lets a second run have the port at once, although "
                                "the kernel still remembers connections of the first."),
    "setsockopt TCP_NODELAY": ("setsockopt", "`set_no_delay`", "Sends small pieces at once, although the other side has not "
                               "acknowledged what went before."),
    "setsockopt TCP_KEEPIDLE": ("setsockopt", "`set_keep_alive`", "After so many seconds of silence the kernel asks whether "
                                "the other side is still there."),
    "setsockopt TCP_KEEPINTVL": ("setsockopt", "`set_keep_alive`", "So many seconds lie between two such questions."),
    "setsockopt TCP_KEEPCNT": ("setsockopt", "`set_keep_alive`", "After so many questions without an answer the connection "
                               "ends with an error."),
    "setsockopt SO_KEEPALIVE": ("setsockopt", "`set_keep_alive`", "Turns these questions on."),
    "setsockopt TCP_USER_TIMEOUT": ("setsockopt", "`set_user_timeout`", "How many milliseconds the other side has to "
                                    "acknowledge what was sent; then the connection ends with an error."),
    "bind": ("bind", "`bind`", "Gives the socket the address at which clients will look for it."),
    "listen": ("listen", "`listen`", "From here on clients can connect; up to 128 of them wait in the backlog until they "
               "are accepted."),
    "openat /dev/null": ("openat", "`listen`, inside", "Keeps one descriptor in reserve, for the day on which there is no "
                         "free one left to accept a client with."),
    "getsockname": ("getsockname", "`getsockname`", "Asks which port it became: with port 0 the kernel chooses."),
    "getsockname of a connection": ("getsockname", "`connect`, inside", "Asks for this end's own address."),
    "getpeername of a connection": ("getpeername", "`connect`, inside", "Asks for the other end's address. If both are the "
                                    "same, the socket has connected to itself, and no server is there."),
    "fcntl O_NONBLOCK": ("fcntl", "`setblocking(false)`", "Turns sleeping off for this socket: a call that would have to "
                         "wait answers EAGAIN instead."),
    "epoll_create1": ("epoll_create", "`DefaultSelector`", "Makes the bag of sockets, which lives in the kernel."),
    "epoll_ctl ADD": ("epoll_ctl", "`register_`", "Puts a descriptor into the bag and says what to wait for: EPOLLIN is "
                      "`EVENT_READ`, EPOLLOUT is `EVENT_WRITE`."),
    "epoll_ctl MOD": ("epoll_ctl", "`modify`", "Waits for something else from now on; here it stops asking for room to "
                      "write."),
    "epoll_ctl MOD, as before": ("epoll_ctl", "`select`, inside", "Changes nothing: the bag does not own this "
                                 "descriptor, so the selector makes sure that it is still the same file before it "
                                 "reports it."),
    "epoll_ctl DEL": ("epoll_ctl", "`unregister`", "Takes the descriptor out of the bag."),
    "epoll_wait": ("epoll_wait", "`select()`", "The one place where the program sleeps, as long as it takes (-1). It "
                   "returns with what is ready, and how many that are."),
    "epoll_wait EINTR": ("epoll_wait", "`select()`", "A signal came while it slept, and nothing was ready."),
    "epoll_pwait2": ("epoll_wait", "`select(1s)`", "The one place where the program sleeps, for a second at most. It "
                     "returns with what is ready, and how many that are."),
    "epoll_pwait2, no time": ("epoll_wait", "`select(0s)`", "Asks what is ready at this moment and does not sleep: the "
                              "time to wait is 0."),
    "sched_yield": ("sched_yield", "`std::this_thread::yield`", "Lets another program have the processor first, if one "
                    "waits for it."),
    "accept4": ("accept", "`accept`", "Takes the first client of the queue; the number that comes back is a new socket "
                "for this one client."),
    "accept4 blocking": ("accept", "`accept`", "The queue is empty, so the program sleeps here until a client connects; "
                         "then a new socket for it comes back."),
    "connect": ("connect", "`connect`", "Goes to the server, and sleeps until the connection stands."),
    "connect EINPROGRESS": ("connect", "`connect_ex`", "Goes to the server and does not wait: EINPROGRESS says that it is "
                            "on its way."),
    "getsockopt SO_ERROR": ("getsockopt", "`take_error`", "Asks how the connecting ended: 0, it stands."),
    "recvfrom": ("recv", "`recv`", "Takes what has come, at most as much as was asked for, and says how much it was."),
    "recvfrom, the end": ("recv", "`recv`", "0 bytes: the other side has finished sending."),
    "sendto": ("send", "`send`", "Hands bytes to the kernel and says how many it took. MSG_NOSIGNAL: if the client is "
               "gone this is an error, and no signal that ends the program."),
    "ioctl TIOCOUTQ": ("ioctl_tty", "`unacknowledged`", "Asks how many of the bytes that were sent the other side has not "
                       "acknowledged yet. The number is different in each run, so it is left out here."),
    "shutdown": ("shutdown", "`shutdown(Shutdown::write)`", "Half-closes: no more will come from here, but we still "
                 "listen."),
    "close": ("close", "the end of a `Socket` or a selector", "Gives the descriptor back; of a connection, the other side "
              "reads the end."),
    "write to stdout": ("write", "`print`", "A line for the terminal; it shows where in the program we are."),
    "write to stderr": ("write", "`print_error`", "The one line that says what went wrong."),
    "write to wake-up": ("write", "`SignalPipe`, inside", "All that the signal handler does: the signal's number (15, "
                         "octal 17) goes into a pipe."),
    "read from stdin": ("read", "`read_input`", "What was typed; 0 bytes are its end (Ctrl-D)."),
    "pipe2": ("pipe", "`SignalPipe`", "A pipe whose reading end can be put into the bag, so that a signal becomes an "
              "event."),
    "rt_sigaction": ("sigaction", "`SignalPipe`", "From now on this signal runs a handler instead of ending the "
                     "program."),
    "signal": ("signal", "(from outside)", "Somebody asks the program to end, as Ctrl-C or `kill` does."),
    "exit_group": ("exit_group", "the end of `main`", "The end, with the status that the shell sees as `$?`."),
}

SECTION = {"signal": 7}


def kind(event: Event, names: Names, blocking: bool) -> str:
    """The key of SENTENCES for a call."""
    if event.call == "setsockopt" or event.call == "getsockopt":
        return event.call + " " + event.arguments.split(", ")[2]
    if event.call in ("getsockname", "getpeername") and names.of(event.descriptor) == "connection":
        return f"{event.call} of a connection"
    if event.call == "ioctl":
        return "ioctl " + event.arguments.split(", ")[1]
    if event.call == "openat":
        return "openat /dev/null"
    if event.call == "fcntl":
        return "fcntl O_NONBLOCK"
    if event.call == "epoll_ctl":
        action = {"add": "ADD", "modify": "MOD", "remove": "DEL"}.get(event.change, "?")
        watched = names.of(event.watched[0].descriptor) if event.watched else "?"
        return f"epoll_ctl {action}" + (", as before" if action == "MOD" and watched in ("signals", "stdin") else "")
    if event.call in ("connect", "epoll_wait") and (event.value or 0) < 0:
        return f"{event.call} {event.error}"
    if only_looks(event):
        return f"{event.call}, no time"
    if event.call == "accept4" and blocking:
        return "accept4 blocking"
    if event.call == "recvfrom" and event.value == 0:
        return "recvfrom, the end"
    if event.call == "write":
        return "write to " + names.of(event.descriptor)
    if event.call == "read":
        return "read from " + names.of(event.descriptor)
    return event.call


def manual(call_kind: str) -> str:
    """The address of its page."""
    page = SENTENCES[call_kind][0]
    section = SECTION.get(call_kind, 2)
    return f"https://man7.org/linux/man-pages/man{section}/{page}.{section}.html"
