"""The seven lessons and the three doors after them: their folders, their programs, and what each is about."""

from pathlib import Path

from course import COURSE

LESSONS = {
    "01-blocking-accept": ["blocking-accept"],
    "02-selector-accept": ["selector-accept"],
    "03-callbacks": ["callbacks"],
    "04-echo-server": ["echo-server"],
    "05-echo-client": ["echo-client"],
    "06-multiconn": ["multiconn-server", "multiconn-client", "callback-server"],
    "07-chat": ["chat-server", "chat-client"],
}

DOORS = {
    "beyond/coroutines": ["echo-coroutines"],
    "beyond/tls": ["tls-chat-server", "tls-chat-client"],
    "beyond/machines": ["chat-node"],
}

FOLDERS = {**LESSONS, **DOORS}

LIBRARIES = {"beyond/tls": ["openssl", "libssl"], "beyond/machines": ["redis", "hiredis"]}  # names in course.install

ABOUT = {
    "01-blocking-accept": "a blocking accept(), and what it costs",
    "02-selector-accept": "the bag of sockets: select() first, then an accept() that does not block",
    "03-callbacks": "the callback registered as the key's data",
    "04-echo-server": "an echo server of two callbacks",
    "05-echo-client": "both directions in one loop, told apart by the mask",
    "06-multiconn": "many connections, each with its state in the key's data",
    "07-chat": "a chat: broadcasting, and waiting for the keyboard and the network at once",
    "beyond/coroutines": "straight-line code in place of callbacks, on a scheduler of your own",
    "beyond/tls": "a chat that strangers cannot join: TLS with a certificate for each member",
    "beyond/machines": "one chat on many nodes, joined by Redis Streams",
}

PROGRAMS = [program for programs in LESSONS.values() for program in programs]


def lesson_of(word: str) -> str:
    """The folder of a lesson given as 4, 04, 04-echo-server, tls or by one of its programs; empty if there is none."""
    for folder, programs in FOLDERS.items():
        short = [folder[:2], folder[1]] if folder in LESSONS else [folder.rpartition("/")[2]]
        if word in (folder, *short, *programs):
            return folder
    return ""


def program_of(word: str) -> str:
    """A program given by its own name, or by its lesson for the first one of that."""
    programs = FOLDERS[lesson_of(word)]
    return word if word in programs else programs[0]


def program_path(word: str) -> str:
    """Where that program is, below the build folder."""
    return f"{lesson_of(word)}/{program_of(word)}"


def label_of(word: str) -> str:
    """The label of its tests, and of those of the lessons that it builds on: a pattern for ctest."""
    lesson = lesson_of(word)
    return f"lesson-0[1-{lesson[1]}]" if lesson in LESSONS else f"^{lesson.rpartition('/')[2]}$"


def exercise_folders() -> list[Path]:
    """The folders of all exercises, in the order of the lessons."""
    return [path for folder in FOLDERS for path in sorted((COURSE / folder / "exercises").glob("*")) if path.is_dir()]
