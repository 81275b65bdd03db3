"""The course's machinery: what stands behind ./learn."""

import os
from pathlib import Path

# Not resolved: a copy of the course may be made of links, and its build folder is then its own.
COURSE = Path(os.path.abspath(__file__)).parents[2]
