"""How the parser reads single lines."""

import pytest

from course.trace.event import Event
from course.trace.strace import Parser, parse


def one(line: str) -> Event:
    """The event of a line."""
    [event] = parse(f"7 1.5 {line}\n")
    return event


def test_a_received_message_has_its_socket_and_its_bytes() -> None:
    event = one(r'recvfrom(5<TCP:[127.0.0.1:7342->127.0.0.1:50001]>, "hello\n", 1000, 0, NULL, NULL) = 6 <0.000022>')
    assert (event.process, event.start, event.does, event.descriptor, event.value) == (7, 1.5, "receive", 5, 6)
    assert event.end == pytest.approx(1.500022)
    assert event.bytes == r"hello\n"
    assert event.file and (event.file.kind, event.file.local, event.file.peer) == ("tcp", "127.0.0.1:7342", "127.0.0.1:50001")
    assert event.ports == (7342, 50001)


def test_an_ipv6_address_keeps_its_brackets() -> None:
    event = one('accept4(3<TCPv6:[[::1]:7342]>, {sa_family=AF_INET6, sin6_port=htons(40000), sin6_flowinfo=htonl(0), '
                'inet_pton(AF_INET6, "::1", &sin6_addr), sin6_scope_id=0}, [28], SOCK_CLOEXEC) = 4<TCPv6:[[::1]:7342->[::1]:40000]>')
    assert (event.address, event.made) == ("[::1]:40000", [4])
    assert event.file and event.file.local == "[::1]:7342"


def test_a_call_that_failed_names_its_error() -> None:
    event = one("accept4(3<TCP:[127.0.0.1:7342]>, NULL, NULL, SOCK_CLOEXEC) = -1 EAGAIN (Resource temporarily unavailable)")
    assert (event.value, event.error, event.made) == (-1, "EAGAIN", [])


@pytest.mark.parametrize("line, timeout, ready", [
    ("epoll_wait(4<anon_inode:[eventpoll]>, [{events=EPOLLIN|EPOLLOUT, data={u32=5, u64=5}}], 64, -1) = 1", None, (5, ["read", "write"])),
    ("epoll_pwait(4<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=5, u64=5}}], 64, 250, NULL, 8) = 1", 0.25, (5, ["read"])),
    ("epoll_pwait2(4<anon_inode:[eventpoll]>, [{events=EPOLLHUP, data={u32=5, u64=5}}], 64, {tv_sec=1, tv_nsec=0}, NULL, 8) = 1",
     1, (5, ["hang-up"])),
    ("poll([{fd=5<TCP:[1]>, events=POLLIN}, {fd=6<pipe:[2]>, events=POLLOUT}], 2, 1000) = 1 ([{fd=5, revents=POLLIN}])",
     1, (5, ["read"])),
    ("ppoll([{fd=5<TCP:[1]>, events=POLLOUT}], 1, NULL, NULL, 0) = 1 ([{fd=5, revents=POLLOUT}])", None, (5, ["write"])),
    ("pselect6(6, [4<TCP:[1]> 5<TCP:[127.0.0.1:1->127.0.0.1:2]>], [], NULL, {tv_sec=0, tv_nsec=500000000}, NULL) = 1 "
     "(in [5<TCP:[127.0.0.1:1->127.0.0.1:2]>], left {tv_sec=0, tv_nsec=1})", 0.5, (5, ["read"])),
    ("select(6, [5], [5], NULL, NULL) = 2 (in [5], out [5])", None, (5, ["read", "write"])),
])
def test_each_wait_call_has_its_timeout_and_what_is_ready(line: str, timeout: float, ready: tuple[int, list[str]]) -> None:
    event = one(line)
    assert (event.does, event.timeout) == ("wait", timeout)
    assert [(each.descriptor, each.ways) for each in event.ready] == [ready]


def test_the_descriptors_that_poll_watches_are_known_before_it_returns() -> None:
    [event] = parse("7 1.5 poll([{fd=5<TCP:[1]>, events=POLLIN|POLLOUT}], 1, -1 <unfinished ...>\n")
    assert event.end is None
    assert [(each.descriptor, each.ways) for each in event.watched] == [(5, ["read", "write"])]


def test_epoll_data_leads_back_to_its_descriptor() -> None:
    events = parse("7 1.0 epoll_ctl(4<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 9<TCP:[1]>, {events=EPOLLIN, data={u32=77, u64=4711}}) = 0\n"
                   "7 2.0 epoll_wait(4<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=77, u64=4711}}], 64, -1) = 1\n")
    assert (events[0].change, events[0].watched[0].descriptor) == ("add", 9)
    assert events[1].ready[0].descriptor == 9


def test_a_call_in_two_parts_is_reported_when_it_begins_and_when_it_ends() -> None:
    begun, other, ended = parse('7 1.0 recvfrom(5<TCP:[1]>,  <unfinished ...>\n8 1.1 getpid() = 8\n'
                                '7 2.0 <... recvfrom resumed>"hi", 2, 0, NULL, NULL) = 2 <1.0>\n')
    assert (begun.end, begun.start, other.does) == (None, 1.0, "other")
    assert (ended.start, ended.end, ended.bytes) == (1.0, 2.0, "hi")


def test_an_unknown_line_becomes_an_event_of_another_kind() -> None:
    assert one("sendmmsg(3<TCP:[1]>, [], 0, 0) = 0").does == "other"
    assert one("a line that is no call").does == "other"
    [event] = parse("not even a time\n")
    assert (event.does, event.arguments) == ("other", "not even a time")


def test_a_stack_belongs_to_the_call_above_it() -> None:
    [event] = parse("7 1.0 listen(3<TCP:[1]>, 5) = 0\n > /lib/libc.so.6(listen+0x7) [0x10a8e7]\n > /tmp/my program(main+0x2f) [0x10ef]\n")
    assert event.stack == [("/lib/libc.so.6", 0x10a8e7), ("/tmp/my program", 0x10ef)]


def test_a_sleeping_call_is_reported_once_while_no_input_arrives() -> None:
    parser = Parser()
    assert parser.feed("7 1.0 listen(3<TCP:[1]>, 5) = 0\n7 1.1 accept(3<TCP:[127.0.0.1:7342]>, ") == []
    listening, sleeping = parser.idle()
    assert (listening.call, sleeping.call, sleeping.end) == ("listen", "accept", None)
    assert parser.idle() == []
    parser.feed("NULL, NULL) = 4<TCP:[127.0.0.1:7342->127.0.0.1:50001]>\n")
    [accepted] = parser.idle()
    assert (accepted.start, accepted.made) == (1.1, [4])
