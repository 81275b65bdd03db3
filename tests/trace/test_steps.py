"""What a reader sees of events."""

from typing import Any

from course.trace.event import Event, Queue
from course.trace.repeats import shorter, side_by_side
from course.trace.steps import Machine
from course.trace.strace import parse

LISTENS = """7 1.0 execve("/x/server", ["server"], 0x1 /* 1 var */) = 0
7 1.1 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<TCP:[1]>
7 1.2 listen(3<TCP:[127.0.0.1:7342]>, 5) = 0
7 1.3 fcntl(3<TCP:[127.0.0.1:7342]>, F_SETFL, O_RDWR|O_NONBLOCK) = 0
7 1.4 epoll_create1(0) = 4<anon_inode:[eventpoll]>
7 1.5 epoll_ctl(4<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 3<TCP:[127.0.0.1:7342]>, {events=EPOLLIN, data={u32=3, u64=3}}) = 0
"""
PEER = "<TCP:[127.0.0.1:7342->127.0.0.1:50001]>"
ACCEPTS = ('7 2.0 accept4(3<TCP:[127.0.0.1:7342]>, {sa_family=AF_INET, sin_port=htons(50001), sin_addr=inet_addr("127.0.0.1")}, [16], '
           f"SOCK_NONBLOCK) = 5{PEER}\n")


class Shown:
    """The steps of a log, and the machine as it is after them."""

    def __init__(self, log: str) -> None:
        self.model = Machine()
        self.steps: list[dict[str, Any]] = []
        self.machine: dict[str, Any] = {}
        self.take(parse(log))

    def take(self, events: list[Event]) -> None:
        """More events."""
        for event in events:
            for step in self.model.take(event):
                self.steps.append(step)
                self.machine.update(step["set"])

    @property
    def says(self) -> str:
        """The last sentence."""
        return str(self.steps[-1]["says"])


def test_a_listener_shows_its_backlog_and_what_it_is_watched_for() -> None:
    shown = Shown(LISTENS)
    assert shown.machine["socket/3"]["backlog"] == {"waiting": [], "limit": 5}
    assert shown.machine["bag/3"] == {"name": "listener", "for": ["read"], "ready": []}


def test_a_wait_with_nothing_ready_is_a_sleep() -> None:
    shown = Shown(LISTENS + "7 1.6 epoll_wait(4<anon_inode:[eventpoll]>,  <unfinished ...>\n")
    assert shown.machine["program"] == {"state": "asleep", "call": "select()"}
    assert "sleeps" in shown.says


def test_clients_in_the_backlog_make_the_listener_ready_in_the_bag() -> None:
    shown = Shown(LISTENS + "7 1.6 epoll_wait(4<anon_inode:[eventpoll]>,  <unfinished ...>\n")
    shown.take([Event.buffers(1.7, [Queue("127.0.0.1:7342", "0.0.0.0:0", 2, 5)])])
    assert shown.machine["bag/3"]["ready"] == ["read"]
    assert len(shown.machine["socket/3"]["backlog"]["waiting"]) == 2
    assert "2 clients wait in the backlog now" in shown.says


def test_waiting_bytes_are_shown_until_they_are_received() -> None:
    shown = Shown(LISTENS + ACCEPTS)
    shown.take([Event.buffers(2.1, [Queue("127.0.0.1:7342", "127.0.0.1:50001", 6, 0)])])
    assert shown.machine["socket/5"]["receive"]["bytes"] == 6
    shown.take(parse(f'7 2.2 recvfrom(5{PEER}, "hello\\n", 100, 0, NULL, NULL) = 6\n'))
    assert shown.machine["socket/5"]["receive"]["bytes"] == 0
    assert shown.says == "recv takes 6 bytes from client 1 out of the receive buffer, which is empty now."


def test_an_empty_recv_ends_one_direction_only() -> None:
    shown = Shown(LISTENS + ACCEPTS + f'7 2.2 recvfrom(5{PEER}, "", 100, 0, NULL, NULL) = 0\n')
    assert shown.machine["socket/5"]["ended"] == "there"
    shown.take(parse(f"7 2.3 shutdown(5{PEER}, SHUT_WR) = 0\n"))
    assert shown.machine["socket/5"]["ended"] == "both"


def test_a_partial_send_is_described_as_such() -> None:
    shown = Shown(LISTENS + ACCEPTS + f'7 2.2 sendto(5{PEER}, "x"..., 30000, MSG_NOSIGNAL, NULL, 0) = 4096\n')
    assert "send takes only 4,096 of 30,000 bytes" in shown.says
    assert shown.machine["socket/5"]["send"]["full"] is True


def test_a_batch_shows_which_events_are_done_and_which_are_to_come() -> None:
    log = LISTENS + ACCEPTS + (
        f"7 2.1 epoll_ctl(4<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 5{PEER}, {{events=EPOLLIN, data={{u32=5, u64=5}}}}) = 0\n"
        "7 2.2 epoll_wait(4<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=3, u64=3}}, {events=EPOLLIN, data={u32=5, u64=5}}],"
        " 64, -1) = 2\n")
    shown = Shown(log)
    assert [each["state"] for each in shown.machine["batch"]] == ["now", "to come"]
    shown.take(parse(f'7 2.3 recvfrom(5{PEER}, "a", 100, 0, NULL, NULL) = 1\n'))
    assert [each["state"] for each in shown.machine["batch"]] == ["done", "now"]


def test_a_crash_is_the_last_step() -> None:
    shown = Shown(LISTENS + "7 3.0 +++ killed by SIGSEGV (core dumped) +++\n")
    assert shown.machine["program"] == {"state": "ended", "detail": "killed by SIGSEGV"}


def test_a_call_without_an_explanation_is_shown_by_its_name() -> None:
    assert "sendmmsg" in Shown(LISTENS + "7 3.0 sendmmsg(3<TCP:[1]>, [], 0, 0) = 0\n").says


def test_a_repeated_loop_is_shown_twice_and_then_counted() -> None:
    turn = [{"says": f"{call} 1", "who": "program", "call": call, "time": 0, "set": {}} for call in ("select", "recv")]
    short = shorter([dict(step) for _ in range(100) for step in turn])
    assert [step["call"] for step in short] == ["select", "recv", "select", "recv", "recv"]
    assert short[-1]["says"] == "And so on: the last 2 steps happen 98 more times."


def test_two_runs_are_aligned_where_the_scene_does_the_same_to_both() -> None:
    def steps(*calls: str) -> list[dict[str, Any]]:
        return [{"who": "client 1" if call.isupper() else "program", "call": call} for call in calls]

    moments = side_by_side(steps("a", "SEND", "b", "c", "CLOSE"), steps("a", "x", "SEND", "b", "CLOSE"))
    assert (1, 2) in moments and (4, 4) in moments
    assert moments[0] == (0, 0)
    assert all(after[0] - before[0] in (0, 1) and after[1] - before[1] in (0, 1) for before, after in zip(moments, moments[1:]))
