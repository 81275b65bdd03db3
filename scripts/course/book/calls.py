"""Why each call is there: one sentence for each kind of call that the traces of the lessons hold. A kind that has no
sentence here, or a sentence that no trace needs any more, ends the build of the book."""

from course.book.run import Names, only_looks
from course.trace.event import Event

# kind: (its page in section 2 of the manual, or 7 for signals; what makes it in the program; why it is there)
SENTENCES = {
    "socket": ("socket", "`Socket(family)`", "Creates a socket, which is not connected to anything yet. The program knows it by "
               "the number that comes back, its descriptor."),
    "setsockopt SO_REUSEADDR": ("setsockopt", "`set_reuse_address`", "Lets a second run bind the same port at once, although "
                                "the kernel still remembers connections of the first run."),
    "setsockopt TCP_NODELAY": ("setsockopt", "`set_no_delay`", "Sends small pieces at once, even if the other side has not "
                               "acknowledged earlier ones yet."),
    "setsockopt TCP_KEEPIDLE": ("setsockopt", "`set_keep_alive`", "After this many seconds of silence, the kernel asks whether "
                                "the other side is still there."),
    "setsockopt TCP_KEEPINTVL": ("setsockopt", "`set_keep_alive`", "The number of seconds between two of these questions."),
    "setsockopt TCP_KEEPCNT": ("setsockopt", "`set_keep_alive`", "After this many questions without an answer, the connection "
                               "ends with an error."),
    "setsockopt SO_KEEPALIVE": ("setsockopt", "`set_keep_alive`", "Turns these questions on."),
    "setsockopt TCP_USER_TIMEOUT": ("setsockopt", "`set_user_timeout`", "How many milliseconds the other side has to "
                                    "acknowledge what was sent. After that, the connection ends with an error."),
    "bind": ("bind", "`bind`", "Gives the socket the address to which clients will connect."),
    "listen": ("listen", "`listen`", "From now on, clients can connect. Up to 128 of them wait in the backlog until they "
               "are accepted."),
    "openat /dev/null": ("openat", "inside `listen`", "Keeps one descriptor in reserve, in case no other is free when a client "
                         "has to be accepted."),
    "getsockname": ("getsockname", "`getsockname`", "Asks which port the socket has: for port 0, the kernel chooses one."),
    "getsockname of a connection": ("getsockname", "inside `connect`", "Asks for the address of this end of the connection."),
    "getpeername of a connection": ("getpeername", "inside `connect`", "Asks for the address of the other end. If both "
                                    "addresses are the same, the socket has connected to itself, and there is no server."),
    "fcntl O_NONBLOCK": ("fcntl", "`setblocking(false)`", "Makes the socket non-blocking: a call that would have to wait "
                         "fails with EAGAIN instead."),
    "epoll_create1": ("epoll_create", "`DefaultSelector`", "Creates the bag of sockets, which lives in the kernel."),
    "epoll_ctl ADD": ("epoll_ctl", "`register_`", "Puts a descriptor into the bag and says what to watch it for: EPOLLIN is "
                      "`EVENT_READ`, EPOLLOUT is `EVENT_WRITE`."),
    "epoll_ctl MOD": ("epoll_ctl", "`modify`", "Changes what a descriptor is watched for. Here, the program no longer asks "
                      "for room to write."),
    "epoll_ctl MOD, as before": ("epoll_ctl", "inside `select`", "Changes nothing. The selector does not own this "
                                 "descriptor, so before reporting it, the selector makes sure that it is still the same "
                                 "file."),
    "epoll_ctl DEL": ("epoll_ctl", "`unregister`", "Takes the descriptor out of the bag."),
    "epoll_wait": ("epoll_wait", "`select()`", "The only call in which the program sleeps, here without a time limit (-1). "
                   "It returns the descriptors that are ready, and how many there are."),
    "epoll_wait EINTR": ("epoll_wait", "`select()`", "A signal arrived while the program slept, and nothing was ready."),
    "epoll_pwait2": ("epoll_wait", "`select(1s)`", "The only call in which the program sleeps, here for a second at most. "
                     "It returns the descriptors that are ready, and how many there are."),
    "epoll_pwait2, no time": ("epoll_wait", "`select(0s)`", "Asks what is ready now and does not sleep: the time limit is "
                              "0."),
    "sched_yield": ("sched_yield", "`std::this_thread::yield`", "Lets another program use the processor first, if one is "
                    "waiting for it."),
    "accept4": ("accept", "`accept`", "Takes the first client out of the backlog. The number that comes back is a new socket "
                "for this one client."),
    "accept4 blocking": ("accept", "`accept`", "The backlog is empty, so the program sleeps here until a client connects. "
                         "Then a new socket for this client comes back."),
    "connect": ("connect", "`connect`", "Connects to the server, and sleeps until the connection is established."),
    "connect EINPROGRESS": ("connect", "`connect_ex`", "Starts to connect to the server and does not wait. EINPROGRESS means "
                            "that the connection is not established yet."),
    "getsockopt SO_ERROR": ("getsockopt", "`take_error`", "Asks how the attempt to connect has ended: 0 means that the "
                            "connection is established."),
    "recvfrom": ("recv", "`recv`", "Takes the bytes that have arrived, at most as many as the program asks for, and says how "
                 "many it took."),
    "recvfrom, the end": ("recv", "`recv`", "0 bytes: the other side has finished sending."),
    "sendto": ("send", "`send`", "Hands bytes to the kernel and says how many it took. Because of MSG_NOSIGNAL, sending to a "
               "peer that has disconnected is only an error; otherwise a signal would end the program."),
    "ioctl TIOCOUTQ": ("ioctl_tty", "`unacknowledged`", "Asks how many of the sent bytes the other side has not acknowledged "
                       "yet. The number differs from run to run, so it is left out here."),
    "shutdown": ("shutdown", "`shutdown(Shutdown::write)`", "Half-closes the connection: the program has finished sending, "
                 "but it can still read."),
    "close": ("close", "the end of a `Socket` or a selector", "Gives the descriptor back. If it was a connection, the other "
              "side learns that nothing more will come."),
    "write to stdout": ("write", "`print`", "Prints a line on the terminal. It shows where in the program we are."),
    "write to stderr": ("write", "`print_error`", "Prints the one line that says what went wrong."),
    "write to wake-up": ("write", "inside `SignalPipe`", "This is all that the signal handler does: it writes the signal's "
                         "number (15, octal 17) into a pipe."),
    "read from stdin": ("read", "`read_input`", "Reads what was typed. 0 bytes mean that there is no more input (Ctrl-D)."),
    "pipe2": ("pipe", "`SignalPipe`", "Creates a pipe. Its reading end can be put into the bag, so a signal becomes an "
              "event."),
    "rt_sigaction": ("sigaction", "`SignalPipe`", "From now on, this signal runs a handler instead of ending the "
                     "program."),
    "signal": ("signal", "(from outside)", "Somebody asks the program to end, as Ctrl-C or `kill` does."),
    "exit_group": ("exit_group", "the end of `main`", "Ends the program, with the status that the shell shows as `$?`."),
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
