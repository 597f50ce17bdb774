"""What the reader of MIDI is told by its user."""

from dataclasses import dataclass

__all__ = ["MidiOptions"]


@dataclass(frozen=True, slots=True)
class MidiOptions:
    """How to read a MIDI file; what is None is taken from the file, or guessed."""

    meter: str | None = None
    """The meter, such as 3/4."""
    key: str | None = None
    """The key, such as Am."""
    pickup: str | None = None
    """The length of the pickup in whole notes, such as 1/4; 0 for none."""
    grid: str | None = None
    """The shortest notes, such as 16 for sixteenths; 16+24 adds their triplets."""
    voices: int | None = None
    """The number of voices that a single track is separated into."""
    performance: bool = False
    """Whether the file was played, not written: its beats are then found from the notes."""
