#!/usr/bin/env python3
"""Compares the page's table of skipped tests with what `ctest --preset windows-tests` skipped under Wine.

usage: tests/windows/skips.py LOG PAGE

LOG is the LastTest.log of that run. With `-` for the page the table is printed, to be pasted.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path


def skipped(log: str) -> dict[str, list[str]]:
    """The names of the tests by the reason for which they were skipped."""
    found = defaultdict(list)
    for test in re.split(r"^\d+/\d+ Testing: ", log, flags=re.MULTILINE)[1:]:
        # Catch2 wraps its lines.
        reason = re.search(r"not on Windows: (.*?)\s*but:\s", test, re.DOTALL)
        if reason:
            found[" ".join(reason[1].split())].append(test.split("\n", 1)[0])
    return dict(found)


def table(found: dict[str, list[str]]) -> list[str]:
    """The rows as the page has them, the most frequent reason first."""
    rows = sorted(found.items(), key=lambda row: (-len(row[1]), row[0]))
    return [f"| {reason} | {len(names)} | {'; '.join(sorted(names))} |" for reason, names in rows]


def main(log: str, page: str) -> int:
    rows = table(skipped(Path(log).read_text(encoding="utf-8", errors="replace")))
    if page == "-":
        print(*rows, sep="\n")
        return 0
    text = Path(page).read_text(encoding="utf-8")
    missing = [row for row in rows if row not in text]
    for row in missing:
        print(f"{page} does not have this line, with the reason, how many tests, and which: {row}", file=sys.stderr)
    print(f"{sum(int(row.split(' | ')[1]) for row in rows)} skipped for {len(rows)} reasons, as {page} says")
    return 1 if missing else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2]))
