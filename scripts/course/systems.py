"""What differs between the systems on which ./learn runs: Linux and its like, macOS, and Windows. The rest of the package asks
here instead of asking which system it is."""

import os
import platform
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath
from typing import Any, NoReturn

from course.call import fail

CTRL_C = 0xC000013A  # how Windows ends a program on Ctrl-C: STATUS_CONTROL_C_EXIT


def name() -> str:
    """What the system is called: Linux, macOS, Windows, FreeBSD, …"""
    return {"Darwin": "macOS"}.get(platform.system(), platform.system())


def only_on(what: str, *systems: str, elsewhere: str = "") -> None:
    """Fails in one line where a command cannot run, before it installs or builds anything."""
    if not systems or name() in systems:
        return
    instead = " In WSL 2 it does." if name() == "Windows" else ""
    fail(f"'{what}' does not run on {name()}: it starts and watches programs in ways that only {' and '.join(systems)} "
         + ("has" if len(systems) == 1 else "have") + f".{instead}" + (f" {elsewhere}" if elsewhere else ""))


def executable(path: str) -> str:
    """A program of the build by its name on this system; the path is given as the pages write it."""
    return str(PureWindowsPath(path + ".exe")) if name() == "Windows" else path


def as_typed(command: Sequence[str]) -> str:
    """A command as one would type it."""
    return subprocess.list2cmdline(command) if name() == "Windows" else shlex.join(command)


def client_by_hand(host: str, port: str) -> list[str]:
    """A client that sends what is typed, and that this was all at the end of it. Windows has no nc, and -N means something else
    to a Mac's."""
    if name() in ("Windows", "macOS"):
        return [executable("build/student/talk"), host, port]
    return ["nc", "-N", host, port]


def listening_client(port: int) -> str:
    """The command to look at a server that prints nothing."""
    return f"nc -d localhost {port}" if name() == "Linux" else f"./learn talk {port}"


def has_visual_studio() -> bool:
    """True if Visual Studio or its Build Tools are there, with C++: then CMake finds them by itself."""
    programs = os.environ.get("PROGRAMFILES(X86)", r"C:\Program Files (x86)")
    vswhere = Path(programs, "Microsoft Visual Studio", "Installer", "vswhere.exe")
    if not vswhere.is_file():
        return False
    tools = [f"Microsoft.VisualStudio.Component.VC.Tools.{processor}" for processor in ("x86.x64", "ARM64")]
    found = subprocess.run([vswhere, "-products", "*", "-requiresAny", "-requires", *tools, "-property", "installationPath"],
                           capture_output=True, text=True, check=False)
    return bool(found.stdout.strip())


def has_any(*programs: str) -> bool:
    """True if one of these programs is there."""
    return any(shutil.which(program) for program in programs)


def has_compiler() -> bool:
    """True if something compiles C++. On a Mac there always is a c++, which may only offer to install one."""
    if name() == "Windows":
        return has_visual_studio() or has_any("g++")
    if name() == "macOS":
        return subprocess.run(["xcode-select", "-p"], capture_output=True, check=False).returncode == 0
    return has_any("c++", "g++", "clang++")


def has_make() -> bool:
    """True if something runs what CMake has configured."""
    if name() == "Windows":
        return has_visual_studio() or has_any("ninja", "mingw32-make") or not has_any("g++")  # they come with a compiler
    return has_any("make")


def generator() -> list[str]:
    """The options that choose CMake's build tool: none, unless there is only MinGW, which CMake does not look for."""
    if name() != "Windows" or has_visual_studio():
        return []
    return ["-G", "Ninja" if has_any("ninja") else "MinGW Makefiles"]


def interrupt(process: "subprocess.Popen[Any]") -> None:
    """Ends a program as Ctrl-C would. On Windows a program cannot be sent a Ctrl-C without sending it to ourselves."""
    if name() == "Windows":
        process.terminate()
    else:
        process.send_signal(signal.SIGINT)


def was_interrupted(status: int) -> bool:
    """True if a program has ended by Ctrl-C."""
    return status in (-signal.SIGINT, CTRL_C, CTRL_C - (1 << 32))


def end_by(number: int) -> NoReturn:
    """Ends as if a signal had not been caught, so that the shell sees what happened."""
    if name() != "Windows":
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    sys.exit(128 + number)


def prepare_terminal() -> None:
    """Has the terminal obey the codes for colours. The old console of Windows does so once a shell has run in it."""
    if name() == "Windows":
        os.system("")
