"""The features that the network receives besides the last character, counted from the tune so far.

Each cue is a projection of `abclm.model.cues.progress.Progress`: a small class with one or more
columns of ids. `abclm.model.cues.bar_cues` has those of the moment, `abclm.model.cues.form_cues`
those of the form. ``echo`` is the character that followed when the last four characters occurred
earlier in this tune, and how much of the text before them was the same then.

Imports no TensorFlow: training and decoding compute the same cues with the same code.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from abclm.model.cues.bar_cues import BarCue, CompassCue, SectionCue, SyntaxCue
from abclm.model.cues.echo import SPANS
from abclm.model.cues.form_cues import CHARACTER, LineCue, PlaceCue, PlanCue
from abclm.model.cues.progress import Progress
from abclm.model.cues.voice_cues import VOICE_CUES, voice_ids
from abclm.model.settings import Cue
from abclm.model.vocabulary import END_OF_TUNE, Ids, Vocabulary
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.ensemble import Ensemble

__all__ = ["CUES_VERSION", "CueReader", "Reading"]

CUES_VERSION: Final = 5
"""Raised when a column changes its meaning: a network reads only the version it learned from."""

_OF_FORM: Final = frozenset({"place", "plan", "line"})


_NO_VOICES: Final = Ensemble()


class Projection(Protocol):
    """A cue: some columns of ids."""

    @property
    def columns(self) -> Mapping[str, int]:
        """The number of different ids of each column; `CHARACTER` for the vocabulary's size."""
        ...

    def ids(self, progress: Progress) -> tuple[int, ...]:
        """The ids of the columns, in their order."""
        ...


class EchoCue:
    """The character that followed the matching position earlier in the tune."""

    columns: ClassVar[Mapping[str, int]] = {"echo": CHARACTER, "echo_span": 1 + len(SPANS)}

    def ids(self, progress: Progress) -> tuple[int, int]:
        """The ids of the columns; 0 without a match."""
        return progress.echo.ids()


_OF_CHARACTERS: Final[Mapping[str, Callable[[Mapping[str, int]], Projection]]] = {
    "place": PlaceCue,
    "plan": PlanCue,
}
_CUES: Final[Mapping[str, Callable[[], Projection]]] = {
    "echo": EchoCue,
    "bar": BarCue,
    "section": SectionCue,
    "syntax": SyntaxCue,
    "compass": CompassCue,
    "line": LineCue,
}


class Reading(NamedTuple):
    """The reading of a tune so far, and its cues. Immutable.

    Attributes:
        cues: an id for each column of the reader, as the network receives them.
        progress: what they are computed from; of several voices, the one that is written next.
        voices: the same for every voice, in the order of writing; empty for a single voice.
        ensemble: the voices side by side.
    """

    cues: tuple[int, ...]
    progress: Progress
    voices: tuple[Progress, ...] = ()
    ensemble: Ensemble = _NO_VOICES


class CueReader:
    """Computes the cues of tunes, character by character.

    Args:
        vocabulary: the vocabulary of the ids to be read.
        cues: the cues that the network receives, in this order.
    """

    def __init__(self, vocabulary: Vocabulary, cues: Sequence[Cue]) -> None:
        self.columns = self.sizes(vocabulary.size, cues)
        """The columns of `Reading.cues`, and the number of different ids of each."""
        self._echoed = "echo" in cues
        self._read = not {"echo"}.issuperset(cues)
        self._formed = not _OF_FORM.isdisjoint(cues)
        self._characters = ("", *vocabulary.characters)
        ids = {text: place for place, text in enumerate(self._characters)}
        self._several = "voices" in cues
        self._cues = [name if name in VOICE_CUES else _cue(name, ids) for name in cues]
        cursor = Cursor(last_field="P" if "plan" in cues else "K")
        self._first = self._reading(Progress(cursor))

    @staticmethod
    def sizes(vocabulary_size: int, cues: Sequence[Cue]) -> dict[str, int]:
        """The columns of ``cues``, and the number of different ids of each.

        A cue with several parts has a column for each, so that the network need not have seen
        every combination to understand it.
        """
        return {
            name: vocabulary_size if size == CHARACTER else size
            for cue in cues
            for name, size in (
                VOICE_CUES[cue] if cue in VOICE_CUES else _cue(cue, {}).columns
            ).items()
        }

    def start(self) -> Reading:
        """The reading before a tune, which is also the one after `END_OF_TUNE`."""
        return self._first

    def after(self, reading: Reading, index: int) -> Reading:
        """Return the reading after one more character."""
        if index == END_OF_TUNE or not self.columns:
            return self._first
        if self._several:
            return self._after_in_voices(reading, index)
        progress = reading.progress
        if self._echoed:
            progress = progress._replace(echo=progress.echo.after(index))
        if self._read:
            character = self._characters[index]
            cursor = progress.cursor.feed(character) or progress.cursor
            progress = self._at(progress, character, cursor)
        return self._reading(progress)

    def _at(self, progress: Progress, character: str, cursor: Cursor) -> Progress:
        """Return the progress at ``cursor``, one character later."""
        if self._formed:
            return progress.in_form(character, cursor)
        return progress._replace(cursor=cursor, used=cursor.time.used)

    def _after_in_voices(self, reading: Reading, index: int) -> Reading:
        """The same for several voices: each has its own progress, and its own echo."""
        character = self._characters[index]
        fed = reading.ensemble.feed(character)
        if fed is None:
            return reading
        ensemble, steps = fed
        at = reading.ensemble.at
        voices = list(reading.voices or (reading.progress,))
        if self._echoed:
            voices[at] = voices[at]._replace(echo=voices[at].echo.after(index))
        if not steps:
            here = self._at(voices[at], character, ensemble.header)
            voices = [here] * max(1, len(ensemble.voices))
        for voice, read, cursor in steps:
            voices[voice] = self._at(voices[voice], read, cursor)
        return self._reading(voices[ensemble.at], tuple(voices), ensemble)

    def track(self, ids: Ids) -> NDArray[np.int32]:
        """Compute the cues of a whole tune: at `END_OF_TUNE` before it, then after each character.

        Args:
            ids: the tune's ids, without `END_OF_TUNE`.

        Returns:
            An array of shape ``(len(ids) + 1, columns)``.
        """
        found = np.empty((len(ids) + 1, len(self.columns)), np.int32)
        reading = self._first
        found[0] = reading.cues
        for place, index in enumerate(ids.tolist(), 1):
            reading = self.after(reading, index)
            found[place] = reading.cues
        return found

    def _reading(
        self,
        progress: Progress,
        voices: tuple[Progress, ...] = (),
        ensemble: Ensemble = _NO_VOICES,
    ) -> Reading:
        cues: list[int] = []
        for cue in self._cues:
            if isinstance(cue, str):
                cues += voice_ids(cue, ensemble, progress.used)
            else:
                cues += cue.ids(progress)
        return Reading(tuple(cues), progress, voices, ensemble)


def _cue(name: Cue, characters: Mapping[str, int]) -> Projection:
    """The cue called ``name``, over the ids of ``characters``."""
    of_characters = _OF_CHARACTERS.get(name)
    return _CUES[name]() if of_characters is None else of_characters(characters)
