"""Pieces of several voices, a line for each voice, as ABC without ``X:``."""

import numpy as np

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.music import Tune


def piece(*voices: str, meter: str = "4/4", unit: str = "1/4", key: str = "C") -> str:
    """Return a piece; the music of each voice ends with a bar line."""
    names = "".join(f"V:{number}\n" for number in range(1, len(voices) + 1))
    body = "".join(f"[V:{number}]{music}\n" for number, music in enumerate(voices, 1))
    return f"T:piece\nM:{meter}\nL:{unit}\n{names}K:{key}\n{body}"


def parsed(*voices: str, meter: str = "4/4", unit: str = "1/4", key: str = "C") -> Tune:
    text = piece(*voices, meter=meter, unit=unit, key=key)
    return parse_tunebook(f"X:1\n{text}")[0].tune


CHORDS = (("c", "G", "E", "C"), ("A", "F", "C", "F,"), ("B", "G", "D", "G,"), ("c", "A", "E", "A,"))
"""Chords of four voices in C, without parallels from one to the next but between the last two."""


def chorale(rows: str, title: str = "piece") -> str:
    """Return a piece of four voices, a bar of one chord for each digit in ``rows``."""
    names = "".join(f"V:{number}\n" for number in range(1, 5))
    lines = [
        "".join(
            f"[V:{number}]{note}4{'|]' if place == len(rows) else '|'}"
            for number, note in enumerate(CHORDS[int(digit)], 1)
        )
        for place, digit in enumerate(rows, 1)
    ]
    body = "\n".join(lines)
    return f"T:{title}\nM:4/4\nL:1/4\n{names}K:C\n{body}\n"


def random_chorale(rng: np.random.Generator, title: str, *, parallel: bool) -> str:
    """Return a piece of four bars, whose last two voices move in parallel or one of them not."""
    voices: list[list[str]] = [[], [], [], []]
    for _ in range(4):
        steps = rng.integers(0, 7, 4)
        for voice, notes in enumerate(voices):
            moved = steps if parallel or voice < 2 else rng.permutation(steps)
            notes.append("".join("CDEFGAB"[step] for step in moved))
    music = ("|".join(notes) + "|]" for notes in voices)
    return piece(*music).replace("T:piece", f"T:{title}")
