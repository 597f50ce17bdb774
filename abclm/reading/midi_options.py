"""What the reader of MIDI is told by its user."""

from dataclasses import dataclass
from typing import Annotated

from abclm.option import Option

__all__ = ["MidiOptions"]


@dataclass(frozen=True)
class MidiOptions:
    """How to read a MIDI file; what is None is taken from the file, or guessed."""

    meter: Annotated[str | None, Option("Meter of MIDI files, such as 3/4; else guessed.")] = None
    key: Annotated[str | None, Option("Key of MIDI files, such as Am; else guessed.")] = None
    pickup: Annotated[
        str | None, Option("Pickup of MIDI files in whole notes, such as 1/4; 0 for none.")
    ] = None
    grid: Annotated[
        str | None, Option("Shortest notes of MIDI files: 16, or 16+24 with triplets.")
    ] = None
    voices: Annotated[
        int | None, Option("Number of voices that one track of MIDI is separated into.")
    ] = None
    performance: Annotated[bool, Option("The MIDI was played: find its beats from the notes.")] = (
        False
    )
