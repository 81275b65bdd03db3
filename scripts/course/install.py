"""Finds out what is missing and installs it: on Debian and its relatives with apt-get, elsewhere it says what to install."""

import glob
import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from course import systems
from course.call import Mistake, fail
from course.processes import run

PREFIXES = ("/usr", "/usr/local", "/opt/homebrew")


def program(*names: str) -> Callable[[], bool]:
    """True if one of these programs is installed."""
    return lambda: any(shutil.which(name) for name in names)


def installed(*names: str) -> Callable[[], bool]:
    """True where one of these files is there, below wherever packages put them."""
    return lambda: any(glob.glob(f"{prefix}/{name}") for prefix in PREFIXES for name in names)


FINDS = "import sys, importlib.util as util; sys.exit(not all(map(util.find_spec, sys.argv[1:])))"


def python_with(*modules: str) -> str:
    """A Python that has these modules: this one, or the system's own, for which packages are; empty if there is none."""
    for python in (sys.executable, shutil.which("python3"), "/usr/bin/python3"):
        if python and os.access(python, os.X_OK) and not subprocess.run([python, "-c", FINDS, *modules], check=False).returncode:
            return python
    return ""


def module(name: str, why: str) -> "Tool":
    """A module for Python."""
    return Tool(why, lambda: bool(python_with(name)), {"arch": f"python-{name}", "": f"python3-{name}"})


def localhost_there() -> bool:
    """True where this machine knows its own name; a bare Debian has no /etc/hosts."""
    try:
        socket.gethostbyname("localhost")
    except OSError:
        return False
    return True


@dataclass
class Tool:
    """Something that a command needs."""

    why: str
    is_there: Callable[[], bool]
    packages: dict[str, str] = field(default_factory=dict)  # by the system; "" is every other one; an empty name: it has none


def event_library(header: str, debian: str, name: str) -> Tool:
    """One that ours is measured beside."""
    packages = {"debian": debian, "fedora": f"{name}-devel"}
    return Tool("an event library that ours is measured beside", installed(f"include/{header}"), packages)


def python_package(name: str, debian: str = "") -> dict[str, str]:
    """What a package of Python's is called."""
    return {"debian": f"python3-{debian or name}", "fedora": f"python3-{name}", "arch": f"python-{name}",
            "alpine": f"py3-{name}", "macos": f"pip3 install {name}", "": f"python3-{debian or name}"}


def book_modules() -> bool:
    """True where one Python has all that makes the book."""
    return bool(python_with("lxml", "markdown_it"))


FUZZER = "clang/*/lib/linux/libclang_rt.fuzzer*"
PARSES = "tries what parses with millions of inputs"
XCODE = "xcode-select --install"
# With a space in it, it is a command of its own.
VISUAL_STUDIO = ("winget install Microsoft.VisualStudio.2022.BuildTools --override "
                 '"--passive --wait --add Microsoft.VisualStudio.Workload.VCTools --includeRecommended"')
FAILING = "lets a system call fail or wait on purpose, for some of the tests, and shows what the kernel saw"

TOOLS = {
    "compiler": Tool("compiles C++20", systems.has_compiler,
                     {"debian": "g++", "alpine": "g++", "fedora": "gcc-c++", "arch": "gcc", "macos": XCODE, "windows": VISUAL_STUDIO}),
    "cmake": Tool("configures the build", program("cmake"), {"windows": "Kitware.CMake"}),
    "make": Tool("runs the build", systems.has_make, {"macos": XCODE, "windows": "Ninja-build.Ninja"}),
    "catch2": Tool("the tests are written with it", installed("include/catch2"), {"fedora": "catch-devel"}),
    "netcat": Tool("nc, a client for any server, typed by hand", program("nc"),
                   {"fedora": "nmap-ncat", "arch": "openbsd-netcat", "": "netcat-openbsd"}),
    "clang": Tool(PARSES, program("clang")),
    "libfuzzer": Tool(PARSES, installed(f"lib*/llvm*/lib/{FUZZER}", f"lib*/{FUZZER}"),
                      {"debian": "libclang-rt-dev", "": "compiler-rt"}),
    "libevent": event_library("event2/event.h", "libevent-dev", "libevent"),
    "libev": event_library("ev.h", "libev-dev", "libev"),
    "libuv": event_library("uv.h", "libuv1-dev", "libuv"),
    "asio": event_library("asio.hpp", "libasio-dev", "asio"),
    "liburing": Tool("io_uring, the floor of the completion model", installed("include/liburing.h"), {"debian": "liburing-dev", "fedora": "liburing-devel"}),
    "valgrind": Tool("counts instructions", program("valgrind")),
    "strace": Tool(FAILING, program("strace"), {"macos": ""}),
    "doxygen": Tool("makes the book", program("doxygen")),
    "lxml": Tool("reads the pages that Doxygen makes", book_modules, python_package("lxml")),
    "markdown-it": Tool("reads the pages that Doxygen is given", book_modules, python_package("markdown-it-py", "markdown-it")),
    "doxygen-awesome-css": Tool("the book's looks; without it, it reads as well", installed("share/doxygen-awesome-css")),
    "localhost": Tool("gives the machine the name localhost, by which a test reaches the browser", localhost_there,
                      {"": "netbase"}),
    "chromium": Tool("the browser in which the book is tested", program("chromium", "chromium-browser", "google-chrome")),
    "chromedriver": Tool("lets a test steer the browser", program("chromedriver"),
                         {"debian": "chromium-driver", "alpine": "chromium-chromedriver"}),
    "selenium": module("selenium", "the tests of the book are written with it"),
    "pandas": module("pandas", "makes figures of the benchmark's samples"),
    "matplotlib": module("matplotlib", "draws the benchmark's plots"),
    "tqdm": module("tqdm", "shows how far the benchmark is"),
    "pdftotext": Tool("reads what the browser printed", program("pdftotext"), {"arch": "poppler", "": "poppler-utils"}),
    "openssl": Tool("makes certificates, and is a TLS client to test with", program("openssl")),
    "libssl": Tool("TLS: beyond/tls is written with it", installed("include/openssl/ssl.h"),
                   {"debian": "libssl-dev", "fedora": "openssl-devel", "arch": "openssl", "alpine": "openssl-dev", "macos": "openssl@3"}),
    "redis": Tool("joins the nodes of a chat", program("redis-server"), {"debian": "redis-server"}),
    "hiredis": Tool("speaks with Redis: beyond/machines is written with it", installed("include/hiredis/hiredis.h"),
                    {"debian": "libhiredis-dev", "fedora": "hiredis-devel", "alpine": "hiredis-dev"}),
    "graphviz": Tool("draws the book's pictures", program("dot")),
}

INSTALL = {
    "fedora": "sudo dnf install",
    "arch": "sudo pacman -S",
    "alpine": "sudo apk add",
    "macos": "brew install",
    "windows": "winget install",
}


def package(what: str, here: str) -> str:
    """What it is called on this system."""
    packages = TOOLS[what].packages
    return packages.get(here, packages.get("", what))


def system() -> str:
    """Which kind of system this is: debian, fedora, arch, alpine, macos, windows or unknown."""
    if systems.name() in ("macOS", "Windows"):
        return systems.name().lower()
    said = {}
    release = Path("/etc/os-release")
    for line in release.read_text(encoding="utf-8").splitlines() if os.access(release, os.R_OK) else []:
        name, _, value = line.partition("=")
        said[name] = " ".join(shlex.split(value))
    words = f"{said.get('ID', '')} {said.get('ID_LIKE', '')}".split()
    for kind, names in (("debian", "debian ubuntu"), ("fedora", "fedora rhel"), ("arch", "arch"), ("alpine", "alpine")):
        if set(names.split()) & set(words):
            return kind
    return "unknown"


def how_to_install(packages: Sequence[str], here: str) -> str:
    """What to type."""
    known = [name for name in packages if " " not in name]
    commands = [name for name in packages if " " in name] + ([f"{INSTALL[here]} {' '.join(known)}"] if known else [])
    mingw = " (or MinGW in its place: winget install BrechtSanders.WinLibs.POSIX.UCRT)" if VISUAL_STUDIO in packages else ""
    return "; ".join(commands) + mingw + ("; then open a new terminal" if here == "windows" else "")


def need(*tools: str) -> None:
    """Returns when all of them are installed."""
    here = system()
    missing = [what for what in tools if package(what, here) and not TOOLS[what].is_there()]
    if not missing:
        return
    packages = list(dict.fromkeys(package(what, here) for what in missing))
    print("missing on this machine:")
    for what in missing:
        name = package(what, here)
        print(f"  {what if ' ' in name else name:<16} {TOOLS[what].why}")
    if here == "debian":
        install_on_debian(packages)
    elif here in INSTALL:
        fail(f"install it with: {how_to_install(packages, here)}")
    else:
        fail(f"install these tools, under whatever name this system has for them: {' '.join(missing)}")


def wish(*tools: str) -> None:
    """Installs it if that is possible here; otherwise goes on without it."""
    for what in tools:
        if TOOLS[what].is_there():
            continue
        if system() != "debian":
            print(f"not on this machine: {what} ({TOOLS[what].why})")
            continue
        try:
            need(what)
        except (Mistake, SystemExit) as why:
            if isinstance(why, Mistake):
                print(f"learn: {why}", file=sys.stderr)
            print(f"going on without {what}")


def install_on_debian(packages: Sequence[str]) -> None:
    """Installs packages with apt-get."""
    as_root: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            fail("only root can install packages and there is no sudo; run as root: apt-get install -y " + " ".join(packages))
        print("installing packages takes root's rights, so sudo may ask for your password")
        as_root = ["sudo"]
    run(*as_root, "apt-get", "update", "-qq")
    run(*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends",
        *packages)
