"""Recipes: which tunebooks make a corpus, under which licence and filters."""

from dataclasses import dataclass
from pathlib import Path

from abclm.errors import CorpusError

__all__ = ["Filters", "Recipe", "RecipeSource"]


@dataclass(frozen=True, slots=True)
class RecipeSource:
    """One tunebook or folder of them.

    Attributes:
        name: what it is called in reports.
        files: paths of the ABC files, sorted.
    """

    name: str
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Filters:
    """Which tunes are kept.

    Attributes:
        minimum_bars, maximum_characters: how long a tune must and may be.
        rules: a tune that breaks one of them is dropped.
        near_duplicates: whether a tune that stands before in nearly the same setting is dropped.
        strict_training: whether only tunes in strict metre (`has_strict_metre`) are learnt from;
            others may be held out all the same.
    """

    minimum_bars: int = 4
    maximum_characters: int = 3000
    rules: tuple[str, ...] = ("bar-length", "repeat", "ending")
    near_duplicates: bool = True
    strict_training: bool = False

    def __post_init__(self) -> None:
        if self.minimum_bars < 1:
            raise CorpusError(f"minimum_bars is {self.minimum_bars}; it must be at least 1")
        if self.maximum_characters < 1:
            raise CorpusError(
                f"maximum_characters is {self.maximum_characters}; it must be at least 1"
            )


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a corpus is made.

    Attributes:
        held_out: share of the tunes kept from training, whole families of them.
        held_out_by_tune: share kept from training beside those, tune by tune.
        seed: of the draw that holds them out.
    """

    name: str
    title: str
    licence: str
    sources: tuple[RecipeSource, ...]
    filters: Filters = Filters()
    held_out: float = 0.05
    held_out_by_tune: float = 0.0
    seed: int = 1850

    def __post_init__(self) -> None:
        if not 0 < self.held_out < 1:
            raise CorpusError(f"held_out is {self.held_out}; it must lie between 0 and 1")
        if not 0 <= self.held_out_by_tune < 1 - self.held_out:
            raise CorpusError(
                f"held_out_by_tune is {self.held_out_by_tune}; "
                "it must not be below 0, and with held_out it must stay below 1"
            )
