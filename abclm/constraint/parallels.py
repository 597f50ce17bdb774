"""The cost of parallel fifths and octaves while several voices are written.

A soft cost: it makes a letter less likely, and never forbids one. With a cost of ``c`` nats, a
letter that would make parallels keeps ``exp(-c)`` of its weight beside the others.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from abclm.decoding.constraint import Bias
from abclm.model.vocabulary import Vocabulary
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.ensemble import Ensemble
from abclm.notation.cursor.sound import alteration
from abclm.notation.cursor.state import State
from abclm.notation.syntax.accidentals import ALTERATIONS
from abclm.notation.syntax.tables import NATURAL_SEMITONES

__all__ = ["Parallels"]

_OPEN: Final = frozenset({State.GROUP, State.BRACKET, State.TUPLET, State.FIELD})


@dataclass(frozen=True, slots=True)
class Parallels:
    """The cost of parallel fifths and octaves.

    Attributes:
        cost: in nats; 0 or more.
    """

    cost: float = 6.0

    def bias(self, ensemble: Ensemble, vocabulary: Vocabulary) -> Bias | None:
        """What is added to the logits where the next character may be a note; None for nothing."""
        rows = ensemble.rows
        if rows is None or rows.at == 0:
            return None
        own = ensemble.voices[rows.at]
        cursor = own.cursor
        if cursor.state in _OPEN or cursor.pitches.tied or own.sound.last is None:
            return None
        moment = cursor.settled.time.used if cursor.time.begun else 0
        last = own.sound.last.pitches[0]
        sounds = (ensemble.voices[number].sound for number in range(rows.at))
        forbidden = {sound.parallel(moment, last) for sound in sounds} - {None}
        if not forbidden:
            return None
        letters = [
            letter
            for name in NATURAL_SEMITONES
            if _pitch_class(cursor, name) in forbidden
            for letter in (name, name.lower())
        ]
        known = [letter for letter in letters if letter in vocabulary.characters]
        if not known:
            return None
        found = np.zeros(vocabulary.size)
        found[vocabulary.encode("".join(sorted(known)))] = -self.cost
        return found


def _pitch_class(cursor: Cursor, name: str) -> int:
    """The pitch class of the letter ``name`` with the accidental written before it."""
    pitches = cursor.pitches
    if pitches.accidental:
        sign = ALTERATIONS.get(pitches.accidental, 0)
    else:
        sign = alteration(pitches.key, pitches.carried, name)
    return (NATURAL_SEMITONES[name] + sign) % 12
