"""The grammars of several voices: the first is free, the others fill what it has filled."""

from fractions import Fraction
from typing import Final

from abclm.constraint.follower_grammar import MOST_IN_CHORD, FollowerGrammar
from abclm.constraint.free_sections import FreeSections
from abclm.constraint.metre import Metre
from abclm.constraint.nodes import Nodes
from abclm.constraint.tune_grammar import TuneGrammar
from abclm.model.vocabulary import Vocabulary
from abclm.notation.syntax.meter import Meter

__all__ = ["VoicesGrammars"]

_DIVISIONS: Final = (4, 8)
"""Up to 4 parts of the unit note length; up to 8 if the bar cannot be filled otherwise."""
_DIVISIONS_OF_FOLLOWERS: Final = (2, *_DIVISIONS)
"""Up to 2 parts: beside another voice, shorter notes are slips more often than not."""


class _FirstVoice(TuneGrammar):
    """The grammar of the first voice."""

    most_in_chord = MOST_IN_CHORD


class VoicesGrammars:
    """The grammars over one vocabulary, cached.

    Args:
        vocabulary: the model's vocabulary.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self._known = frozenset(vocabulary.characters)
        self._first: dict[tuple[Meter, Fraction, bool], Nodes | None] = {}
        self._followers: dict[tuple[Meter, Fraction, int, bool], Nodes | None] = {}

    def first(self, meter: Meter, unit: Fraction, *, closing: bool = False) -> Nodes | None:
        """The grammar of the first voice; None if a bar cannot be filled.

        Args:
            meter: the meter of the piece.
            unit: its unit note length, in whole notes.
            closing: whether the piece must end as soon as it can.
        """
        key = meter, unit, closing
        if key not in self._first:
            fitting = self._fitting(meter, unit)
            self._first[key] = (
                None
                if fitting is None
                else Nodes(
                    _FirstVoice(fitting, FreeSections(fitting.bar, closing=closing)),
                    self.vocabulary,
                )
            )
        return self._first[key]

    def follower(self, meter: Meter, unit: Fraction, ticks: int, *, can_tie: bool) -> Nodes | None:
        """The grammar of a bar of ``ticks`` beside the first voice; None if it cannot be filled."""
        key = meter, unit, ticks, can_tie
        if key not in self._followers:
            made = (
                FollowerGrammar(Metre(meter, unit, self._known, finest), ticks, can_tie=can_tie)
                for finest in _DIVISIONS_OF_FOLLOWERS
            )
            fitting = next((grammar for grammar in made if grammar.can_begin), None)
            self._followers[key] = None if fitting is None else Nodes(fitting, self.vocabulary)
        return self._followers[key]

    def _fitting(self, meter: Meter, unit: Fraction) -> Metre | None:
        made = (Metre(meter, unit, self._known, finest) for finest in _DIVISIONS)
        return next((metre for metre in made if metre.can_be_written), None)
