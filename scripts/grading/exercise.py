"""The check of an exercise, run on a student's file."""


def variables():
    """The variables in the environment that say which file is checked."""
    return set()


class OfExercise:
    def __init__(self, name, build, course):
        raise SystemExit(f"grade: there is no program or exercise {name}")
