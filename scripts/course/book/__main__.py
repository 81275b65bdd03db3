"""What cmake/Docs.cmake calls: `python3 -m course.book record`, then `python3 -m course.book make`."""

import argparse
from pathlib import Path

from course.book.make import make
from course.book.picture import draw
from course.book.record import record


def main() -> None:
    """Reads the arguments."""
    parser = argparse.ArgumentParser(prog="python3 -m course.book", description="Makes the book.")
    tasks = parser.add_subparsers(dest="task", required=True)
    task = tasks.add_parser("record", help="play the lessons' scenes and write the pages that come of them")
    task.add_argument("recorder", type=Path, help="the program that plays them, built from tests/record")
    task.add_argument("folder", type=Path, help="where the pages go")
    task.add_argument("--pitfalls", type=Path, help="the program that plays the pitfalls, built from tests/pitfalls")
    task = tasks.add_parser("make", help="make an edition of the book")
    task.add_argument("book", type=Path, help="its folder, with a Doxyfile")
    task.add_argument("build", type=Path, help="the build folder, with the recorded pages/")
    task.add_argument("edition", choices=("student", "teacher"))
    task.add_argument("--doxygen", default="doxygen")
    task.add_argument("--theme", default="", metavar="FOLDER", help="doxygen-awesome-css; without it, Doxygen's own looks")
    task.add_argument("--browser", default="", metavar="CHROMIUM", help="prints the handouts; without it there are none")
    task = tasks.add_parser("draw", help="draw a graph (FILE.dot) into FILE.svg")
    task.add_argument("graph", type=Path, metavar="FILE")
    task.add_argument("label", help="what it shows, in a sentence")
    call = parser.parse_args()
    if call.task == "record":
        record(call.recorder, call.folder, call.pitfalls)
    elif call.task == "draw":
        draw(call.graph, call.label)
    else:
        make(call.book, call.build, call.edition, call.doxygen, call.theme, call.browser)


main()
