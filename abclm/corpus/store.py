"""A built corpus on disk: a tunebook for each of its parts, and ``corpus.json``."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from abclm.corpus.build import BuiltCorpus, CorpusTune
from abclm.corpus.recipe import Recipe
from abclm.corpus.recipes import list_recipes
from abclm.errors import CorpusError, InputError, OutputError
from abclm.files import write_atomically
from abclm.untrusted.bounded import read_bounded
from abclm.untrusted.strict_json import read_json
from abclm.untrusted.values import table_of, tables_of, text_of, whole_of

__all__ = [
    "PARTS",
    "Corpus",
    "check_sources",
    "list_corpora",
    "load_corpus",
    "load_report",
    "save_corpus",
    "without_number",
]

FORMAT = 2
"""The number of the format of a corpus's report."""
PARTS = ("train", "held_out", "held_out_by_tune")
"""The parts of a corpus, each a tunebook of its own."""
_COUNTED: Final = ("tunes", "characters", "notes", "families", "distinct_characters")
_MOST_COUNTED: Final = 10**12
"""A count above this, more than any file could hold, is damage."""
_REPORT_BYTES: Final = 16 * 2**20
"""The shipped corpus's report has 2 KiB; it grows with the sources and the reasons for dropping."""
_TUNES_BYTES: Final = 2**30
"""A thousand times the shipped corpus."""
_REBUILD = "build it again with abclm corpus build"


@dataclass(frozen=True, slots=True)
class Corpus:
    """A corpus as training reads it.

    Attributes:
        train, held_out, held_out_by_tune: the tunes without their numbers (see `without_number`).
        report: the content of ``corpus.json``.
    """

    name: str
    train: tuple[str, ...]
    held_out: tuple[str, ...]
    held_out_by_tune: tuple[str, ...]
    report: dict[str, Any]

    @property
    def several(self) -> bool:
        """Whether its pieces have several voices."""
        return any("[V:" in tune for tune in self.train)


def without_number(tune: str) -> str:
    """Return a canonical tune without ``X:``, which is bookkeeping, not music."""
    return tune.partition("\n")[2] if tune.startswith("X:") else tune


def check_sources(recipe: Recipe, folder: Path) -> None:
    """Check that a corpus written to ``folder`` overwrites none of its own sources.

    Raises:
        OutputError: it would.
    """
    files = [file for source in recipe.sources for file in source.files]
    for part in PARTS:
        written = folder / _file(part)
        if written.exists() and any(file.exists() and file.samefile(written) for file in files):
            raise OutputError(
                f"{written}: is both a source and an output: give the corpus another name"
            )


def save_corpus(recipe: Recipe, built: BuiltCorpus, folder: Path) -> dict[str, Any]:
    """Write the corpus to ``folder`` and return its report; each file is written atomically.

    Raises:
        OutputError: the folder cannot be created or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror}") from error
    texts = {_file(part): _tunebook(getattr(built, part)) for part in PARTS}
    report = _report(recipe, built, texts)
    for name, text in texts.items():
        write_atomically(folder / name, text)
    write_atomically(
        folder / "corpus.json", json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    )
    return report


def load_corpus(name: str, base: Path = Path("corpora")) -> Corpus:
    """Load the corpus in the folder ``name``, or ``base/name``.

    Raises:
        CorpusError: it is missing or damaged; the message says how to build it.
    """
    folder = _folder(name, base)
    report = load_report(name, base)
    texts = {}
    for file in map(_file, PARTS):
        try:
            texts[file] = read_bounded(folder / file, _TUNES_BYTES).decode("utf-8")
        except (InputError, UnicodeDecodeError) as error:
            raise CorpusError(f"{folder / file}: cannot be read: {_REBUILD}") from error
    if report.get("sha256") != _digest(texts):
        raise CorpusError(f"{folder}: changed since it was built: {_REBUILD}")
    parts = {part: tuple(map(without_number, _tunes(texts[_file(part)]))) for part in PARTS}
    return Corpus(report["name"], **parts, report=report)


def load_report(name: str, base: Path = Path("corpora")) -> dict[str, Any]:
    """Load the report of the corpus ``name``, its ``corpus.json``.

    Raises:
        CorpusError: the corpus is missing or damaged.
    """
    path = _folder(name, base) / "corpus.json"
    if not path.exists():
        raise CorpusError(_missing(name, base))
    try:
        report = read_json(read_bounded(path, _REPORT_BYTES))
        if not isinstance(report, dict) or report.get("format") != FORMAT:
            raise CorpusError(f"{path}: made by another version: {_REBUILD}")
        _check(report)
    except InputError as error:
        text = str(error).removeprefix(f"{path}: ")
        raise CorpusError(f"{path}: damaged: {text}: {_REBUILD}") from error
    except ValueError as error:
        raise CorpusError(f"{path}: damaged: {_REBUILD}") from error
    return report


def _check(report: dict[str, Any]) -> None:
    """Check that a report has all keys that are read from it.

    Raises:
        InputError: a key is missing or wrong; the message names it.
    """
    for key in ("name", "title", "licence", "sha256"):
        text_of(report, key)
    for row in (report, *tables_of(report, "sources")):
        text_of(row, "name")
        dropped = table_of(row, "dropped")
        _check_counts(dropped, dropped)
        _check_counts(row, ("read", "kept"))
    for part in PARTS:
        _check_counts(table_of(report, part), _COUNTED)


def _check_counts(table: dict[str, Any], keys: Iterable[str]) -> None:
    for key in keys:
        whole_of(table, key, 0, _MOST_COUNTED)


def list_corpora(base: Path = Path("corpora")) -> list[str]:
    """Return the names of the corpora built under ``base``, sorted."""
    return sorted(path.parent.name for path in base.glob("*/corpus.json"))


def _file(part: str) -> str:
    return f"{part}.abc"


def _tunebook(tunes: Sequence[CorpusTune]) -> str:
    return "\n".join(tune.text for tune in tunes)


def _tunes(tunebook: str) -> list[str]:
    """Split a text made by `_tunebook` into its canonical tunes."""
    return [tune.rstrip("\n") + "\n" for tune in tunebook.split("\n\n") if tune.strip()]


def _digest(texts: dict[str, str]) -> str:
    return hashlib.sha256("\0".join(texts[name] for name in sorted(texts)).encode()).hexdigest()


def _report(recipe: Recipe, built: BuiltCorpus, texts: dict[str, str]) -> dict[str, Any]:
    sources = [asdict(report) for report in built.sources]
    dropped: dict[str, int] = {}
    for source in sources:
        for reason, count in source["dropped"].items():
            dropped[reason] = dropped.get(reason, 0) + count
    return {
        "format": FORMAT,
        "name": recipe.name,
        "title": recipe.title,
        "licence": recipe.licence,
        "read": sum(source["read"] for source in sources),
        "kept": sum(source["kept"] for source in sources),
        "dropped": dict(sorted(dropped.items(), key=lambda item: (-item[1], item[0]))),
        **{part: _count(getattr(built, part)) for part in PARTS},
        "sources": sources,
        "settings": {
            "held_out": recipe.held_out,
            "held_out_by_tune": recipe.held_out_by_tune,
            "seed": recipe.seed,
            "filters": asdict(recipe.filters),
        },
        "sha256": _digest(texts),
    }


def _count(tunes: Sequence[CorpusTune]) -> dict[str, int]:
    texts = [without_number(tune.text) for tune in tunes]
    return {
        "tunes": len(tunes),
        "characters": sum(map(len, texts)),
        "notes": sum(tune.notes for tune in tunes),
        "families": len({tune.family for tune in tunes}),
        "distinct_characters": len(set("".join(texts))),
    }


def _folder(name: str, base: Path) -> Path:
    given = Path(name)
    return given if (given / "corpus.json").is_file() else base / name


def _missing(name: str, base: Path) -> str:
    if name in list_recipes():
        return f"corpus {name!r} is not built yet: abclm corpus build {name}"
    built = ", ".join(list_corpora(base)) or "none"
    return (
        f"no corpus {name!r}; built here: {built}. To make it: abclm corpus build {name} FILE.abc"
    )
