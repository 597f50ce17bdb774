"""A recipe in a TOML file; anybody may have written it, so every value is checked."""

import tomllib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from abclm.corpus.recipe import Filters, Recipe, RecipeSource
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

__all__ = ["read_recipe"]

_PACKAGES: Final = ("music21",)
"""The packages whose tunebooks a recipe may use."""
_KEYS: Final = frozenset(
    {"title", "licence", "sources", "filters", "held_out", "held_out_by_tune", "seed"}
)
_LIMITS: Final = ("minimum_bars", "maximum_characters", "voices")
_FLAGS: Final = ("near_duplicates", "strict_training", "cut", "join_layers", "melody_families")
_MOST_BYTES: Final = 2**18
"""Two hundred times the shipped recipe; a larger file is not one."""
_MOST_DOTS: Final = 100
_MOST_SOURCES: Final = 1000
"""Far more than the few of the shipped recipe."""
_MOST_LIMIT: Final = 10**6
"""Bars or characters; no tune has as many, so a larger limit is a slip."""
_MOST_SEED: Final = 2**32 - 1
"""The largest ``--seed``."""


def read_recipe(path: Path) -> Recipe:
    """Read the recipe in the TOML file ``path``.

    It may take tunes only from its own folder, from packages of tunebooks, and, where a source
    says ``yours = true``, from what the user gives; such a source has no files yet.

    Raises:
        CorpusError: it is not a recipe, or a package with its tunes is not installed.
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
        # tomllib's time grows with the square of the dots: a minute for a key of 60,000 parts.
        if line.count(".") > _MOST_DOTS:
            raise InputError(f"line {number} has more than {_MOST_DOTS} dots")
    return tomllib.loads(text)


def _entries(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    entries = tables_of(table, "sources")
    if not 0 < len(entries) <= _MOST_SOURCES:
        raise InputError(f"sources must be 1 to {_MOST_SOURCES} tables, not {len(entries)}")
    return entries


def _split(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of the split that the recipe has."""
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


def _source(entry: Mapping[str, Any], path: Path) -> RecipeSource:
    check_keys(entry, frozenset({"name", "package", "files", "yours", "origin"}), "sources: ")
    name, pattern = text_of(entry, "name"), text_of(entry, "files")
    if "yours" in entry and flag_of(entry, "yours"):
        _check_yours(entry, pattern)
        origin = text_of(entry, "origin") if "origin" in entry else ""
        return RecipeSource(name, (), pattern, origin)
    base = _package_folder(text_of(entry, "package")) if "package" in entry else path.parent
    return RecipeSource(name, _matching(base, pattern, name))


def _check_yours(entry: Mapping[str, Any], pattern: str) -> None:
    if "package" in entry:
        raise InputError("sources: package and yours exclude each other")
    if not pattern or "/" in pattern or "**" in pattern:
        raise InputError(f"files must be a pattern for names of files, not {pattern!r:.40}")


def _matching(base: Path, pattern: str, name: str) -> tuple[Path, ...]:
    """Return the files inside the folder ``base`` that match ``pattern``, sorted."""
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
    """Return the folder of an installed package without importing it.

    Raises:
        InputError: it is not installed, or is not a package of tunebooks.
    """
    # Looking for "a.b" would import "a" and run its code.
    if package not in _PACKAGES:
        choices = ", ".join(_PACKAGES)
        raise InputError(f"package must be one with tunebooks ({choices}), not {package!r:.40}")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise InputError(f"the tunebooks of package {package} are needed: pip install {package}")
    return Path(spec.origin).parent
