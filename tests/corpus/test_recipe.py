"""A recipe reads what it is meant to read, and one that cannot be used is one line."""

import string
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from abclm.corpus.names import is_plain_name
from abclm.corpus.recipe_file import read_recipe
from abclm.corpus.recipes import find_recipe, own_recipe
from abclm.errors import CorpusError, InputError
from tests.corpus.test_build import good

SOUND = """
title = "A title"
licence = "CC0"
[[sources]]
name = "Book"
files = "*.abc"
"""
VALUES = (
    "1", "0x" + "f" * 5000, "-1", "1.5", "nan", "-inf", "true", '""', '"x"', "[]", "[1]", '["a"]',
    "{}", "{ a = 1 }", "2026-01-01", "07:32:00", "[[[[]]]]", "1" + "0" * 4000, '"../x"',
    '"\\u0000"',
)  # fmt: skip
KEYS = (
    "title", "licence", "sources", "filters", "held_out", "held_out_by_tune", "seed", "name",
    "files", "package", "minimum_bars", "maximum_characters", "rules", "near_duplicates",
    "strict_training", "unknown",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recipes")
    (folder / "book.abc").write_text(good(1), encoding="utf-8")
    (folder / "outside.abc").symlink_to(tmp_path_factory.mktemp("elsewhere") / "x.abc")
    (folder / "outside.abc").resolve().write_text(good(2), encoding="utf-8")
    return folder


def refusal(folder: Path, content: str | bytes) -> str:
    """The line that a recipe is refused with; nothing where it is not."""
    path = folder / "mine.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    message = ""
    try:
        read_recipe(path)
    except CorpusError as error:
        message = str(error)
        assert "\n" not in message
        assert message.startswith(str(path))
    return message


def test_a_recipe_takes_the_files_of_its_own_folder_alone(folder: Path) -> None:
    (folder / "mine.toml").write_text(SOUND, encoding="utf-8")
    (source,) = read_recipe(folder / "mine.toml").sources
    assert [file.name for file in source.files] == ["book.abc"]


def test_a_recipe_may_ask_for_files_of_the_user(folder: Path) -> None:
    (folder / "mine.toml").write_text(
        SOUND.replace("*.abc", "*.abc*") + 'yours = true\norigin = "a library"\n', encoding="utf-8"
    )
    with pytest.raises(
        CorpusError, match=r"needs a folder of yours with Book \(\*.abc\*, from a lib"
    ):
        find_recipe("mine", folder)
    inner = folder / "books" / "inner"
    inner.mkdir(parents=True)
    for name in ("b.abc", "a.ABC", ".hidden.abc", "notes.txt", "c.abc.bak"):
        (inner / name).write_text(good(1), encoding="utf-8")
    (source,) = find_recipe("mine", folder, files=[folder / "books", folder / "x.abc"]).sources
    assert [file.name for file in source.files] == ["a.ABC", "b.abc", "x.abc"]
    (inner.parent / "empty").mkdir()
    with pytest.raises(InputError, match=r"empty: has no file to read: \*\.abc\*"):
        find_recipe("mine", folder, files=[inner.parent / "empty"])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (('"*.abc"', '"*.abc"\nyours = 1'), "yours must be true or false"),
        (('"*.abc"', '"a/*.abc"\nyours = true'), "a pattern for names of files"),
        (('"*.abc"', '"*.abc"\nyours = true\npackage = "music21"'), "exclude each other"),
        (('"*.abc"', '"/etc/*"'), "files must be a pattern inside"),
        (('"*.abc"', '"../*.abc"'), "files must be a pattern inside"),
        (('"*.abc"', '"a/../../*.abc"'), "files must be a pattern inside"),
        (('"*.abc"', '""'), "files must be a pattern inside"),
        (('"*.abc"', '"**/**/**/*.abc"'), "files must be a pattern inside"),
        (('"*.abc"', '"outside.abc"'), "Book: no file matches"),
        (
            ('"*.abc"', '"*.abc"\npackage = "this.x"'),
            "package must be one with tunebooks (music21)",
        ),
        (('"*.abc"', '"*.abc"\npackage = "this"'), "not 'this'"),
        (('"*.abc"', '"*.abc"\npackage = 3'), "package must be a string, not 3"),
        (('"*.abc"', '"*.abc"\nfile = 3'), "sources: unknown key 'file'; there are: files, name"),
        (('title = "A title"', ""), "has no 'title'"),
        (('"A title"', "2026-01-01"), "title must be a string, not datetime.date"),
        (('"CC0"', "[1, 2]"), "licence must be a string, not [1, 2]"),
        (('"CC0"', '"CC0"\nheld_out = nan'), "held_out must be finite"),
        (('"CC0"', '"CC0"\nheld_out = 2'), "held_out is 2; it must lie between 0 and 1"),
        (('"CC0"', '"CC0"\nheld_out = true'), "held_out must be a number, not True"),
        (('"CC0"', '"CC0"\nseed = 1.5'), "seed must be a whole number, not 1.5"),
        (('"CC0"', '"CC0"\nfilters = []'), "filters must be a table, not []"),
        (('"CC0"', '"CC0"\nfilters = { rules = "bar" }'), "rules must be a list of strings"),
        (('"CC0"', '"CC0"\nfilters = { rule = [] }'), "filters: unknown key 'rule'"),
        (('"CC0"', '"CC0"\nfilters = { minimum_bars = 0 }'), "minimum_bars must be between 1"),
        (('"CC0"', '"CC0"\nfilters = { near_duplicates = 1 }'), "near_duplicates must be true or"),
        (("[[sources]]", "[sources]"), "sources must be a list of tables"),
        (("[[sources]]", "sources = []\n[more]"), "unknown key 'more'"),
    ],
)
def test_what_is_wrong_is_said_with_its_key(
    folder: Path, change: tuple[str, str], message: str
) -> None:
    assert message in refusal(folder, SOUND.replace(*change))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"\0",
        b"= nothing",
        b"a = " + b"[" * 60_000,
        b"a = " + b"{a=" * 60_000,
        b".".join([b"a"] * 60_000) + b" = 1",
        b"a = " + b"9" * 100_000,
        b"# " + b"x" * 2**18,
        SOUND.encode() + b"title = 'twice'",
    ],
)
def test_what_is_no_recipe_is_one_line(folder: Path, content: bytes) -> None:
    assert refusal(folder, content)


tables = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(VALUES), max_size=6)


def toml(table: dict[str, str]) -> str:
    return "".join(f"{key} = {value}\n" for key, value in table.items())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(tables, tables, tables)
def test_any_recipe_is_used_or_refused_in_one_line(
    folder: Path, top: dict[str, str], source: dict[str, str], filters: dict[str, str]
) -> None:
    usual = {"title": '"t"', "licence": '"l"'}
    book = {"name": '"b"', "files": '"*.abc"'}
    text = toml(usual | top)
    if "sources" not in top:
        text += "[[sources]]\n" + toml(book | source)
    if "filters" not in top:
        text += "[filters]\n" + toml(filters)
    refusal(folder, text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_refused_in_one_line(folder: Path, text: str) -> None:
    refusal(folder, text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "name",
    [
        "../../x",
        "..",
        "/etc/x",
        "a/b",
        "a\\b",
        ".hidden",
        "",
        " ",
        "a\nb",
        "a\x1b",
        "x" * 200,
        "C:x",
    ],
)
def test_a_name_is_a_name_and_no_path(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(SOUND, encoding="utf-8")
    (tmp_path / "a").mkdir()
    with pytest.raises(CorpusError, match="no recipe"):
        find_recipe(name, tmp_path / "a" / "b")
    with pytest.raises(CorpusError, match="cannot name a corpus"):
        own_recipe(name, [])


@given(st.text(string.ascii_letters + " -_.éß", min_size=1, max_size=20))
def test_a_plain_name_stays_in_its_folder(name: str) -> None:
    base = Path("/corpora")
    assert not is_plain_name(name) or (base / name).resolve().parent == base


def test_a_package_is_found_without_importing_it(folder: Path, monkeypatch: Any) -> None:
    (folder / "music21").mkdir()
    (folder / "music21" / "__init__.py").write_text("raise SystemExit('ran')", encoding="utf-8")
    (folder / "music21" / "book.abc").write_text(good(1), encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "music21", raising=False)
    assert refusal(folder, SOUND.replace('"*.abc"', '"*.abc"\npackage = "music21"')) == ""
    assert "music21" not in sys.modules
