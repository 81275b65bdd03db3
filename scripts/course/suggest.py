"""Did you mean …?"""

from collections.abc import Iterable


def distance(one: str, other: str) -> int:
    """How many letters to insert, delete, replace or swap to get from one to the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one):
        following = [i + 1]
        for j, wanted in enumerate(other):
            best = min(row[j] + (letter != wanted), row[j + 1] + 1, following[j] + 1)
            if i and j and letter == other[j - 1] and one[i - 1] == wanted:
                best = min(best, before[j - 1] + 1)
            following.append(best)
        before, row = row, following
    return row[-1]


def nearest(word: str, names: Iterable[str]) -> str:
    """The name that was probably meant, or nothing. A number resembles every other number, so none is suggested for it."""
    word = word.lower()
    if not word or word.isdecimal():
        return ""
    names = list(names)
    best, found = min(((distance(word, name), name) for name in names), key=lambda pair: pair[0], default=(99, ""))
    if best < 2 + len(word) // 5:
        return found
    parts = [name for name in names if len(word) >= 3 and word in name]  # such as half for half-close
    return parts[0] if parts else ""


def did_you_mean(word: str, names: Iterable[str]) -> str:
    """": did you mean 'NAME'?", or nothing."""
    name = nearest(word, names)
    return f": did you mean '{name}'?" if name else ""
