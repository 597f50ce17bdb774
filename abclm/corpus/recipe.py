"""Recipes: which tunebooks make a corpus, under which licence and filters."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from abclm.corpus.names import is_plain_name
from abclm.errors import CorpusError, InputError
from abclm.untrusted.bounded import read_bounded
from abclm.untrusted.values import (
    check_keys,
    flag_of,
    number_of,
    table_of,
    tables_of,
    text_of,
    texts_of,
    whole_of,
)

__all__ = [
    "Filters",
    "Recipe",
    "Source",
    "find_recipe",
    "list_recipes",
    "own_recipe",
    "read_recipe",
]

_PACKAGES: Final = ("music21",)
"""The packages whose tunebooks a recipe may take."""
_KEYS: Final = frozenset(
    {"title", "licence", "sources", "filters", "held_out", "held_out_by_tune", "seed"}
)
_LIMITS: Final = ("minimum_bars", "maximum_characters")
_FLAGS: Final = ("near_duplicates", "strict_training")
_MOST_BYTES: Final = 2**18
_MOST_DOTS: Final = 100
_MOST_SOURCES: Final = 1000
_MOST_LIMIT: Final = 10**6
_MOST_SEED: Final = 2**32 - 1


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
        CorpusError: there is none (the message lists those there are), or it cannot be used.
    """
    path = (folder or recipes_folder()) / f"{name}.toml"
    if not is_plain_name(name) or not path.is_file():
        known = ", ".join(list_recipes(folder)) or "none"
        own = name if is_plain_name(name) else "mine"
        raise CorpusError(
            f"no recipe {name!r}; there are: {known}. "
            f"To use your own tunebooks: abclm corpus build {own} FILE.abc …"
        )
    return read_recipe(path)


def own_recipe(name: str, files: Sequence[Path]) -> Recipe:
    """A recipe for a user's own tunebooks.

    Raises:
        CorpusError: the name is that of a shipped recipe, or is no plain word.
    """
    if name in list_recipes():
        raise CorpusError(f"{name!r} is a shipped recipe; choose another name for your tunebooks")
    if not is_plain_name(name):
        raise CorpusError(f"{name!r} cannot name a corpus: use a plain word, such as mine")
    sources = tuple(Source(path.name, (path,)) for path in files)
    # Of a few dozen tunes a twentieth would be one or two, too few to tell when to stop.
    return Recipe(
        name, f"tunebooks of your own: {name}", "as its tunebooks say", sources, held_out=0.1
    )


def read_recipe(path: Path) -> Recipe:
    """The recipe in the TOML file ``path``.

    It takes tunes from its own folder and from packages of tunebooks, and from nowhere else.

    Raises:
        CorpusError: it is no recipe, or a package it takes tunes from is not installed.
    """
    try:
        table = _toml(read_bounded(path, _MOST_BYTES).decode("utf-8"))
        check_keys(table, _KEYS)
        return Recipe(
            name=path.stem,
            title=text_of(table, "title"),
            licence=text_of(table, "licence"),
            sources=tuple(_source(entry, path) for entry in _entries(table)),
            filters=_filters(table_of({"filters": {}} | table, "filters")),
            **_split(table),
        )
    except (InputError, CorpusError) as error:
        text = str(error)
        raise CorpusError(text if text.startswith(f"{path}:") else f"{path}: {text}") from error
    except RecursionError as error:
        raise CorpusError(f"{path}: not a recipe: nested too deep") from error
    except ValueError as error:
        raise CorpusError(f"{path}: not a recipe: {error}") from error


def _toml(text: str) -> dict[str, Any]:
    for number, line in enumerate(text.splitlines(), 1):
        # tomllib takes the square of the time: a minute for a key of 60,000 parts.
        if line.count(".") > _MOST_DOTS:
            raise InputError(f"line {number} has more than {_MOST_DOTS} dots")
    return tomllib.loads(text)


def _entries(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    entries = tables_of(table, "sources")
    if not 0 < len(entries) <= _MOST_SOURCES:
        raise InputError(f"sources must be 1 to {_MOST_SOURCES} tables, not {len(entries)}")
    return entries


def _split(table: Mapping[str, Any]) -> dict[str, Any]:
    """What is held out, as far as the recipe says it."""
    shares = ("held_out", "held_out_by_tune")
    split: dict[str, Any] = {key: number_of(table, key) for key in shares if key in table}
    if "seed" in table:
        split["seed"] = whole_of(table, "seed", 0, _MOST_SEED)
    return split


def _filters(table: Mapping[str, Any]) -> Filters:
    check_keys(table, frozenset({*_LIMITS, *_FLAGS, "rules"}), "filters: ")
    values: dict[str, Any] = {
        **{key: whole_of(table, key, 1, _MOST_LIMIT) for key in _LIMITS if key in table},
        **{key: flag_of(table, key) for key in _FLAGS if key in table},
    }
    if "rules" in table:
        values["rules"] = texts_of(table, "rules")
    return Filters(**values)


def _source(entry: Mapping[str, Any], path: Path) -> Source:
    check_keys(entry, frozenset({"name", "package", "files"}), "sources: ")
    name, pattern = text_of(entry, "name"), text_of(entry, "files")
    base = _package_folder(text_of(entry, "package")) if "package" in entry else path.parent
    return Source(name, _matching(base, pattern, name))


def _matching(base: Path, pattern: str, name: str) -> tuple[Path, ...]:
    """The files inside the folder ``base`` that match ``pattern``, sorted."""
    parts = Path(pattern).parts
    if not parts or Path(pattern).is_absolute() or ".." in parts or parts.count("**") > 1:
        raise InputError(f"files must be a pattern inside {base}, not {pattern!r:.40}")
    # A link may lead out of the folder.
    inside = base.resolve()
    found = sorted(file for file in base.glob(pattern) if file.is_file())
    files = tuple(file for file in found if file.resolve().is_relative_to(inside))
    if not files:
        raise InputError(f"{name}: no file matches {base / pattern}")
    return files


def _package_folder(package: str) -> Path:
    """Where an installed package lies, found without importing it.

    Raises:
        InputError: it is not installed, or is no package of tunebooks.
    """
    # The search for "a.b" would import "a", and its code with it.
    if package not in _PACKAGES:
        choices = ", ".join(_PACKAGES)
        raise InputError(f"package must be one with tunebooks ({choices}), not {package!r:.40}")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise InputError(f"the tunebooks of package {package} are needed: pip install {package}")
    return Path(spec.origin).parent
