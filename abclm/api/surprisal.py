"""How surprising each note of a tune is to a model, with its position in the user's text."""

from dataclasses import dataclass
from typing import Any

from abclm.compose.chosen import read_for_model
from abclm.compose.network import Network
from abclm.compose.surprise import NoteSurprise, Surprise, surprise
from abclm.corpus.store import without_number
from abclm.errors import InputError
from abclm.notation.syntax.spans import Span, event_spans
from abclm.notation.tune.music import Tune
from abclm.notation.write.writer import write_tune

__all__ = ["PlacedNote", "Surprisal", "surprisal"]


@dataclass(frozen=True, slots=True)
class PlacedNote:
    """A note's position in the user's text, and its surprise."""

    span: Span
    note: NoteSurprise

    def as_dict(self) -> dict[str, Any]:
        """Return the note for JSON."""
        note, token = self.note, self.span.token
        row: dict[str, Any] = {
            "bar": note.bar,
            "line": token.line,
            "column": token.column,
            "text": note.text,
            "bits": round(note.bits, 3),
            "before_bits": round(note.before_bits, 3),
        }
        if note.alternatives:
            row["alternatives"] = [
                {"text": one.text, "probability": round(one.probability, 4), "before": one.before}
                for one in note.alternatives
            ]
        return row


@dataclass(frozen=True, slots=True)
class Surprisal:
    """How surprising a tune is to a model.

    Attributes:
        tune: the tune as the user wrote it.
        text: the tune as the model read it, in the tune's own key.
        result: the bits of each note and of the whole text.
        notes: the notes with their positions in the user's text, in its order.
        several: whether the tune has several voices; only the first was read.
    """

    tune: Tune
    text: str
    result: Surprise
    notes: tuple[PlacedNote, ...]
    several: bool

    @property
    def bits_per_character(self) -> float:
        """Bits per character of the whole text, header and end of the tune included."""
        return self.result.bits_per_character

    @property
    def bits_per_note(self) -> float:
        """Bits of the body divided by its number of notes."""
        return self.result.bits_per_note

    def most(self, count: int = 5) -> list[PlacedNote]:
        """Return the ``count`` most surprising notes, the most surprising first."""
        return [self.notes[at] for at in self.result.most(count)]


def surprisal(network: Network, tune: Tune, places: int = 5) -> Surprisal:
    """Measure how surprising a tune is to a network; only the first voice is read.

    Args:
        network: the network.
        tune: the tune as the user wrote it.
        places: number of most surprising notes for which to list what was expected instead.

    Raises:
        InputError: the network cannot read the tune.
    """
    if places < 0:
        raise InputError(f"--places must be 0 or more, not {places}")
    written = _as_the_model_reads_it(tune)
    text = without_number(write_tune(written))
    result = surprise(network, text, places)
    # The simplified tune has the same notes, with tokens of the user's text.
    spans = {(span.token.line, span.token.column): span for span in event_spans(tune.tokens)}
    at = [(event.token.line, event.token.column) for event in written.events]
    notes = tuple(PlacedNote(spans[one], note) for one, note in zip(at, result.notes, strict=True))
    return Surprisal(tune, text, result, notes, several=len(tune.voices) > 1)


def _as_the_model_reads_it(tune: Tune) -> Tune:
    """Return the first voice, simplified as the corpus is."""
    voices, name = tune.voices, f"X:{tune.value('X') or '?'}"
    if not voices:
        raise InputError(f"{name} has no notes")
    if any(token.field == "m" for token in (*tune.fields, *tune.body_fields)):
        raise InputError(f"{name} has macros (m:): write them out first")
    return read_for_model(voices[0].tune, name)
