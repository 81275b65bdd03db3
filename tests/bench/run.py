"""Runs the tests in a folder with a Python that has what they need; status 77 if there is none.

usage: run.py FOLDER LOAD: LOAD is the program that puts servers under load"""

import os
import subprocess
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(COURSE / "scripts"))

from course.install import python_with  # noqa: E402

MODULES = ("pytest", "pandas", "matplotlib", "tqdm")

python = python_with(*MODULES)
if not python:
    print(f"skipped: no Python here has all of {', '.join(MODULES)} (on Debian the packages python3-...)")
    sys.exit(1 if os.environ.get("SELECTORS_NO_SKIP") == "1" else 77)
environment = {**os.environ, "PYTHONPATH": str(COURSE / "scripts"), "LOAD": sys.argv[2]}
sys.exit(subprocess.run([python, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", sys.argv[1]], check=False, cwd=COURSE,
                        env=environment).returncode)
