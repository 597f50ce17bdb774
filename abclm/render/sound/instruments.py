"""The instruments a tune can be played with, by name: programs of General MIDI Level 1."""

import re
from typing import Final

from abclm.errors import InputError
from abclm.notation.syntax.tokens import FIELD_KINDS, TokenKind
from abclm.notation.tune.music import Tune, voice_id

__all__ = ["INSTRUMENTS", "program_for", "program_in", "program_of"]

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


def program_in(tune: Tune, voice: str) -> int | None:
    """Return the program of ``%%MIDI program 73`` or ``%%MIDI program 1 73``, if there is one.

    Args:
        tune: the tune.
        voice: the id of a voice; the first program below its ``V:`` goes before any above all.
    """
    found: dict[str | None, int] = {}
    below: str | None = None
    for token in tune.tokens:
        if token.kind in FIELD_KINDS and token.field == "V":
            below = voice_id(token.value)
            continue
        match = _DIRECTIVE.fullmatch(token.text) if token.kind is TokenKind.DIRECTIVE else None
        if match and len(match.group(1)) <= 3 and int(match.group(1)) <= 127:
            found.setdefault(below, int(match.group(1)))
    return found.get(voice, found.get(None))


def program_for(tune: Tune, voice: str, instrument: str | None) -> int:
    """Return the program that plays a voice: of ``instrument``, else of the tune, else a violin.

    Raises:
        InputError: the instrument is unknown.
    """
    program = program_in(tune, voice) if instrument is None else program_of(instrument)
    return INSTRUMENTS["violin"] if program is None else program


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
