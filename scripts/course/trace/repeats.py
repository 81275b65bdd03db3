"""Makes a long run short: a loop that goes on doing the same is shown twice, and then counted."""

import re
from difflib import SequenceMatcher
from typing import Any

LONGEST = 14  # steps of a turn of a loop
SHOWN = 2  # turns that are shown

Step = dict[str, Any]


def looks(step: Step) -> tuple[Any, ...]:
    """What is the same about two steps that differ only in numbers and texts."""
    says = re.sub(r"[0-9][0-9,.]*|b'.*'", "0", step["says"].partition(" prints: ")[0].partition("The program prints: ")[0])
    return step["who"], step["call"], step.get("place", {}).get("line"), re.sub(r"\b0 bytes?\b", "some", says)


def turns(signs: list[tuple[Any, ...]], at: int, length: int) -> int:
    """How often the steps that begin here come, one time after the other."""
    count = 1
    first = signs[at:at + length]
    while signs[at + count * length:at + (count + 1) * length] == first:
        count += 1
    return count


def merged(steps: list[Step], length: int) -> Step:
    """Many turns as one step."""
    count = len(steps) // length
    together: Step = {**steps[-1], "set": {}}
    together.pop("prints", None)
    prints: list[Step] = []
    for step in steps:
        together["set"].update(step["set"])
        for each in step.get("prints", []):
            if prints and {**prints[-1], "text": ""} == {**each, "text": ""}:
                prints[-1]["text"] += each["text"]
            else:
                prints.append(dict(each))
    if prints:
        for each in prints:
            if len(each["text"]) > 400:
                each["text"] = each["text"][:200] + " … " + each["text"][-100:]
        together["prints"] = prints
    together["says"] = (f"And so on: the same happens {count:,} more times." if length == 1 else
                        f"And so on: the last {length} steps happen {count:,} more times.")
    return together


def shorter(steps: list[Step]) -> list[Step]:
    """The steps without what only repeats others."""
    signs = [looks(step) for step in steps]
    short: list[Step] = []
    at = 0
    while at < len(steps):
        best = max(((turns(signs, at, length) - SHOWN) * length, -length) for length in range(1, LONGEST + 1))
        length = -best[1]
        if best[0] < max(length + 1, 4):
            short.append(steps[at])
            at += 1
            continue
        shown, end = at + SHOWN * length, at + turns(signs, at, length) * length
        short += steps[at:shown]
        short.append(merged(steps[shown:end], length))
        at = end
    return short


def side_by_side(first: list[Step], second: list[Step]) -> list[tuple[int, int]]:
    """Two runs on one time line: which step of each is shown at each moment. What both do alike is shown together."""
    signs = [[(str(step["who"]), str(step["call"])) for step in steps] for steps in (first, second)]
    # What others do is the scene, the same for both; between two such moments each program has its own way.
    scenes = [[number for number, sign in enumerate(each) if sign[0] != "program"] for each in signs]
    meet = SequenceMatcher(None, [signs[0][at] for at in scenes[0]], [signs[1][at] for at in scenes[1]], autojunk=False)
    pairs = [(scenes[0][match.a + number], scenes[1][match.b + number]) for match in meet.get_matching_blocks()
             for number in range(match.size)]
    moments: list[tuple[int, int]] = []
    begin, other = 0, 0
    for end, stop in [*pairs, (len(first), len(second))]:
        inner = SequenceMatcher(None, signs[0][begin:end], signs[1][other:stop], autojunk=False)
        for _, low, high, left, right in inner.get_opcodes():
            for number in range(max(high - low, right - left)):
                moments.append((begin + min(low + number, high - 1) if high > low else max(0, begin + low - 1),
                                other + min(left + number, right - 1) if right > left else max(0, other + left - 1)))
        if end < len(first):
            moments.append((end, stop))
        begin, other = end + 1, stop + 1
    return moments
