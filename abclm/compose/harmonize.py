"""Adds voices to a melody, and rewrites bars of one voice, with a network of several voices.

What is given is fed to the network as it stands, so that every candidate is judged by the whole
piece: by how likely it is after the music before it, and how likely it makes the music after it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from abclm.compose.candidates import Candidate, ranked
from abclm.compose.fermatas import with_common_fermatas
from abclm.compose.network import HEADER_CHARACTERS, Network
from abclm.compose.onward import Draws
from abclm.compose.options import MAX_CHARACTERS
from abclm.constraint.header import Header
from abclm.constraint.pitch_range import PitchRange
from abclm.constraint.prompt import Prompt
from abclm.constraint.voice_leading import VoiceLeading
from abclm.constraint.voices_constraint import GivenRow, VoicesConstraint
from abclm.corpus.several import Piece
from abclm.errors import InputError, UnknownCharacterError
from abclm.model.rows_text import model_rows, read_rows
from abclm.notation.write.score_rows import Row

__all__ = ["Voicing", "Written", "write_voices"]

_CHARACTERS_IN_CELL: Final = 120
"""A longer bar of a voice is one with far too many ornaments."""
_MOST_ROUNDS: Final = 4
"""The most candidates drawn, as a multiple of those requested, since some turn out the same."""


@dataclass(frozen=True)
class Voicing:
    """How voices are written.

    Attributes:
        voices: the number of voices of the whole.
        ranges: the range of each, from the top of the score; fewer leave the others free.
        parallels: the cost of parallel fifths and octaves; None for none.
    """

    voices: int = 4
    ranges: tuple[PitchRange, ...] = ()
    parallels: VoiceLeading | None = None


@dataclass(frozen=True)
class Written:
    """A way to write the voices.

    Attributes:
        candidate: its number and likelihood.
        rows: the whole piece in its key, with those fermatas that all voices have.
    """

    candidate: Candidate
    rows: tuple[Row, ...]


def write_voices(
    network: Network,
    piece: Piece,
    given: Sequence[GivenRow],
    voicing: Voicing,
    draws: Draws,
    *,
    ends: bool = True,
) -> list[Written]:
    """Write the cells of ``given`` that are missing, and what follows.

    Args:
        network: a network of several voices.
        piece: the piece; only its header is used.
        given: the first rows of the piece, in normal form.
        voicing: how the voices are written.
        draws: how candidates are drawn.
        ends: whether the piece ends with them.

    Returns:
        The candidates, best first, all different.

    Raises:
        InputError: the network is one of a single voice, does not know the notes, or cannot write
            so many voices or fill the bars.
    """
    if not network.several:
        raise InputError("this model writes one voice: use one of several, such as chorales")
    if network.usual.voices and voicing.voices not in network.usual.voices:
        known = ", ".join(map(str, network.usual.voices))
        raise InputError(f"this model writes {known} voices, not {voicing.voices}")
    _check(network, given)
    work = _Work(network, piece, given, voicing, ends)
    found: dict[str, int] = {}
    for first in range(0, _MOST_ROUNDS * draws.count, draws.count):
        for number, text in work.write(draws, first):
            if len(found) < draws.count:
                found.setdefault(text, number)
        if len(found) == draws.count:
            break
    return list(work.judged(found))


def _check(network: Network, given: Sequence[GivenRow]) -> None:
    for number, row in enumerate(given, 1):
        for cell in filter(None, row.cells):
            try:
                network.vocabulary.encode(cell)
            except UnknownCharacterError as error:
                raise InputError(
                    f"the model does not know the notes of bar {number}: {error}"
                ) from error


@dataclass(frozen=True)
class _Work:
    """The writing of the missing cells of one piece."""

    network: Network
    piece: Piece
    given: Sequence[GivenRow]
    voicing: Voicing
    ends: bool

    @property
    def _most(self) -> int:
        """The maximum length of the piece, in characters."""
        most = HEADER_CHARACTERS + _CHARACTERS_IN_CELL * len(self.given) * self.voicing.voices
        return most if self.ends else most + MAX_CHARACTERS

    def write(self, draws: Draws, first: int) -> Iterator[tuple[int, str]]:
        """Yield the draws from ``first`` on: number and text."""
        numbers = range(first, first + draws.count)
        tunes = self.network.write(
            [self._constraint() for _ in numbers],
            seed=draws.seed,
            numbers=numbers,
            sampling=draws.sampling,
            max_characters=self._most,
        )
        for number, tune in zip(numbers, tunes, strict=True):
            if tune.ended:
                yield number, tune.text

    def judged(self, found: Mapping[str, int]) -> Iterator[Written]:
        """Yield the pieces, the most likely first."""
        costs = self.network.likelihood("").bits(list(found))
        rows = {number: tuple(self._sounding(text)) for text, number in found.items()}
        candidates = [
            Candidate(number, text, float(bits.sum()), sum(map(str.isalpha, text)))
            for (text, number), bits in zip(found.items(), costs, strict=True)
        ]
        for candidate in ranked(candidates):
            yield Written(candidate, rows[candidate.number])

    def _sounding(self, text: str) -> list[Row]:
        rows = model_rows(read_rows(text)[1], self.piece.key)
        return [with_common_fermatas(row, self.piece.meter, self.piece.unit) for row in rows]

    def _constraint(self) -> VoicesConstraint:
        piece, network = self.piece, self.network
        unit = f"{piece.unit.numerator}/{piece.unit.denominator}"
        header = Header(meter=str(piece.meter), unit=unit, key=str(piece.key or "none"))
        return VoicesConstraint(
            Prompt(header),
            network.masks,
            network.voices_grammars,
            network.usual,
            self._most,
            voices=self.voicing.voices,
            given=self.given,
            ends=self.ends,
            ranges=self.voicing.ranges,
            parallels=self.voicing.parallels,
        )
