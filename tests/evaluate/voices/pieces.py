"""Pieces of several voices, a line for each voice, as ABC without ``X:``."""

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
