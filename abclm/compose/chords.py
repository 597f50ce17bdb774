"""Chord symbols over a tune: chosen for the whole melody at once, and written into its text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Final

import numpy as np

from abclm.compose.chord_grid import grid_of
from abclm.compose.chord_model import HarmonyModel, Indices, Scores, load_harmony
from abclm.compose.chord_names import Chord, chords_of, is_chord_symbol, mode_of, tonic_of
from abclm.compose.chord_slots import Part, Slot, slots_of
from abclm.errors import InputError
from abclm.notation.syntax.tokens import Token, TokenKind
from abclm.notation.tune.bars import bars
from abclm.notation.tune.line import melodic_line
from abclm.notation.tune.music import Tune
from abclm.notation.tune.numbering import number_bars

__all__ = ["ChordSymbol", "chord_symbols", "chosen_chords", "with_chord_symbols"]

_ATTACHED: Final = frozenset(
    {TokenKind.DECORATION, TokenKind.STRING, TokenKind.SLUR_OPEN, TokenKind.TUPLET}
)
"""What may stand between a chord symbol and its note."""
_AGAIN: Final = 1.5
"""What a chord gains that a bar had first, where the bar comes again, in nats."""
_SOUNDS: Final = frozenset({TokenKind.NOTE, TokenKind.REST, TokenKind.CHORD_OPEN})


@dataclass(frozen=True, slots=True)
class ChordSymbol:
    """A chord symbol and where it stands.

    Attributes:
        bar: index of the bar, pickups counted.
        onset: where in the bar the chord begins, in whole notes.
        token: the note or rest it stands over.
        text: the symbol, such as ``Em``.
    """

    bar: int
    onset: Fraction
    token: Token
    text: str


def chord_symbols(
    tune: Tune,
    model: HarmonyModel | None = None,
    *,
    grid: str | None = None,
    replace: bool = False,
) -> list[ChordSymbol]:
    """Return chord symbols for the first voice of ``tune``, one wherever the chord changes.

    The chord is stated again where a section, a repeat or an ending starts.

    Args:
        tune: a tune whose key has a tonic.
        model: the tables; by default those that come with the package.
        grid: how often the chord may change, `BEATS` or `HALVES`; by default as the melody moves.
        replace: whether the chord symbols that the tune has are going to be removed. Otherwise its
            sections with chord symbols keep them and get no others.

    Raises:
        InputError: the key has no tonic, or there are no notes.
    """
    slots, chords = chosen_chords(tune, model, grid=grid)
    kept = set() if replace else _sections_with_symbols(tune)
    symbols: list[ChordSymbol] = []
    before = ""
    for slot, chord in zip(slots, chords, strict=True):
        if slot.section in kept:
            before = ""
            continue
        name = chord.name(tonic_of(slot.key))
        if slot.opens or name != before:
            symbols.append(ChordSymbol(slot.bar, slot.onset, slot.token, name))
        before = name
    return symbols


def chosen_chords(
    tune: Tune, model: HarmonyModel | None = None, *, grid: str | None = None
) -> tuple[list[Slot], list[Chord]]:
    """Return the slots of ``tune`` and the chord of each, the most probable of all sequences.

    Raises:
        InputError: the key has no tonic, or there are no notes.
    """
    if melodic_line(tune) is None:
        raise InputError("chord symbols need notes, and a key with a tonic, such as K:G")
    grid = grid or grid_of(tune)
    model = model or load_harmony()
    slots = slots_of(tune, grid)
    chords: list[Chord] = []
    for key, group in groupby(slots, key=lambda slot: slot.key):
        names = chords_of(key)
        chords += [names[at] for at in best_path(model, grid, mode_of(key), [*group])]
    return slots, chords


def best_path(model: HarmonyModel, grid: str, mode: str, slots: Sequence[Slot]) -> list[int]:
    """Return the index of each slot's chord in the best sequence.

    Found twice: the second time a bar that comes again is drawn to the chords it had first.
    """
    here = [
        model.melody(grid, mode, slot.parts, slot.size) + model.place(grid, mode, slot.place)
        for slot in slots
    ]
    whole: dict[int, list[tuple[Part, ...]]] = {}
    for slot in slots:
        whole.setdefault(slot.bar, []).append(slot.parts)
    names = [(slot.onset, *whole[slot.bar]) for slot in slots]
    first: dict[tuple[object, ...], int] = {}
    for name, chord in zip(names, _viterbi(model, grid, mode, slots, here), strict=True):
        first.setdefault(name, chord)
    for name, scores in zip(names, here, strict=True):
        scores[first[name]] += _AGAIN
    return _viterbi(model, grid, mode, slots, here)


def _viterbi(
    model: HarmonyModel, grid: str, mode: str, slots: Sequence[Slot], here: Sequence[Scores]
) -> list[int]:
    """The sequence of chords with the best score, given each slot's own scores ``(chord,)``."""
    score = model.anywhere(grid, mode)
    back: list[Indices] = []
    before_endings = 0
    for at, (slot, own) in enumerate(zip(slots, here, strict=True)):
        if not at:
            back.append(np.zeros(len(score), dtype=np.intp))
        elif slot.ending > 1:
            # What is played before it is not the ending written before it, but the repeat.
            back.append(np.full(len(score), score.argmax()))
            score = score.max() + model.moves(grid, mode, slot.level)[before_endings]
        else:
            before_endings = int(score.argmax()) if slot.ending else before_endings
            moves = score[:, None] + model.moves(grid, mode, slot.level)
            back.append(moves.argmax(axis=0))
            score = moves.max(axis=0)
        score = score + own
    at = int(score.argmax())
    path: list[int] = []
    for pointers in reversed(back):
        path.append(at)
        at = int(pointers[at])
    return path[::-1]


def with_chord_symbols(tune: Tune, symbols: Iterable[ChordSymbol], *, replace: bool = False) -> str:
    """Return the text of ``tune`` with ``symbols`` written into it; all else stays as it is.

    A symbol stands after the grace notes of its note and before its decorations, slurs and tuplet
    (ABC 2.1 section 4.20).

    Args:
        tune: the tune as the user wrote it.
        symbols: what `chord_symbols` returned for it.
        replace: whether to remove the chord symbols that the first voice has.
    """
    tokens = tune.tokens
    index = {token[2:]: at for at, token in enumerate(tokens)}
    added: dict[int, str] = {}
    for symbol in symbols:
        at = index[symbol.token[2:]]
        while at and tokens[at - 1].kind in _ATTACHED:
            at -= 1
        added[at] = f'"{symbol.text}"'
    removed = _old_symbols(tune) if replace else frozenset()
    return "".join(
        added.get(at, "") + ("" if at in removed else token.text) for at, token in enumerate(tokens)
    )


def _old_symbols(tune: Tune) -> frozenset[int]:
    """The indices of the tokens that are chord symbols of the first voice."""
    first = {event.token[2:] for event in tune.voices[0].tune.events}
    found: list[int] = []
    waiting: list[int] = []
    for at, token in enumerate(tune.tokens):
        if token.kind is TokenKind.STRING and is_chord_symbol(token.text.strip('"')):
            waiting.append(at)
        elif token.kind in _SOUNDS and waiting:
            found += waiting if token[2:] in first else []
            waiting = []
    return frozenset(found)


def _sections_with_symbols(tune: Tune) -> set[int]:
    """The sections of the first voice that have chord symbols."""
    written = bars(tune.voices[0].tune)
    return {
        number.section
        for bar, number in zip(written, number_bars(written), strict=True)
        if any(is_chord_symbol(text) for event in bar.events for text in event.strings)
    }
