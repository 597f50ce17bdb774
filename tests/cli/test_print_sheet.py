"""``abclm sheet``: files, names and mistyped commands."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run

BOOK = """X:1
T:The First One
R:reel
M:2/4
L:1/8
K:G
GABc|d4|]

X:2
T:Broken
K:G

X:3
T:Third, with a Comma
M:2/4
L:1/8
K:D
"D"dcBA|D4|]

"""


@pytest.fixture
def book(folder: Path) -> Path:
    path = folder / "my_tunes.abc"
    path.write_text(BOOK, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def _installed() -> None:
    for package in ("verovio", "reportlab", "pypdfium2"):
        pytest.importorskip(package, reason=f"{package} is not installed")


def text_of(path: Path) -> list[str]:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return texts


def test_a_set_in_the_order_asked_for(run: Run, book: Path, folder: Path) -> None:
    result = run("sheet", book, "--set", "3,1", "--pdf", "set.pdf", "--title", "Friday")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.splitlines() == [
        "written: set.pdf (1 page)",
        "chord symbols are left out; --chords shows them",
    ]
    (text,) = text_of(folder / "set.pdf")
    assert text.index("Friday") < text.index("Third") < text.index("The First One")


@pytest.mark.parametrize("wanted", ["first one", "Third, with a Comma", "The First One,3"])
def test_titles_choose_tunes(run: Run, book: Path, folder: Path, wanted: str) -> None:
    assert run("sheet", book, "--tune", wanted, "--pdf", "t.pdf").exit_code == 0
    (text,) = text_of(folder / "t.pdf")
    assert ("The First One" in text) == ("irst" in wanted)
    assert ("Third" in text) == ("3" in wanted or "Third" in wanted)


def test_what_cannot_be_engraved_is_named_and_the_rest_written(run: Run, book: Path) -> None:
    result = run("sheet", book, "--pdf", "all.pdf", "--chords")
    assert result.exit_code == 1
    assert "left out: tune 2 has no notes to render" in result.stderr


def test_several_pages_are_numbered_files(run: Run, book: Path, folder: Path) -> None:
    result = run("sheet", book, "--tune", "1", "--index", "--svg", "s.svg", "--png", "p.png")
    assert result.exit_code == 0
    names = sorted(path.name for path in folder.glob("[sp]*.*g"))
    assert names == ["p-1.png", "p-2.png", "s-1.svg", "s-2.svg"]
    assert (folder / "p-1.png").read_bytes().startswith(b"\x89PNG")
    assert "written: s-1.svg to s-2.svg (2 pages)" in result.stderr


def test_one_page_has_no_number(run: Run, book: Path, folder: Path) -> None:
    assert run("sheet", book, "--tune", "1", "--svg", "s.svg").exit_code == 0
    assert "<title>The First One</title>" in (folder / "s.svg").read_text(encoding="utf-8")


def test_streams(run: Run, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    result = run("sheet", "-", "--tune", "1", "--pdf", "-", stdin=BOOK)
    assert result.exit_code == 0
    assert capfdbinary.readouterr().out.startswith(b"%PDF-")
    assert "written" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("my_tunes.abc", "nothing to write: give --pdf, --svg or --png and a file"),
        ("no.abc --pdf a.pdf", "no.abc: cannot be read"),
        ("my_tunes.abc --pdf my_tunes.abc", "PDF is not written to a .abc file: it goes to .pdf"),
        ("my_tunes.abc --png a.jpg", "PNG is not written to a .jpg file: it goes to .png"),
        ("my_tunes.abc --pdf no/a.pdf", "no/a.pdf: cannot be written: no folder no"),
        ("my_tunes.abc --pdf a.pdf --paper B5", "there is no 'B5': give A4, Letter, A5 or tablet"),
        ("my_tunes.abc --pdf a.pdf --tab lute", "give whistle-D, mandolin or fiddle"),
        ("my_tunes.abc --pdf a.pdf --size big", "give small, normal or large"),
        ("my_tunes.abc --pdf a.pdf --columns 7", "columns: 7 is not a number from 1 to 4"),
        ("my_tunes.abc --pdf a.pdf --columns two", "'two' is not a valid int"),
        ("my_tunes.abc --pdf a.pdf --tune 9", "no X:9; there are: 1, 2, 3"),
        ("my_tunes.abc --pdf a.pdf --set 1,9", "no X:9; there are: 1, 2, 3"),
        ("my_tunes.abc --pdf a.pdf --tune nothing", "no tune is called 'nothing'"),
        ("my_tunes.abc --pdf a.pdf --tune 2", "tune 2 has no notes to render"),
        ("my_tunes.abc --pdf a.pdf --incipits --abc", "incipits and abc exclude each other"),
        ("my_tunes.abc --index --svg -", "-: 2 pages need a file each"),
        ("my_tunes.abc --pdf - --svg -", "would be written twice"),
        ("my_tunes.abc --pdf a.pdf --papr A4", "No such option: --papr"),
    ],
)
def test_mistyped_commands_are_one_line_and_write_nothing(
    run: Run, book: Path, folder: Path, arguments: str, message: str
) -> None:
    result = run("sheet", *arguments.split())
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in folder.iterdir()] == ["my_tunes.abc"]


@pytest.mark.parametrize("package", ["verovio", "reportlab", "pypdfium2"])
def test_a_missing_package_is_one_line(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    from importlib.util import find_spec

    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == package else find_spec(name)
    )
    result = run("sheet", book, "--png", "a.png")
    assert result.exit_code == 2
    assert f"abclm sheet needs {package}" in result.stderr
    assert "pip install 'abclm[score]'" in result.stderr
