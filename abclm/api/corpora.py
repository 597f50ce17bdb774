"""Corpora in the folder ``corpora``: built from recipes or tunebooks, and listed."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from abclm.corpus.build import build_corpus as build
from abclm.corpus.recipes import find_recipe, list_recipes, own_recipe
from abclm.corpus.store import check_sources, list_corpora, load_report, save_corpus
from abclm.errors import CorpusError

__all__ = ["CORPORA", "build_corpus", "corpora", "corpus_report"]

CORPORA: Final = Path("corpora")
"""The folder of the corpora that are built here, each in a folder of its own."""


def build_corpus(
    name: str,
    files: Sequence[str | Path] = (),
    *,
    held_out: float | None = None,
    voices: int | None = None,
    performance: bool = False,
    say: Callable[[str], None] = lambda _line: None,
) -> dict[str, Any]:
    """Build a corpus in ``corpora/NAME``, and return its report.

    Args:
        name: the name of a recipe, or of the new corpus of the user's ``files``.
        files: the user's own tunebooks, MIDI and MusicXML files, and folders of them.
        held_out: the share of the tunes held out of training, by family; None for the recipe's.
        voices: the number of voices of every piece of the user's own; None for 1.
        performance: whether their MIDI was played, so that its beats are found from the notes.
        say: called with a line for each source, and one for what conversion guessed.

    Raises:
        CorpusError: there is no such recipe, a source is missing, or the recipe has its own number
            of voices.
        InputError: a file cannot be read.

    Example:
        >>> abclm.build_corpus("mine", ["session.abc"])["read"]
        8
    """
    paths = list(map(Path, files))
    if name in list_recipes() or not paths:
        recipe = find_recipe(name, files=paths)
        if voices is not None or performance:
            raise CorpusError(f"{name!r} is a recipe: --voices and --performance are for your own")
    else:
        recipe = own_recipe(name, paths, voices=voices or 1, performance=performance)
    if held_out is not None:
        recipe = replace(recipe, held_out=held_out)
    folder = CORPORA / name
    check_sources(recipe, folder)
    built = build(recipe, lambda source: say(f"reading {source}"))
    if built.remarks:
        found = "; ".join(f"{remark} ({count})" for remark, count in built.remarks.items())
        say(f"conversion, with the number of files: {found}; abclm convert FILE says more")
    return save_corpus(recipe, built, folder)


def corpora(
    on_damaged: Callable[[str], None] = lambda _reason: None,
) -> dict[str, dict[str, Any] | None]:
    """Return recipes and corpora by name, with the report of each that is built.

    Args:
        on_damaged: called with a message for each damaged corpus, which is listed as not built.

    Example:
        >>> "irish" in abclm.corpora()
        True
    """
    built: dict[str, dict[str, Any]] = {}
    for name in list_corpora(CORPORA):
        try:
            built[name] = load_report(name, CORPORA)
        except CorpusError as error:
            on_damaged(str(error))
    return {name: built.get(name) for name in sorted({*list_recipes(), *built})}


def corpus_report(name: str) -> dict[str, Any]:
    """Return the report of a corpus that is built here: tunes read, kept, dropped and why.

    Raises:
        CorpusError: it is missing or damaged.
    """
    return load_report(name, CORPORA)
