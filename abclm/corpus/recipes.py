"""The shipped recipes, and a recipe for the user's own tunebooks and scores."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from abclm.corpus.names import is_plain_name
from abclm.corpus.recipe import Filters, Recipe, RecipeSource
from abclm.corpus.recipe_file import read_recipe
from abclm.corpus.source_files import MUSIC, files_of
from abclm.errors import CorpusError

__all__ = ["find_recipe", "list_recipes", "own_recipe"]

_EXCERPT: tuple[int, int] = 8, 6000
"""The fewest bars and the most characters of a piece of several voices."""


def _recipes_folder() -> Path:
    """Return the folder of the shipped recipes: in the installed package, or in the clone."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "corpora"
    return inside if inside.is_dir() else package.parent / "corpora"


def list_recipes(folder: Path | None = None) -> list[str]:
    """Return the names of all recipes, sorted."""
    return sorted(path.stem for path in (folder or _recipes_folder()).glob("*.toml"))


def find_recipe(name: str, folder: Path | None = None, *, files: Sequence[Path] = ()) -> Recipe:
    """Return the recipe called ``name``.

    Args:
        name: its name.
        folder: the folder of the recipes; None for the shipped ones.
        files: what the user gives to a recipe that asks for files: these and folders of them.

    Raises:
        CorpusError: there is none (the message lists the existing ones), it cannot be used, or
            the files of the user are missing or not asked for.
        InputError: a folder of the user has no such file.
    """
    path = (folder or _recipes_folder()) / f"{name}.toml"
    if not is_plain_name(name) or not path.is_file():
        known = ", ".join(list_recipes(folder)) or "none"
        own = name if is_plain_name(name) else "mine"
        raise CorpusError(
            f"no recipe {name!r}; there are: {known}. "
            f"To use your own tunebooks: abclm corpus build {own} FILE.abc …"
        )
    recipe = read_recipe(path)
    if files and not any(source.yours for source in recipe.sources):
        raise CorpusError(f"{name!r} is a shipped recipe; choose another name for your tunebooks")
    sources = (_filled(source, name, files) for source in recipe.sources)
    return replace(recipe, sources=tuple(sources))


def _filled(source: RecipeSource, recipe: str, files: Sequence[Path]) -> RecipeSource:
    """The source with the files of the user, if it asks for them."""
    if not source.yours:
        return source
    if not files:
        origin = f", from {source.origin}" if source.origin else ""
        raise CorpusError(
            f"{recipe} needs a folder of yours with {source.name} ({source.yours}{origin}): "
            f"abclm corpus build {recipe} FOLDER"
        )
    return replace(source, files=files_of(files, (source.yours,)))


def own_recipe(
    name: str, files: Sequence[Path], *, voices: int = 1, performance: bool = False
) -> Recipe:
    """Return a recipe for a user's own tunebooks and scores.

    Args:
        name: that of the corpus.
        files: tunebooks, MIDI and MusicXML files, and folders of them.
        voices: the number of voices of every piece.
        performance: whether MIDI was played.

    Raises:
        CorpusError: the name is that of a shipped recipe, or is not a plain word.
        InputError: a folder has no such file.
    """
    if name in list_recipes():
        raise CorpusError(f"{name!r} is a shipped recipe; choose another name for your tunebooks")
    if not is_plain_name(name):
        raise CorpusError(f"{name!r} cannot name a corpus: use a plain word, such as mine")
    sources = tuple(RecipeSource(path.name or str(path), files_of([path], MUSIC)) for path in files)
    filters = Filters(cut=True, join_layers=True)
    if voices != 1:
        bars, characters = _EXCERPT
        rules = (*filters.rules, "voices-align")
        filters = replace(
            filters,
            voices=voices,
            minimum_bars=bars,
            maximum_characters=characters,
            rules=rules,
            near_duplicates=False,
            melody_families=True,
        )
    # A twentieth of a few dozen tunes would be one or two, too few to tell when to stop training.
    return Recipe(
        name,
        f"tunebooks of your own: {name}",
        "as its tunebooks say",
        sources,
        filters,
        held_out=0.1,
        performance=performance,
    )
