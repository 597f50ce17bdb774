import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from abclm.render.midi.midi_notes import midi_notes

Run = Callable[..., Result]

BOOK = "X:1\nT:One\nR:hornpipe\nM:C|\nL:1/8\nK:C\nCDEF|\n\nX:07\nT:Seven\nL:1/8\nK:G\nGABc|\n"


@pytest.fixture
def book(folder: Path) -> Path:
    path = folder / "book.abc"
    path.write_text(BOOK, encoding="utf-8")
    return path


def pitches(path: Path) -> list[int]:
    return [note.pitch for note in midi_notes(path.read_bytes())]


def test_the_first_tune_is_rendered(run: Run, book: Path, folder: Path) -> None:
    result = run("render", book, "--midi", "out.mid")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "written: out.mid (the first of 2 tunes)" in result.stderr
    assert pitches(folder / "out.mid") == [60, 62, 64, 65]


def test_a_tune_goes_by_its_number(run: Run, book: Path, folder: Path) -> None:
    assert run("render", book, "--midi", "out.mid", "--tune", "7").exit_code == 0
    assert pitches(folder / "out.mid") == [67, 69, 71, 72]


def test_a_number_that_is_not_there_lists_those_that_are(run: Run, book: Path) -> None:
    result = run("render", book, "--midi", "out.mid", "--tune", "3")
    assert result.exit_code == 2
    assert "no X:3; there are: 1, 07" in result.stderr


def test_all_tunes_get_a_file_each(run: Run, book: Path, folder: Path) -> None:
    book.write_text(f"{BOOK}\nX:1\nT:Again\nL:1/8\nK:C\nc|\n", encoding="utf-8")
    result = run("render", book, "--midi", "out.mid", "--all")
    assert result.exit_code == 0
    assert "written: 3 of 3 tunes" in result.stderr
    assert sorted(path.name for path in folder.glob("*.mid")) == [
        "out-1-2.mid",
        "out-1.mid",
        "out-7.mid",
    ]


def test_a_tune_that_cannot_be_rendered_is_told_and_left_out(
    run: Run, book: Path, folder: Path
) -> None:
    book.write_text(f"{BOOK}\nX:9\nT:Silent\nK:C\nz|\n", encoding="utf-8")
    result = run("render", book, "--midi", "out.mid", "--all")
    assert result.exit_code == 1
    assert "left out: tune X:9 has no notes to render" in result.stderr
    assert len(list(folder.glob("*.mid"))) == 2


def test_swing_and_tempo_and_instrument_reach_the_file(run: Run, book: Path, folder: Path) -> None:
    options = ["--swing", "--tempo", "60", "--instrument", "flute"]
    assert run("render", book, "--midi", "out.mid", *options).exit_code == 0
    data = (folder / "out.mid").read_bytes()
    assert midi_notes(data)[1].start == pytest.approx(2 / 3)
    assert b"\xff\x51\x03" + (500_000).to_bytes(3) in data  # 60 half notes are 120 quarters
    assert b"\xc0\x49" in data  # program 73


def test_swing_without_a_hornpipe_is_remarked(run: Run, book: Path) -> None:
    result = run("render", book, "--midi", "out.mid", "--tune", "7", "--swing")
    assert result.exit_code == 0
    assert "nothing to swing" in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "nothing to render to"),
        (["--midi", "o.mid", "--instrument", "kazoo"], "no instrument 'kazoo'; there are:"),
        (["--midi", "o.mid", "--tempo", "2"], "tempo 2: must be from 10 to 600"),
        (["--midi", "o.mid", "--all", "--tune", "1"], "--all and --tune exclude each other"),
        (["--midi", "missing/o.mid"], "no folder missing"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    run: Run, book: Path, options: list[str], message: str
) -> None:
    result = run("render", book, *options)
    assert result.exit_code == 2
    assert message in result.stderr


def test_standard_input_is_a_book_too(run: Run, folder: Path) -> None:
    assert run("render", "-", "--midi", "out.mid", stdin=BOOK).exit_code == 0
    assert pitches(folder / "out.mid") == [60, 62, 64, 65]


def test_chord_symbols_are_played_unless_asked_not_to(run: Run, folder: Path) -> None:
    path = folder / "chords.abc"
    path.write_text('X:1\nM:4/4\nL:1/4\nK:C\n"C"C4|\n', encoding="utf-8")
    assert run("render", path, "--midi", "out.mid").exit_code == 0
    assert len(pitches(folder / "out.mid")) == 1 + 2 + 2 * 3
    assert run("render", path, "--midi", "out.mid", "--no-chords").exit_code == 0
    assert pitches(folder / "out.mid") == [60]


def test_a_piano_roll_is_an_svg_that_says_who_wrote_it(run: Run, book: Path, folder: Path) -> None:
    assert run("render", book, "--roll", "roll.svg").exit_code == 0
    assert "<metadata>abclm " in (folder / "roll.svg").read_text(encoding="utf-8")
    assert run("render", book, "--roll", "roll.svg", "--no-mark").exit_code == 0
    assert "<metadata>" not in (folder / "roll.svg").read_text(encoding="utf-8")
    assert run("render", book, "--roll", "roll.png").exit_code == 2


def test_musicxml_is_written_plain_or_compressed_and_read_back(
    run: Run, book: Path, folder: Path
) -> None:
    assert run("render", book, "--musicxml", "out.musicxml").exit_code == 0
    assert run("render", book, "--musicxml", "out.mxl").exit_code == 0
    assert (folder / "out.musicxml").read_bytes().startswith(b"<?xml")
    assert (folder / "out.mxl").read_bytes().startswith(b"PK")
    for name in ("out.musicxml", "out.mxl"):
        assert "CDEF" in run("convert", folder / name).stdout.replace(" ", "")
        assert run("render", book, "--musicxml", name).exit_code == 0  # it may be replaced
    assert run("render", book, "--musicxml", "out.mid").exit_code == 2


def test_the_page_takes_tempo_and_instrument(folder: Path, run: Run) -> None:
    pytest.importorskip("verovio", reason="verovio is not installed (abclm[score])")
    (folder / "tune.abc").write_text("X:1\nT:One\nM:4/4\nL:1/4\nK:G\nGABc|]\n", encoding="utf-8")
    done = run("render", "tune.abc", "--html", "a.html", "--tempo", "60", "--instrument", "harp")
    assert done.exit_code == 0
    page = (folder / "a.html").read_text(encoding="utf-8")
    assert '<option value="plucked" selected>' in page
    packed = page.partition('id="book">')[2].partition("<")[0]
    music = json.loads(gzip.decompress(base64.b64decode(packed)))["music"]["tune-1"]
    assert (music["tempo"], music["end"]) == (60, 4000)


def test_a_set_is_one_file_without_a_gap(run: Run, book: Path, folder: Path) -> None:
    result = run("render", book, "--midi", "set.mid", "--tune", "7,1,seven")
    assert result.exit_code == 2  # numbers or a title, not both
    result = run("render", book, "--midi", "set.mid", "--tune", "7,1")
    assert "written: set.mid (Seven / One)" in result.stderr
    notes = midi_notes((folder / "set.mid").read_bytes())
    assert [note.pitch for note in notes] == [67, 69, 71, 72, 60, 62, 64, 65]
    assert [note.start for note in notes] == [0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5]
    assert notes[3].end == notes[4].start
    for title in (b"Seven", b"One"):
        assert b"\xff\x06" + bytes([len(title)]) + title in (folder / "set.mid").read_bytes()


def test_a_tune_goes_by_its_title(run: Run, book: Path, folder: Path) -> None:
    assert run("render", book, "--midi", "out.mid", "--tune", "seven").exit_code == 0
    assert pitches(folder / "out.mid") == [67, 69, 71, 72]


def test_a_picture_holds_one_tune(run: Run, book: Path, folder: Path) -> None:
    result = run("render", book, "--musicxml", "out.musicxml", "--tune", "1,7")
    assert result.exit_code == 2
    assert "such a file holds one tune" in result.stderr
    assert not (folder / "out.musicxml").exists()
