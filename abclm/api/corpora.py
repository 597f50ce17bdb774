"""Corpora in the folder ``corpora``: built from recipes or tunebooks, and listed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from abclm.corpus.build import build_corpus
from abclm.corpus.recipes import find_recipe, list_recipes, own_recipe
from abclm.corpus.store import check_sources, list_corpora, load_report, save_corpus
from abclm.errors import CorpusError

__all__ = ["build", "reports", "show"]

_BASE: Final = Path("corpora")


def build(
    name: str, files: Sequence[Path], held_out: float | None, say: Callable[[str], None]
) -> tuple[dict[str, Any], Path]:
    """Build a corpus, and return its report and its folder.

    Args:
        name: the name of a recipe, or of the new corpus if there are ``files``.
        files: the user's own tunebooks.
        held_out: the share of the tunes held out of training, by family.
        say: called with a line for each source.

    Raises:
        CorpusError: there is no such recipe, or a source is missing.
        InputError: a file cannot be read.
    """
    recipe = own_recipe(name, list(files)) if files else find_recipe(name)
    if held_out is not None:
        recipe = replace(recipe, held_out=held_out)
    folder = _BASE / name
    check_sources(recipe, folder)
    built = build_corpus(recipe, lambda source: say(f"reading {source}"))
    return save_corpus(recipe, built, folder), folder


def reports(on_damaged: Callable[[str], None]) -> dict[str, dict[str, Any] | None]:
    """Return recipes and corpora by name, with the report of each that is built.

    Args:
        on_damaged: called with a message for each damaged corpus, which is listed as not built.
    """
    built: dict[str, dict[str, Any]] = {}
    for name in list_corpora(_BASE):
        try:
            built[name] = load_report(name, _BASE)
        except CorpusError as error:
            on_damaged(str(error))
    return {name: built.get(name) for name in sorted({*list_recipes(), *built})}


def show(name: str) -> dict[str, Any]:
    """Return the report of a corpus that is built here.

    Raises:
        CorpusError: it is missing or damaged.
    """
    return load_report(name, _BASE)
