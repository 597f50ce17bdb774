"""What matters of a tune when it is to follow another in a set."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from abclm.notation.play.sounding import sounding_notes
from abclm.notation.play.tempo import tempo_of
from abclm.notation.syntax.key import Key
from abclm.notation.syntax.tables import NATURAL_SEMITONES, RHYTHMS
from abclm.notation.tune.music import Tune
from abclm.notation.tune.titles import normalise_title

__all__ = ["SetFeatures", "key_step", "pitch_name", "rhythm_of", "set_features"]

_STEPS: Final = {7: (1.0, "up a fifth"), 5: (0.85, "down a fifth"), 2: (0.75, "up a tone")}
"""By the semitones from tonic to tonic: how well the key follows, and the name of the step."""
_FAR: Final = 3
"""The most sharps and flats by which the signatures of related keys differ, as G and Gm do."""
_NAMES: Final = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B")


@dataclass(frozen=True, slots=True)
class SetFeatures:
    """A tune as one of a set.

    Attributes:
        number: its reference number.
        title: its title.
        plain_title: that without articles and punctuation, by which settings are recognised.
        rhythm: its rhythm in one spelling, or its meter if it names none.
        named: whether it names its rhythm.
        key: its key.
        low, high: its lowest and highest pitch, as MIDI numbers.
        mean: its mean pitch, each note weighted with its length.
        first, last: its first and its last pitch.
        density: notes per beat.
    """

    number: int
    title: str
    plain_title: str
    rhythm: str
    named: bool
    key: Key
    low: int
    high: int
    mean: float
    first: int
    last: int
    density: float


def set_features(tune: Tune) -> SetFeatures | None:
    """Return the features of ``tune``; None if it has no number, tonic or notes."""
    number, key = tune.value("X") or "", tune.key
    if not number.isdecimal() or key is None or key.tonic[:1] not in NATURAL_SEMITONES:
        return None
    notes = sounding_notes(tune)
    if not notes:
        return None
    tops = np.array([note.pitches[-1] for note in notes])
    lengths = np.array([float(note.duration) for note in notes])
    if not lengths.sum():
        return None
    return SetFeatures(
        number=int(number[:9]),
        title=tune.title,
        plain_title=normalise_title(tune.title),
        rhythm=rhythm_of(tune),
        named=bool(tune.value("R")),
        key=key,
        low=min(note.pitches[0] for note in notes),
        high=int(tops.max()),
        mean=float(tops @ lengths / lengths.sum()),
        first=int(tops[0]),
        last=int(tops[-1]),
        density=len(notes) * float(tempo_of(tune).beat) / float(lengths.sum()),
    )


def rhythm_of(tune: Tune) -> str:
    """Return the rhythm of a tune in one spelling, or its meter if it names none."""
    named = " ".join((tune.value("R") or "").lower().split())
    return RHYTHMS.get(named, RHYTHMS.get(named.removesuffix("s"), named)) or str(tune.meter)


def key_step(before: Key, after: Key) -> tuple[float, str]:
    """Return how well ``after`` follows ``before``, 0 to 1, and why; both keys have a tonic.

    The reason is empty if they are unrelated.
    """
    if abs(_sharps(before) - _sharps(after)) > _FAR:
        return 0.0, ""
    up = (_pitch_class(after) - _pitch_class(before)) % 12
    same_signature = before.alterations == after.alterations
    names = f"{before} to {after}"
    if not up:
        if same_signature:
            return 0.45, f"same key ({after})"
        return 0.8, f"same tonic, other mode ({names})"
    if same_signature:
        return 0.9, f"relative key ({names})"
    score, step = _STEPS.get(up, (0.0, ""))
    return score, f"{step} ({names})" if step else ""


def pitch_name(pitch: int) -> str:
    """Return the name of a MIDI number, such as ``C4`` for 60."""
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"


def _pitch_class(key: Key) -> int:
    return NATURAL_SEMITONES[key.tonic[0]] + key.tonic.count("#") - key.tonic.count("b")


def _sharps(key: Key) -> int:
    return sum(shift for _, shift in key.signature)
