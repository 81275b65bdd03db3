"""Runs one of the test files in this folder: check.py FILE [CLASS[.TEST]]. In the environment, PROGRAMS is the build
folder whose programs are watched. Status 77: strace cannot watch a program here. With SELECTORS_NO_SKIP=1 that is a failure."""

import os
import sys
import unittest
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(COURSE / "scripts"))
sys.dont_write_bytecode = True

from course.watching.tracee import arguments  # noqa: E402

why = arguments(stacks=True)[1]
if why:
    print(f"skipped: strace cannot watch a program here: {why}")
    sys.exit(1 if os.environ.get("SELECTORS_NO_SKIP") == "1" else 77)
module, *tests = sys.argv[1:]
unittest.main(module, argv=[module, *tests])
