#!/usr/bin/env python3
"""Finds phrases that a reader stumbles over, and terms that the path uses before it introduces them.

usage: .ci/phrases.py FILE...

.ci/phrases.txt and .ci/terms.txt are the lists. It prints each place, and ends with status 1 if there is one."""

import re
import sys
from pathlib import Path

COURSE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(COURSE / "scripts"))
from course.book import path  # noqa: E402 - it is found there

FOLDED = re.compile(r"<details>.*?</details>|<!--.*?-->|\]\([^)]*\)|^\[Start\].*?\n\n|^## What next\n.*", re.S | re.M)


def listed(name: str) -> list[tuple[str, str]]:
    """The lines of a list, in their two parts."""
    lines = (COURSE / ".ci" / name).read_text(encoding="utf-8").splitlines()
    return [(first, second) for line in lines if not line.startswith("#") for first, _, second in [line.partition("\t")]]


def phrases(files: list[str]) -> list[str]:
    """Where one of the phrases stands in the files."""
    banned = [(re.compile(phrase.replace(" ", r"[\s/#]+")), instead) for phrase, instead in listed("phrases.txt")]
    found = []
    for file in files:
        text = Path(file).read_text(encoding="utf-8")
        for phrase, instead in banned:
            for match in phrase.finditer(text):
                line = text.count("\n", 0, match.start()) + 1
                found.append(f"{file}:{line}: '{' '.join(match[0].split())}'; better: {instead}")
    return found


def early_terms() -> list[str]:
    """Where a page of the path uses a term that a later page introduces."""
    steps = [file for indented, file, _ in path.entries("student") if not indented and re.match(r"0\d-|docs/before", file)]
    pages = {step: FOLDED.sub("", (COURSE / step).read_text(encoding="utf-8")) for step in steps}
    found = []
    for term, introduced in listed("terms.txt"):
        word = re.compile(rf"(?<![\w-]){re.escape(term)}", re.I if term.islower() else 0)
        if not word.search(pages[introduced]):
            found.append(f"{introduced}: does not introduce '{term}' any more")
        found += [f"{step}: uses '{term}', which {introduced} introduces"
                  for step in steps[: steps.index(introduced)] if word.search(pages[step])]
    return found


def main(files: list[str]) -> int:
    """Looks through the files and the path."""
    found = phrases(files) + early_terms()
    print("\n".join(found) if found else f"{len(files)} files: none of the phrases, and each term after it is introduced")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
