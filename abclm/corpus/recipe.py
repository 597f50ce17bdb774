"""Recipes: which tunebooks make a corpus, under which licence and filters."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from abclm.errors import CorpusError

__all__ = [
    "Filters",
    "Recipe",
    "Source",
    "find_recipe",
    "list_recipes",
    "own_recipe",
    "read_recipe",
]


@dataclass(frozen=True, slots=True)
class Source:
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
    sources: tuple[Source, ...]
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


def recipes_folder() -> Path:
    """Where the shipped recipes are: inside the installed package, else in the clone."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "corpora"
    return inside if inside.is_dir() else package.parent / "corpora"


def list_recipes(folder: Path | None = None) -> list[str]:
    """The names of all recipes, sorted."""
    return sorted(path.stem for path in (folder or recipes_folder()).glob("*.toml"))


def find_recipe(name: str, folder: Path | None = None) -> Recipe:
    """The recipe called ``name``.

    Raises:
        CorpusError: there is none; the message lists those there are.
    """
    path = (folder or recipes_folder()) / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(list_recipes(folder)) or "none"
        raise CorpusError(
            f"no recipe {name!r}; there are: {known}. "
            f"To use your own tunebooks: abclm corpus build {name} FILE.abc …"
        )
    return read_recipe(path)


def own_recipe(name: str, files: Sequence[Path]) -> Recipe:
    """A recipe for a user's own tunebooks.

    Raises:
        CorpusError: the name is that of a shipped recipe, or is no plain word.
    """
    if name in list_recipes():
        raise CorpusError(f"{name!r} is a shipped recipe; choose another name for your tunebooks")
    if not name.strip() or Path(name).name != name or name.startswith("."):
        raise CorpusError(f"{name!r} cannot name a corpus: use a plain word, such as mine")
    sources = tuple(Source(path.name, (path,)) for path in files)
    # Of a few dozen tunes a twentieth would be one or two, too few to tell when to stop.
    return Recipe(
        name, f"tunebooks of your own: {name}", "as its tunebooks say", sources, held_out=0.1
    )


def read_recipe(path: Path) -> Recipe:
    """The recipe in the TOML file ``path``.

    Raises:
        CorpusError: it is no recipe, or a package it takes tunes from is not installed.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        filters = dict(table.get("filters", {}))
        filters["rules"] = tuple(filters.get("rules", Filters().rules))
        return Recipe(
            name=path.stem,
            title=table["title"],
            licence=table["licence"],
            sources=tuple(_source(entry, path) for entry in table["sources"]),
            filters=Filters(**filters),
            held_out=table.get("held_out", 0.05),
            held_out_by_tune=table.get("held_out_by_tune", 0.0),
            seed=table.get("seed", 1850),
        )
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, OSError) as error:
        raise CorpusError(f"{path}: not a recipe: {type(error).__name__}: {error}") from error


def _source(entry: Mapping[str, Any], path: Path) -> Source:
    base = _package_folder(entry["package"]) if "package" in entry else path.parent
    files = tuple(sorted(base.glob(entry["files"])))
    if not files:
        raise CorpusError(f"{path}: {entry['name']}: no file matches {base / entry['files']}")
    return Source(entry["name"], files)


def _package_folder(package: str) -> Path:
    """Where an installed package lies, found without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise CorpusError(f"the tunebooks of package {package} are needed: pip install {package}")
    return Path(spec.origin).parent
