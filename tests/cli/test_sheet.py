import wave
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]

BOOK = """X:1
T:One & <two>
M:2/4
L:1/8
K:G
GABc|d4|]

X:2
T:Broken
K:G

X:3
T:Three
M:2/4
L:1/8
K:D
dcBA|D4|]
"""


@pytest.fixture
def book(folder: Path) -> Path:
    path = folder / "my_tunes.abc"
    path.write_text(BOOK, encoding="utf-8")
    return path


def needs(*packages: str) -> None:
    for package in packages:
        pytest.importorskip(package, reason=f"{package} is not installed")


def test_nothing_asked_for_lists_what_there_is(run: Run, book: Path) -> None:
    result = run("render", book)
    assert result.exit_code == 2
    assert "give --midi, --svg, --html, --wav, --musicxml or --roll" in result.stderr


@pytest.mark.parametrize(
    ("option", "extra"), [("--svg", "score"), ("--html", "score"), ("--wav", "audio")]
)
def test_a_missing_extra_is_one_line(
    run: Run, book: Path, monkeypatch: pytest.MonkeyPatch, option: str, extra: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    result = run("render", book, option, "out")
    assert result.exit_code == 2
    assert f"abclm render {option} needs " in result.stderr
    assert f"pip install 'abclm[{extra}]'" in result.stderr
    assert not (book.parent / "out").exists()


def test_the_picture_of_a_tune(run: Run, book: Path, folder: Path) -> None:
    needs("verovio")
    result = run("render", book, "--svg", "out.svg", "--tune", "3")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "<title>Three</title>" in (folder / "out.svg").read_text(encoding="utf-8")


def test_pictures_of_all_tunes_leave_out_what_cannot_be_drawn(
    run: Run, book: Path, folder: Path
) -> None:
    needs("verovio")
    result = run("render", book, "--svg", "out.svg", "--all")
    assert result.exit_code == 1
    assert "left out: tune 2 has no notes" in result.stderr
    assert sorted(path.name for path in folder.glob("*.svg")) == ["out-1.svg", "out-3.svg"]


def test_a_book_is_one_page(run: Run, book: Path, folder: Path) -> None:
    needs("verovio")
    result = run("render", book, "--html", "out.html")
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "tune 2 has no notes to render",
        "written: out.html (3 tunes)",
    ]
    text = (folder / "out.html").read_text(encoding="utf-8")
    assert "<title>my tunes</title>" in text
    assert text.count('<article class="tune"') == 3


def test_a_page_of_one_tune_has_its_title(run: Run, book: Path, folder: Path) -> None:
    needs("verovio")
    result = run("render", "-", "--html", "out.html", "--tune", "1", stdin=BOOK)
    assert result.exit_code == 0
    text = (folder / "out.html").read_text(encoding="utf-8")
    assert "<title>One &amp; &lt;two&gt;</title>" in text


def test_sound_and_midi_at_once(run: Run, book: Path, folder: Path) -> None:
    needs("midirenderer", "pretty_midi")
    result = run("render", book, "--wav", "out.wav", "--midi", "out.mid")
    assert result.exit_code == 0
    with wave.open(str(folder / "out.wav")) as file:
        assert file.getnframes() > file.getframerate()
    assert (folder / "out.mid").read_bytes()[:4] == b"MThd"


def test_a_sound_font_that_is_none_is_one_line(run: Run, book: Path) -> None:
    needs("midirenderer")
    result = run("render", book, "--wav", "out.wav", "--sound-font", "missing.sf2")
    assert result.exit_code == 2
    assert "missing.sf2: cannot be read" in result.stderr
