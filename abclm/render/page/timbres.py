"""The timbres of a page's player, and the one that plays for each instrument."""

from bisect import bisect_right
from typing import Final

from abclm.notation.tune.music import Tune
from abclm.render.sound.instruments import program_in, program_of

__all__ = ["TIMBRES", "timbre_of", "timbre_of_program"]

TIMBRES: Final = {
    "fiddle": "Fiddle",
    "flute": "Flute",
    "whistle": "Whistle",
    "reed": "Accordion",
    "plucked": "Harp",
    "piano": "Piano",
}
"""The timbres and their names on the page."""

_FROM: Final = (
    (0, "piano"),
    (8, "plucked"),  # glockenspiel, xylophone, dulcimer
    (16, "reed"),  # organ, accordion, harmonica
    (24, "plucked"),  # guitar, bass
    (40, "fiddle"),
    (45, "plucked"),  # pizzicato, harp, timpani
    (48, "fiddle"),  # strings, voices
    (56, "reed"),  # brass, reeds
    (72, "whistle"),  # piccolo
    (73, "flute"),
    (74, "whistle"),  # recorder
    (75, "flute"),
    (78, "whistle"),  # whistle, ocarina
    (80, "reed"),  # synthesisers
    (104, "plucked"),  # sitar, banjo, shamisen, koto, kalimba
    (109, "reed"),  # bagpipe
    (110, "fiddle"),
    (111, "reed"),
    (112, "plucked"),
)
"""The first program of General MIDI that each timbre plays, up to the next."""


def timbre_of(tune: Tune, instrument: str | None) -> str:
    """Return the timbre for the listener's instrument, else for the tune's; empty without either.

    Raises:
        InputError: there is no such instrument.
    """
    voice = tune.voices[0].id if tune.voices else ""
    program = program_in(tune, voice) if instrument is None else program_of(instrument)
    return "" if program is None else timbre_of_program(program)


def timbre_of_program(program: int) -> str:
    """Return the timbre that plays a program of General MIDI, from 0."""
    return _FROM[bisect_right(_FROM, program, key=lambda row: row[0]) - 1][1]
