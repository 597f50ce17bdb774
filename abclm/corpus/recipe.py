"""Recipes: the tunebooks, licence, filters and split of a corpus."""

from dataclasses import dataclass
from pathlib import Path

from abclm.errors import CorpusError
from abclm.notation.cursor.ensemble import MOST_VOICES

__all__ = ["Filters", "Recipe", "RecipeSource"]


@dataclass(frozen=True, slots=True)
class RecipeSource:
    """One tunebook or score, or a folder of them.

    Attributes:
        name: its name in reports.
        files: the paths of its ABC, MusicXML and MIDI files, sorted.
        yours: the pattern for the names of the files that the user is to give, such as ``*.mxl``;
            empty if the recipe has its files.
        origin: where those files can be found.
    """

    name: str
    files: tuple[Path, ...]
    yours: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which tunes are kept.

    Attributes:
        minimum_bars, maximum_characters: the limits of a tune's length.
        rules: a tune that breaks one of these rules is dropped.
        near_duplicates: whether to drop a tune of which an earlier one is nearly the same setting.
        voices: the number of voices of every piece; 1 for tunes.
        strict_training: whether to train only on tunes in strict metre (`has_strict_metre`);
            other tunes may still be held out.
        cut: whether to cut pieces that are too long, and those of several voices that change key or
            meter (see `excerpts_of`).
        join_layers: whether to join the layers of a staff to chords even where their rhythms
            differ, if a piece has more than ``voices`` (see `join_layers`).
        melody_families: whether families of pieces of several voices go by the melody of the
            highest voice on the beats (see `melody_shapes`), not by titles and shared bars.
    """

    minimum_bars: int = 4
    maximum_characters: int = 3000
    rules: tuple[str, ...] = ("bar-length", "repeat", "ending")
    near_duplicates: bool = True
    strict_training: bool = False
    voices: int = 1
    cut: bool = False
    join_layers: bool = False
    melody_families: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.voices <= MOST_VOICES:
            raise CorpusError(f"voices is {self.voices}; it must be 1 to {MOST_VOICES}")
        if self.minimum_bars < 1:
            raise CorpusError(f"minimum_bars is {self.minimum_bars}; it must be at least 1")
        if self.maximum_characters < 1:
            raise CorpusError(
                f"maximum_characters is {self.maximum_characters}; it must be at least 1"
            )


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a corpus is built.

    Attributes:
        held_out: share of the tunes held out of training, by whole families.
        held_out_by_tune: share of the tunes held out in addition, tune by tune.
        seed: random seed of the split.
        performance: whether its MIDI was played, so that its beats are found from the notes.
    """

    name: str
    title: str
    licence: str
    sources: tuple[RecipeSource, ...]
    filters: Filters = Filters()
    held_out: float = 0.05
    held_out_by_tune: float = 0.0
    seed: int = 1850
    performance: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.held_out < 1:
            raise CorpusError(f"held_out is {self.held_out}; it must lie between 0 and 1")
        if not 0 <= self.held_out_by_tune < 1 - self.held_out:
            raise CorpusError(
                f"held_out_by_tune is {self.held_out_by_tune}; "
                "it must not be below 0, and with held_out it must stay below 1"
            )
