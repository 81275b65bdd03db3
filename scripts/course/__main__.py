"""Starts the front door, as `python3 scripts/course` or as `python3 -m course`."""

import os
import signal
import sys

if sys.version_info < (3, 9):  # noqa: UP036 - this file is all that an older one has to understand
    sys.stderr.write("learn: Python 3.9 or later is needed, and this is Python %d.%d.%d\n" % sys.version_info[:3])  # noqa: UP031
    sys.exit(2)
if not __package__:  # started as a folder: the package is found beside it, and nothing in the current folder is in its way
    sys.path[0] = os.path.dirname(sys.path[0])

if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C while the rest is loaded is no traceback; main() catches it later

from course.main import main

main()
