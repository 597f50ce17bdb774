"""How surprising each note of a tune is to a model, and what the model expected instead."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

import numpy as np

from abclm.compose.network import Network
from abclm.decoding.decoder import Array, Decoder, DecoderState
from abclm.model.text import model_text, music_start, plan_start
from abclm.model.vocabulary import END_OF_TUNE, Vocabulary
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.spans import event_spans
from abclm.notation.tune.bars import bars
from abclm.notation.tune.hearing import count_notes
from abclm.notation.tune.music import Tune
from abclm.notation.tune.numbering import number_bars
from abclm.notation.write.normal_form import normal_form

__all__ = ["Alternative", "NoteSurprise", "Surprise", "surprise"]

_CANDIDATES: Final = 8
"""The number of likeliest characters completed to notes; some complete to the same."""
_SHOWN: Final = 3
"""The number of alternatives reported for a note."""
_ACCIDENTALS: Final = frozenset("^_=")
_OF_NOTE: Final = frozenset(",'/0123456789")
_LONGEST: Final = 8
"""In characters; no note of the shipped corpus has more than five."""
_LEAST: Final = 0.01
"""The minimum probability of an alternative."""


class Alternative(NamedTuple):
    """Something that the model expected.

    Attributes:
        text: a whole note, or the sign that begins something else, such as ``|``.
        probability: the probability of its characters.
        before: whether it is the previous note, made longer: ``e2`` where the tune has ``e``.
    """

    text: str
    probability: float
    before: bool = False


@dataclass(frozen=True, slots=True)
class NoteSurprise:
    """One note, chord or rest.

    Attributes:
        text: the text in the canonical tune.
        bar: the number of its bar; a pickup belongs to the bar before, the tune's to bar 0.
        bits: minus log2 of the probability of its characters.
        before_bits: the same for the text since the previous note: blanks, bar lines, …
        alternatives: the likeliest alternatives, if it is among the most surprising.
    """

    text: str
    bar: int
    bits: float
    before_bits: float
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Surprise:
    """A tune as the model saw it.

    Attributes:
        notes: in the order of the text.
        bits: bits of the whole text, including header and end of the tune.
        body_bits: bits of the body and the end, and of the plan, which gives part of the body away.
        written: the number of notes, counting each note of a chord, but no rests and no
            grace notes.
        characters: number of characters read, including the end.
        left_out: characters that are not in the vocabulary, sorted.
    """

    notes: tuple[NoteSurprise, ...]
    bits: float
    body_bits: float
    written: int
    characters: int
    left_out: tuple[str, ...]

    @property
    def bits_per_character(self) -> float:
        """Bits over the characters of the whole text."""
        return self.bits / self.characters

    @property
    def bits_per_note(self) -> float:
        """Bits of the body over its notes; 0 without notes."""
        return self.body_bits / self.written if self.written else 0.0

    def most(self, count: int) -> list[int]:
        """The indices in `notes` of the most surprising ones, the most surprising first.

        A note with a bit or less, which was expected at least half of the time, is no surprise.
        """
        surprising = [at for at, note in enumerate(self.notes) if note.bits > 1]
        return sorted(surprising, key=lambda at: (-self.notes[at].bits, at))[:count]


def surprise(network: Network, canonical: str, places: int = 5) -> Surprise:
    """Let the model read a tune, and measure how likely it found each character.

    Args:
        network: the network; characters that are not in its vocabulary are left out.
        canonical: the text of the tune, with or without ``X:``.
        places: the number of notes for which alternatives are computed.

    Raises:
        InputError: the model cannot read the tune.
    """
    network.check_single()
    # Without ``X:`` the first fields would belong to a file header, not to the tune.
    canonical = canonical if canonical.startswith("X:") else f"X:1\n{canonical}"
    tune = parse_tunebook(canonical)[0].tune
    text = model_text(canonical, network.usual, planned=network.planned)
    start = music_start(text)
    reading = _Reading(network.decoder, network.vocabulary, text)
    spans = _spans(text[start:], start)
    notes: list[NoteSurprise] = []
    done = start
    for span, own, bar in zip(spans, event_spans(tune.tokens), _bar_numbers(tune), strict=True):
        notes.append(
            NoteSurprise(
                canonical[own.start : own.stop],
                bar,
                reading.bits(span.start, span.stop),
                reading.bits(done, span.start),
            )
        )
        done = span.stop
    plain = Surprise(
        tuple(notes),
        reading.bits(0, len(text) + 1),
        reading.bits(plan_start(text), len(text) + 1),
        count_notes(tune),
        reading.characters,
        tuple(network.vocabulary.unknown(text)),
    )
    form = normal_form(tune.key)
    for at in plain.most(places):
        adjacent = at > 0 and spans[at - 1].stop == spans[at].start
        before = text[spans[at - 1].start : spans[at - 1].stop] if adjacent else ""
        actual = text[spans[at].start : spans[at].stop]
        found = reading.alternatives(spans[at].start, actual, before)
        sounding = (one._replace(text=form.back().move(one.text)) for one in found)
        notes[at] = replace(notes[at], alternatives=tuple(sounding))
    return replace(plain, notes=tuple(notes))


def _spans(music: str, start: int) -> list[range]:
    """The range of each event of ``music``, which begins at ``start``, in the whole text."""
    tokens = parse_tunebook(f"K:C\n{music}")[0].tune.tokens
    moved = start - len("K:C\n")
    return [range(span.start + moved, span.stop + moved) for span in event_spans(tokens)]


class _Reading:
    """The bits of each character, and the state before it, from which the model can continue."""

    def __init__(self, decoder: Decoder, vocabulary: Vocabulary, text: str) -> None:
        self._decoder = decoder
        self._vocabulary = vocabulary
        known = frozenset(vocabulary.characters)
        self._states: list[DecoderState] = []
        self._likely: list[Array] = []
        costs: list[float] = []
        logits, state = decoder.step(np.array([END_OF_TUNE]), decoder.start(1))
        for character in [*text, None]:
            likely = _log2_softmax(logits)
            self._states.append(state)
            self._likely.append(likely[0])
            if character is not None and character not in known:
                costs.append(0.0)
                continue
            target = END_OF_TUNE if character is None else int(vocabulary.encode(character)[0])
            costs.append(-float(likely[0, target]))
            if character is not None:
                logits, state = decoder.step(np.array([target]), state)
        self._sums = np.concatenate([[0.0], np.cumsum(costs)])
        self.characters = sum(character in known for character in text) + 1

    def bits(self, start: int, stop: int) -> float:
        """The bits of the characters from ``start`` up to ``stop``; the last one is the end."""
        return float(self._sums[stop] - self._sums[start])

    def alternatives(self, place: int, actual: str, before: str) -> list[Alternative]:
        """The texts that the model found likeliest at ``place``, without the actual one.

        Args:
            place: the index at which a note begins.
            actual: the note.
            before: the note that ends there, if any.
        """
        likely = self._likely[place]
        first = [int(index) for index in np.argsort(-likely, kind="stable")[:_CANDIDATES]]
        found = [self._complete(place, index, before) for index in first if index != END_OF_TUNE]
        others = [
            one
            for one in found
            if one.text != actual and one.text.strip() and one.probability >= _LEAST
        ]
        return sorted(others, key=lambda one: (-one.probability, one.text))[:_SHOWN]

    def _complete(self, place: int, first: int, before: str) -> Alternative:
        """The note that begins with ``first``, each further character being the likeliest."""
        text, cost = self._vocabulary.decode([first]), -float(self._likely[place][first])
        state, index = self._states[place], first
        longer = bool(before) and text in _OF_NOTE
        if not (longer or text in _ACCIDENTALS or text.isalpha()):
            return Alternative(text, 2.0**-cost)
        while len(text) < _LONGEST:
            logits, state = self._decoder.step(np.array([index]), state)
            likely = _log2_softmax(logits)[0]
            index = int(np.argmax(likely))
            character = self._vocabulary.decode([index])
            if not character or not (character in _OF_NOTE or text[-1] in _ACCIDENTALS):
                break
            text, cost = text + character, cost - float(likely[index])
        return Alternative(before + text if longer else text, 2.0**-cost, longer)


def _bar_numbers(tune: Tune) -> Iterator[int]:
    """The bar number of each event."""
    written = bars(tune)
    for bar, at in zip(written, number_bars(written), strict=True):
        yield from [at.number] * len(bar.events)


def _log2_softmax(logits: Array) -> Array:
    values = logits.astype(np.float64)
    values -= values.max(axis=1, keepdims=True)
    shifted: Array = (values - np.log(np.exp(values).sum(axis=1, keepdims=True))) / np.log(2)
    return shifted
