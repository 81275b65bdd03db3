"""The seven lessons: their folders, their programs, and what each is about."""

LESSONS = {
    "01-blocking-accept": ["blocking-accept"],
    "02-selector-accept": ["selector-accept"],
    "03-callbacks": ["callbacks"],
    "04-echo-server": ["echo-server"],
    "05-echo-client": ["echo-client"],
    "06-multiconn": ["multiconn-server", "multiconn-client", "callback-server"],
    "07-chat": ["chat-server", "chat-client"],
}

ABOUT = {
    "01-blocking-accept": "a blocking accept(), and what it costs",
    "02-selector-accept": "the bag of sockets: select() first, then an accept() that does not block",
    "03-callbacks": "the callback registered as the key's data",
    "04-echo-server": "an echo server of two callbacks",
    "05-echo-client": "both directions in one loop, told apart by the mask",
    "06-multiconn": "many connections, each with its state in the key's data",
    "07-chat": "a chat: broadcasting, and waiting for the keyboard and the network at once",
}

PROGRAMS = [program for programs in LESSONS.values() for program in programs]


def lesson_of(word: str) -> str:
    """The folder of a lesson given as 4, 04, 04-echo-server or by one of its programs; empty if there is none."""
    for lesson, programs in LESSONS.items():
        if word in (lesson, lesson[:2], lesson[1], *programs):
            return lesson
    return ""


def program_of(word: str) -> str:
    """A program given by its own name, or by its lesson for the first one of that."""
    programs = LESSONS[lesson_of(word)]
    return word if word in programs else programs[0]


def program_path(word: str) -> str:
    """Where that program is, below the build folder."""
    return f"{lesson_of(word)}/{program_of(word)}"
