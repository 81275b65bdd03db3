"""The commands of ./learn: how each is called, what its help says, and what it does. course.call describes the
declarations, and course.teacher holds the commands for teachers."""

import os
import re
import sys
from pathlib import Path

from course import COURSE, exercise, systems, words
from course.bench.names import CONTESTANTS, WORKLOADS
from course.call import COMMANDS, Call, fail, offer, show_commands, show_help
from course.certificates import NAMES, make_certificates, names_in
from course.install import TOOLS, need, python_with, wish
from course.lessons import ABOUT, DOORS, FOLDERS, LIBRARIES, label_of, lesson_of, program_path
from course.processes import build, run
from course.walk import beat

FUZZERS = "build/fuzz/tests/fuzz"
TESTED = ("Linux", "macOS")  # where the tests run
OWN_OPTIONS = {option: words.program_option(f'"{option}"') for option in ("--idle", "--cert", "--key", "--ca", "--limit", "--redis")}


def build_for(word: str, preset: str, *tools: str) -> None:
    """Builds, with the library that this program or lesson needs: a build that was configured without it finds it now."""
    libraries = LIBRARIES.get(lesson_of(word), [])
    missing = not all(TOOLS[library].is_there() for library in libraries)
    need("compiler", "cmake", "make", *tools, *libraries)
    if missing and Path("build", preset, "CMakeCache.txt").exists():
        run("cmake", "--preset", preset)
    build(preset)


def prepare_walk() -> None:
    """What the walk through the lessons needs."""
    need("compiler", "cmake", "make", *(["netcat"] if systems.client_by_hand("", "")[0] == "nc" else []))
    build("student")


@offer("test", "", "build everything and run every test", only=TESTED)
def test(call: Call) -> None:
    """Installs what is missing, builds everything, and runs every test. ./learn check LESSON tests a single lesson."""
    need("compiler", "cmake", "make", "catch2", "strace")
    build("tests")
    run("ctest", "--preset", "tests")


@offer("list", "", "list the lessons and their programs")
def list_lessons(call: Call) -> None:
    """Lists the lessons and their programs."""
    for folder, programs in FOLDERS.items():
        if folder == next(iter(DOORS)):
            print("\nThree ways to go on from there:")
        print(f"{folder:<20} {ABOUT[folder]}")
        print(f"{'':<20} programs: {' '.join(programs)}")


@offer("run", "PROGRAM [HOST] [PORT]", "run a program, or a lesson's first program: ./learn run 04",
       checks={"PROGRAM": words.lesson, "HOST": words.host, "PORT": words.number(0, 65535),
               "--quiet": words.program_option(".quiet = true"),
               "--connections": words.program_option(".connections = ", words.number(1, 10000)), **OWN_OPTIONS},
       more_help=words.program_help)
def run_program(call: Call) -> None:
    """
    Builds and runs a program of the lessons. PROGRAM is its name (chat-client), or a lesson (04) for that lesson's first
    program. A server listens on HOST and PORT, and a client connects to them; PORT is a number from 0 to 65535, and a
    server takes 0 for any free port. ./learn run PROGRAM --help shows the program's defaults too.

      --quiet          print the first line and errors only (lessons 06 and 07)
      --connections N  open N connections at once (multiconn-client)
      --idle SECONDS   close a connection that is silent for that long (echo-coroutines)
      --cert FILE      your certificate (beyond/tls; make one with ./learn certificates)
      --key FILE       its private key
      --ca FILE        the authority's certificate
      --limit MS       how long to wait for a handshake (beyond/tls)
      --redis WHERE    the Redis server, HOST:PORT or the path of its socket (beyond/machines)
    """
    build_for(call.words[0], "student")
    run(systems.executable(f"build/student/{program_path(call.words[0])}"), *call.options, *call.words[1:])


@offer("certificates", "DIR [NAME...]", "make certificates for a class: ./learn certificates certs", typed=True,
       checks={"DIR": words.may_be_made, "--from": words.file_there})
def certificates(call: Call) -> None:
    """
    Makes the certificates for beyond/tls in the folder DIR: an authority of your own (ca.crt and ca.key), a certificate for
    the server (server.crt and server.key), and one for each NAME (by default ann, bob and cid). Files that exist already
    stay as they are, so you can add students later. Give each student their own two files and ca.crt.
    Keep ca.key to yourself: with it, anybody can join.

      --from FILE  take the names from a file, one on each line
      --host HOST  another name or address of the server, besides localhost; may be given several times
    """
    need("openssl")
    hosts = [value for option, value in zip(call.options, call.options[1:]) if option == "--host"]
    listed = names_in(call.folder / call.given["--from"]) if "--from" in call.given else []
    make_certificates(call.folder / call.words[0], call.words[1:] + listed or NAMES, hosts)


@offer("talk", "[HOST] PORT", "talk to a server by hand: ./learn talk 7342",
       checks={"HOST": words.host, "PORT": words.number(0, 65535)})
def talk(call: Call) -> None:
    """
    Builds and runs a client for any server: it sends what you type to HOST (by default localhost) and PORT, and prints what
    comes back, until the server closes. Ctrl-D on a line of its own ends what you send (on Windows Ctrl-Z, then Enter), and
    Ctrl-C ends the client. It does what nc does, for systems without nc.

      --listen  listen on that port, and talk to the first client that connects
    """
    need("compiler", "cmake", "make")
    build("student")
    run(systems.executable("build/student/talk"), *call.options, *call.words)


def one_program(call: Call) -> None:
    """A program of the lessons, or a command line."""
    if call.words and call.command_line:
        fail(f"choose one: {call.words[0]}, or the command line after -- (./learn watch --help)")


@offer("watch", "PROGRAM [HOST] [PORT]", "run a program, and see in a browser what it does: ./learn watch 06", only=("Linux",),
       typed=True, takes_command=True, check=one_program,
       elsewhere="The pages of the lessons in the book have recordings to step through.",
       checks={"PROGRAM": words.lesson, "HOST": words.host, "PORT": words.number(0, 65535),
               "--quiet": words.program_option(".quiet = true"),
               "--connections": words.program_option(".connections = ", words.number(1, 10000)), **OWN_OPTIONS,
               "--port": words.number(0, 65535), "--save": words.file_may_be_made})
def watch_program(call: Call) -> None:
    """
    Runs a program, and shows in a browser what it does while you talk to it from another terminal: its sockets and the bytes
    that wait in them, the call in which it is blocked, what it prints, and the line of its source. PROGRAM, HOST and PORT are
    those of ./learn run. After -- you can give any other command line: ./learn watch -- python3 my-server.py

    Only this machine can open the page. Ctrl-C ends the program; a second Ctrl-C kills it.

      --no-browser     print the address of the page only
      --port N         serve the page on port N of the loopback (default: any free port)
      --save FILE      when the program ends, write the recording into FILE, an HTML page, and exit
      --quiet          as with ./learn run
      --connections N  as with ./learn run
      --idle SECONDS   as with ./learn run
      --cert FILE      as with ./learn run
      --key FILE       as with ./learn run
      --ca FILE        as with ./learn run
      --limit MS       as with ./learn run
      --redis WHERE    as with ./learn run
    """
    command, folder = call.command_line, call.folder
    if not command:
        build_for(call.words[0], "student")
        options = [each + f"={call.given[each]}" * bool(call.given[each]) for each in ("--quiet", "--connections", *OWN_OPTIONS)
                   if each in call.given]
        command, folder = [f"build/student/{program_path(call.words[0])}", *options, *call.words[1:]], COURSE
    from course.watch import watch  # not all of it is there on every system
    save = call.folder / call.given["--save"] if "--save" in call.given else None
    status = watch(command, folder, int(call.given.get("--port", "0")), "--no-browser" not in call.given, save)
    if systems.was_interrupted(status):
        raise KeyboardInterrupt
    sys.exit(status if status >= 0 else 128 - status)


@offer("check", "LESSON", "test a lesson and the lessons that it builds on: ./learn check 04", checks={"LESSON": words.lesson},
       only=TESTED)
def check(call: Call) -> None:
    """
    Runs the tests of a lesson and of the lessons that it builds on. LESSON is its number (04), its folder
    (04-echo-server), or one of its programs. The first check builds all tests, which takes some minutes; later checks take
    seconds.
    """
    build_for(call.words[0], "tests", "catch2")
    run("ctest", "--preset", "tests", "-L", label_of(call.words[0]))


def one_thing(call: Call) -> None:
    """The options of an exercise need one, and stand alone."""
    options = " ".join(call.given)
    if len(call.given) > 1:
        fail(f"choose one of {options} (./learn exercise --help)")
    if options and not call.words:
        fail(f"'{options}' needs an exercise (usage: ./learn exercise EXERCISE {options})")


@offer("exercise", "[EXERCISE]", "check your copy of an exercise; without EXERCISE, list them all",
       checks={"EXERCISE": words.one_of("exercise", "./learn exercise lists them", words.exercises),
               "--hint": words.number(1, 3)},
       check=one_thing)
def one_exercise(call: Call) -> None:
    """
    Builds and checks your copy of an exercise, work/EXERCISE/EXERCISE.cpp. If there is no copy yet, this command makes one
    for you to work on. Without EXERCISE, it lists the exercises.

      --watch     check it again each time you save
      --hint N    print hint 1, 2 or 3
      --solution  write a solution into work/solutions, and print its name
    """
    if not call.words:
        exercise.list_all()
    elif "--hint" in call.given:
        exercise.hint(call.words[0], int(call.given["--hint"]))
    elif "--solution" in call.given:
        exercise.solution(call.words[0])
    else:
        exercise.work_on(call.words[0], "--watch" in call.given)


@offer("progress", "", "show which exercises you have passed or tried")
def progress(call: Call) -> None:
    """Shows which exercises you have passed, which you have tried, and which you have not started yet."""
    exercise.show_progress()


def one_pitfall(call: Call) -> None:
    """--list stands alone, and --lesson needs a pitfall."""
    if "--list" in call.given and len(call.words) + len(call.given) > 1:
        fail("'--list' stands alone (usage: ./learn pitfall --list)")
    if "--lesson" in call.given and not call.words:
        fail("'--lesson' needs a pitfall (usage: ./learn pitfall PITFALL --lesson)")


@offer("pitfall", "[PITFALL]", "see a program fail from a classic mistake, and the lesson's survive it",
       checks={"PITFALL": words.one_of("pitfall", "./learn pitfall lists them", words.pitfalls)}, check=one_pitfall)
def pitfall(call: Call) -> None:
    """
    Shows a classic mistake: a program that makes it fails, and the lesson's program survives the same treatment. Without
    PITFALL, lists the pitfalls.

      --lesson  show the lesson's program only, or your own: MULTICONN_SERVER="python3 mine.py" ./learn pitfall half-close --lesson
      --list    list the pitfalls
    """
    if call.words:
        systems.only_on(f"pitfall {call.words[0]}", *TESTED)
        need("compiler", "cmake", "make", "catch2", "strace")
        build("tests", "--target", "pitfall")
        run("build/tests/tests/pitfalls/pitfall", call.words[0], *call.options)
        return
    for line in words.GALLERY.read_text(encoding="utf-8").splitlines():
        found = re.search(r'Pitfall\{([0-9]+), "([^"]+)", "([^"]+)"', line)
        if found:
            print(f"{found[1]:>2}  {found[2]:<20}{found[3]}")


def peer(what: str, value: str, call: Call) -> None:
    """A server to measure besides."""
    if not re.fullmatch(".+?=.+", value, re.DOTALL):
        fail(f"{what} must be 'NAME=COMMAND', not '{value}' (./learn reliability --help)")


def fuzzers(what: str, value: str, call: Call) -> None:
    """Where the fuzzers are; those of this build folder are built if need be."""
    if value.rstrip("/") != FUZZERS:
        words.folder_there(what, value, call)


@offer("reliability", "", "measure what the lessons' servers survive (20 minutes; --short: about one)", only=("Linux",),
       checks={"--only": words.one_of("row", "./learn reliability --list shows them", words.reliability_rows),
               "--facility": words.choice("facility", "epoll", "poll", "select"), "--peer": peer, "--chat-peer": peer,
               "--table": words.file_there, "--fuzzers": fuzzers})
def reliability(call: Call) -> None:
    """
    Measures what the lessons' servers survive, beside an asyncio echo server and other servers that you name. Without --short,
    --only, --facility or --table, it takes about twenty minutes and writes the results into the book.
    Ends with status 1 if one of the lessons' servers misses a target.

      --short                  under a minute, for CI: less of everything, the costly rows on epoll only
      --only ROW               measure this row only; may be given several times (--list shows the rows)
      --facility F             epoll, poll or select; may be given several times
      --peer 'NAME=COMMAND'    also measure this echo server. It is called COMMAND HOST PORT, and its first line must
                               end in 'port N'. COMMAND is the program itself, not a script that starts it
      --chat-peer 'NAME=COMMAND'  the same for a chat
      --table FILE             write the table into this Markdown file, between its two comments "reliability"
      --fuzzers FOLDER         run the fuzzers there (build/fuzz/tests/fuzz), with 10,000,000 inputs each
      --list                   list the rows
      --help                   print this
    """
    part = {"--short", "--only", "--facility", "--list", "--table"} & call.given.keys()
    whole = {} if part else {"--table": "docs/reliability.md", "--fuzzers": FUZZERS}  # the book has all of it or nothing
    given = {**whole, **call.given}
    built = os.environ.get("RELIABILITY")  # by whoever calls this from another build
    if not built:
        need("compiler", "cmake", "make", "catch2", "strace")
        build("tests", "--target", "reliability")
    if given.get("--fuzzers", "").startswith(FUZZERS):
        need("clang", "libfuzzer")
        build("fuzz", "--target", "fuzzers")
    from course.reliability import reliability as measure  # Windows has not all that it imports
    sys.exit(measure(Path(built or "build/tests/tests/reliability/reliability"), given, call.options))


@offer("bench", "", "measure the library beside others (5 minutes; --quick: under one)", only=("Linux",),
       names={"workloads": lambda: WORKLOADS, "contestants": lambda: CONTESTANTS},
       checks={"--only": words.each_of("workload", lambda: WORKLOADS),
               "--with": words.each_of("contestant", lambda: CONTESTANTS),
               "--rounds": words.number(1, 1000), "--pin": words.choice("way to pin", "same", "apart", "none"),
               "--output": words.may_be_made, "--book": words.book, "--show": words.file_there})
def bench(call: Call) -> None:
    """
    Measures the library and the lessons' servers beside raw epoll and the other libraries that are installed, in one run, and
    writes tables, plots and all samples. Without options, it takes about five minutes and writes the results into the book too.
    It ends with status 1 if something could not be measured, but never because a figure is bad.

      --quick              under a minute: fewer configurations, three rounds, shorter each
      --only WORKLOAD,..   {workloads}
      --with NAME,..       {contestants};
                           raw is always measured, because the ratios are relative to it
      --rounds N           run N rounds instead of five
      --output FOLDER      write results.csv, results.md and the plots there (default: build/bench/bench/results)
      --pin HOW            same: server and load share a processor (the default); apart: one each; none: the kernel decides
      --book FOLDER        also write the tables into FOLDER/performance.md and the plots into FOLDER/benchmark/
      --show FILE          print the tables of a results.csv again, and measure nothing; may be given several times
      --check              only count our instructions and system calls, which are the same in every run, and compare them with
                           their limits; ends with status 1 above a limit, with 77 if valgrind or strace cannot run
      --help               print this
    """
    modules = ("pandas", "matplotlib", "tqdm")
    need("compiler", "cmake", "make", *modules)
    python = python_with(*modules)
    if python != sys.executable:
        run(python, "-B", "scripts/course", "bench", *call.options)
        return
    wish("strace", "valgrind", "libevent", "libev", "libuv", "asio", "liburing")
    build("bench")
    from course.bench.run import bench as measure  # nobody else needs the modules
    shown = [value for option, value in zip(call.options, call.options[1:]) if option == "--show"]
    sys.exit(measure(call.given or {"--book": "docs"}, shown))  # the book has the whole of it or nothing


@offer("nodes", "[N]", "one chat on N nodes (default 3), connected by Redis, live", only=TESTED, checks={"N": words.number(1, 8)})
def nodes(call: Call) -> None:
    """
    Starts a private Redis on a Unix socket and N chat nodes (by default 3, at most 8), lets a member chat on each of them, and
    shows every terminal live. Meanwhile it kills Redis and starts it again. It ends by itself; Ctrl-C ends it earlier.

      --bench  measure instead (Linux only): 1, 2, 4 and 8 nodes of 100 members each, beside lesson 07's server (one minute)
    """
    if "--bench" in call.given:
        systems.only_on("nodes --bench", "Linux")
        need("compiler", "cmake", "make", *LIBRARIES["beyond/machines"])
        run("cmake", "--preset", "bench")  # which may have been configured without hiredis
        build("bench", "--target", "chat-load", configured=True)
        from course.bench.nodes import main as measure  # not all of it is there on every system
        measure(Path("build/bench"))
        return
    build_for("chat-node", "student")
    from course.nodes import show
    show(int(call.words[0]) if call.words else 3, beat())


def build_book(target: str) -> None:
    """One edition of the book."""
    need("compiler", "cmake", "make", "doxygen", "graphviz", "lxml", "markdown-it")
    wish("doxygen-awesome-css", "strace")
    run("cmake", "--preset", "docs")
    build(target, configured=True)


@offer("docs", "", "build the book: build/docs/book/html/index.html", only=TESTED)
def docs(call: Call) -> None:
    """
    Installs what is missing and builds the book: build/docs/book/html/index.html.

      --check  also test the book in a real browser
    """
    build_book("docs")
    print("the book: build/docs/book/html/index.html")
    if "--check" in call.given:
        need("localhost", "chromium", "chromedriver", "selenium", "pdftotext")
        run("ctest", "--preset", "book")


@offer("help", "[COMMAND]", "describe a command; without COMMAND, print this list", checks={"COMMAND": words.command})
def help_(call: Call) -> None:
    """Describes a command. Without COMMAND, lists the commands."""
    if call.words:
        show_help(COMMANDS[call.words[0]])
    else:
        show_commands()
