"""Damaged logs and noise: the parser and the machine make something of everything, and never fail."""

import gzip
import json
import random
from pathlib import Path

import jsonschema

from course.trace import event
from course.trace.event import Event
from course.trace.steps import Machine
from course.trace.strace import Parser, parse

LINES = [line for name in ("lesson-06", "python")
         for line in gzip.decompress((Path(__file__).parent / "logs" / f"{name}.log.gz").read_bytes()).decode().splitlines()
         if not line.startswith(" > ")]
SEED = "<>[]{}()=,\"\\->:|0123456789 \n\t\0é~?EPOLLIN SIGKILL <unfinished ...> resumed> +++ ---"


def damaged(chance: random.Random) -> str:
    """Some lines in a row, with something wrong."""
    at = chance.randrange(len(LINES))
    text = list("\n".join(LINES[at:at + chance.randrange(1, 40)]))
    for _ in range(chance.randrange(0, 12)):
        place = chance.randrange(len(text) + 1)
        how = chance.randrange(4)
        if how == 0:
            del text[place:place + chance.randrange(1, 30)]
        elif how == 1:
            text.insert(place, chance.choice(SEED))
        elif how == 2:
            text[place:place] = list(str(chance.choice((-1, 0, 2**31, 2**63, 10**30))))
        else:
            text[place:place] = text[max(0, place - chance.randrange(1, 200)):place]
    return "".join(text)


def taken(events: list[Event], machine: Machine) -> list[dict[str, object]]:
    """The steps of events."""
    return [step for each in events for step in machine.take(each)]


def test_damaged_logs_never_make_it_fail() -> None:
    check = jsonschema.Draft202012Validator(event.schema())
    for seed in range(4000):
        chance = random.Random(seed)
        text = damaged(chance)
        events = parse(text)
        taken(events, Machine(course=bool(seed % 2)))
        if seed % 40 == 0:
            for each in events:
                check.validate(json.loads(json.dumps(each.json())))


def test_noise_never_makes_it_fail() -> None:
    for seed in range(3000):
        chance = random.Random(seed)
        text = "".join(chance.choice(SEED) for _ in range(chance.randrange(400)))
        parser, machine = Parser(), Machine()
        for at in range(0, len(text), 50):
            taken([*parser.feed(text[at:at + 50]), *parser.idle()], machine)
        taken(parser.close(), machine)
