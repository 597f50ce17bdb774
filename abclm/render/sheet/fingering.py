"""Where each note is on a whistle, a mandolin and a fiddle; pitches are MIDI numbers as written."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from abclm.notation.play.notes import Holding, NoteReader
from abclm.notation.syntax.instructions import propagation_of
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import BodyField, Event, Item, Overlay, Tune
from abclm.render.engrave.mei_layer import event_id

__all__ = [
    "FINGERS",
    "OPEN_STRINGS",
    "WHISTLE",
    "Stopped",
    "Whistled",
    "finger_of",
    "fret_of",
    "struck_pitches",
    "whistled",
]


class Whistled(NamedTuple):
    """A fingering of the whistle.

    Attributes:
        holes: the six holes from the mouthpiece down: ``x`` closed, ``h`` half closed, ``o`` open.
        overblown: whether it is blown harder, for the octave above.
    """

    holes: str
    overblown: bool


class Stopped(NamedTuple):
    """A place on a string.

    Attributes:
        string: 0 for the highest string, 3 for the lowest.
        label: what is written there: a fret, or a finger.
    """

    string: int
    label: str


_LOWEST: Final = 62
"""The lowest note of a whistle in D, written below the staff as ABC's ``D``."""
_LOW: Final = (
    *("xxxxxx", "xxxxxh", "xxxxxo", "xxxxho", "xxxxoo", "xxxooo"),
    *("xxhooo", "xxoooo", "xhoooo", "xooooo", "oxxooo", "oooooo"),
)
"""From D up by semitones; a note outside D major is half-holed, and C natural cross-fingered."""
_HIGH: Final = ("oxxxxx", *_LOW[1:10], "hooooo", "oooooo")
"""The octave above: D has its first hole open, and the cross-fingering of C is out of tune."""
WHISTLE: Final = {
    **{_LOWEST + step: Whistled(holes, overblown=False) for step, holes in enumerate(_LOW)},
    **{_LOWEST + 12 + step: Whistled(holes, overblown=True) for step, holes in enumerate(_HIGH)},
}
"""The fingering of each note of a whistle in D."""

OPEN_STRINGS: Final = {"E": 76, "A": 69, "D": 62, "G": 55}
"""The strings of mandolin and fiddle, the highest first."""
FINGERS: Final = ("0", "L1", "1", "L2", "2", "3", "H3", "4", "H4")
"""The fingers of the fiddle in first position, by semitones above the open string.

``L`` is a low finger and ``H`` a high one: on the D string, ``L2`` is F and ``2`` is F sharp.
"""
_MOST_FRETS: Final = 17


def whistled(pitch: int) -> Whistled | None:
    """Return the fingering of ``pitch`` on a whistle in D; None if it has no such note."""
    return WHISTLE.get(pitch)


def fret_of(pitch: int) -> Stopped | None:
    """Return string and fret of ``pitch`` on a mandolin, on the highest string that has it."""
    return _stopped(pitch, tuple(map(str, range(_MOST_FRETS + 1))))


def finger_of(pitch: int) -> Stopped | None:
    """Return string and finger of ``pitch`` on a fiddle in first position, open if possible."""
    return _stopped(pitch, FINGERS)


def _stopped(pitch: int, labels: tuple[str, ...]) -> Stopped | None:
    for string, lowest in enumerate(OPEN_STRINGS.values()):
        if pitch >= lowest:
            above = pitch - lowest
            return Stopped(string, labels[above]) if above < len(labels) else None
    return None


def struck_pitches(tune: Tune, prefix: str = "n") -> dict[str, int]:
    """Return the pitch of each note of the first voice, by the id of the event in the picture.

    Of a chord it is the highest note. A note that is tied to the one before is not struck.
    """
    if not tune.voices:
        return {}
    line = tune.voices[0].tune
    reader = NoteReader(propagation_of(line.instructions))
    key = line.key
    onsets: list[tuple[str, object]] = []
    for bar in bars(line):
        onsets += [(event_id(prefix, event), onset) for event, onset in _onsets(bar.items, reader)]
        start, later, key = _keys(bar.items, key)
        reader.read(bar, start, later)
    sounding: dict[object, int] = {}
    for note in reader.notes:
        sounding[note.onset] = max(sounding.get(note.onset, 0), *note.pitches)
    return {name: sounding[onset] for name, onset in onsets if onset in sounding}


def _onsets(items: tuple[Item, ...], reader: NoteReader) -> Iterator[tuple[Event, object]]:
    """Yield the events of the first layer of a bar that have notes, each with its onset."""
    now = reader.now
    for item in items:
        if isinstance(item, Overlay):
            return
        if isinstance(item, Event):
            if item.pitches:
                yield item, now
            now += item.duration


def _keys(
    items: tuple[Item, ...], key: Key | None
) -> tuple[Holding, dict[int, Holding], Key | None]:
    """Return the key at the start of a bar, those from later items on, and the one at its end."""
    start, begun = key, False
    later: dict[int, Holding] = {}
    for place, item in enumerate(items):
        begun = begun or isinstance(item, Event)
        if isinstance(item, BodyField) and item.name == "K":
            key = parse_key(item.value) or key
            if begun:
                later[place] = Holding(key)
            else:
                start = key
    return Holding(start), later, key
