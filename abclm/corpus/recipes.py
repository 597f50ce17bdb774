"""The shipped recipes, and a recipe for the user's own tunebooks."""

from collections.abc import Sequence
from pathlib import Path

from abclm.corpus.names import is_plain_name
from abclm.corpus.recipe import Recipe, RecipeSource
from abclm.corpus.recipe_file import read_recipe
from abclm.errors import CorpusError

__all__ = ["find_recipe", "list_recipes", "own_recipe"]


def _recipes_folder() -> Path:
    """Return the folder of the shipped recipes: in the installed package, or in the clone."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "corpora"
    return inside if inside.is_dir() else package.parent / "corpora"


def list_recipes(folder: Path | None = None) -> list[str]:
    """Return the names of all recipes, sorted."""
    return sorted(path.stem for path in (folder or _recipes_folder()).glob("*.toml"))


def find_recipe(name: str, folder: Path | None = None) -> Recipe:
    """Return the recipe called ``name``.

    Raises:
        CorpusError: there is none (the message lists the existing ones), or it cannot be used.
    """
    path = (folder or _recipes_folder()) / f"{name}.toml"
    if not is_plain_name(name) or not path.is_file():
        known = ", ".join(list_recipes(folder)) or "none"
        own = name if is_plain_name(name) else "mine"
        raise CorpusError(
            f"no recipe {name!r}; there are: {known}. "
            f"To use your own tunebooks: abclm corpus build {own} FILE.abc …"
        )
    return read_recipe(path)


def own_recipe(name: str, files: Sequence[Path]) -> Recipe:
    """Return a recipe for a user's own tunebooks.

    Raises:
        CorpusError: the name is that of a shipped recipe, or is not a plain word.
    """
    if name in list_recipes():
        raise CorpusError(f"{name!r} is a shipped recipe; choose another name for your tunebooks")
    if not is_plain_name(name):
        raise CorpusError(f"{name!r} cannot name a corpus: use a plain word, such as mine")
    sources = tuple(RecipeSource(path.name, (path,)) for path in files)
    # A twentieth of a few dozen tunes would be one or two, too few to tell when to stop training.
    return Recipe(
        name, f"tunebooks of your own: {name}", "as its tunebooks say", sources, held_out=0.1
    )
