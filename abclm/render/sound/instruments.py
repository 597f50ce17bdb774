"""The instruments a tune can be played with, by name: programs of General MIDI Level 1."""

import re
from typing import Final

from abclm.errors import InputError
from abclm.notation.syntax.tokens import TokenKind
from abclm.notation.tune.music import Tune

__all__ = ["INSTRUMENTS", "program_in", "program_of"]

INSTRUMENTS: Final = {
    "accordion": 21,
    "bagpipe": 109,
    "banjo": 105,
    "bouzouki": 25,
    "cello": 42,
    "clarinet": 71,
    "concertina": 23,
    "dulcimer": 15,
    "fiddle": 110,
    "flute": 73,
    "glockenspiel": 9,
    "guitar": 24,
    "harmonica": 22,
    "harp": 46,
    "harpsichord": 6,
    "mandolin": 25,
    "music box": 10,
    "oboe": 68,
    "ocarina": 79,
    "organ": 19,
    "piano": 0,
    "piccolo": 72,
    "recorder": 74,
    "steel guitar": 25,
    "strings": 48,
    "trumpet": 56,
    "uilleann pipes": 109,
    "violin": 40,
    "whistle": 78,
    "xylophone": 13,
}
"""Name to program, counted from 0. An instrument that General MIDI lacks gets the nearest one: a
concertina the tango accordion, a mandolin the steel guitar."""

_ALSO: Final = {
    "bagpipes": "bagpipe",
    "button accordion": "accordion",
    "pipes": "uilleann pipes",
    "tin whistle": "whistle",
    "uilleann": "uilleann pipes",
}


_DIRECTIVE: Final = re.compile(r"%%MIDI\s+program\s+(?:\d+\s+)?(\d+)\s*(?:%.*)?")


def program_in(tune: Tune) -> int | None:
    """Return the program of the first ``%%MIDI program 73`` or ``%%MIDI program 1 73``, if any."""
    for token in tune.tokens:
        match = _DIRECTIVE.fullmatch(token.text) if token.kind is TokenKind.DIRECTIVE else None
        if match and len(match.group(1)) <= 3 and int(match.group(1)) <= 127:
            return int(match.group(1))
    return None


def program_of(name: str) -> int:
    """Return the General MIDI program, from 0, of an instrument; case and spaces do not matter.

    Raises:
        InputError: the name is unknown; the message lists the known names.
    """
    wanted = " ".join(name.lower().replace("-", " ").replace("_", " ").split())
    program = INSTRUMENTS.get(_ALSO.get(wanted, wanted))
    if program is None:
        raise InputError(f"no instrument {name!r}; there are: {', '.join(INSTRUMENTS)}")
    return program
