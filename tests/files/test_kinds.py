import os
from pathlib import Path

import pytest

from abclm.errors import OutputError
from abclm.files import Kind, check_outputs

WRONG = [
    (
        Kind.ABC,
        "y.pdf new.mid a.WAV a.svg a.html a.mp3 a.png a.sqlite a.musicxml a.safetensors a.gz",
    ),
    (Kind.MIDI, "x.abc x.txt x.wav x.mp3 x.unheard"),
    (Kind.WAV, "x.mp3 x.abc x.mid"),
    (Kind.SVG, "x.abc x.html x.png"),
    (Kind.HTML, "x.mid x.abc x.svg"),
]
RIGHT = [
    (Kind.ABC, "a.abc A.ABC a.txt a book.bak vol.2"),
    (Kind.MIDI, "a.mid a.MIDI a"),
    (Kind.WAV, "a.wav"),
    (Kind.SVG, "a.svg"),
    (Kind.HTML, "a.html a.htm"),
]


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in WRONG for name in names.split()]
)
def test_a_file_named_like_another_kind_is_refused(tmp_path: Path, kind: Kind, name: str) -> None:
    with pytest.raises(
        OutputError, match=f"{kind.value} is not written to a {Path(name).suffix.lower()} file"
    ):
        check_outputs((tmp_path / name, kind))


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in RIGHT for name in names.split()]
)
def test_a_file_of_its_kind_is_allowed(tmp_path: Path, kind: Kind, name: str) -> None:
    check_outputs((tmp_path / name, kind), (None, Kind.MIDI))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (Kind.ABC, b"MThd\0\0\0\6"),
        (Kind.ABC, b"SQLite format 3\0"),
        (Kind.ABC, b"%PDF-1.7"),
        (Kind.ABC, b"\xef\xbb\xbf<!DOCTYPE html>"),
        (Kind.MIDI, b"X:1\nK:G\n"),
        (Kind.MIDI, b"\n%abc-2.1\n"),
        (Kind.SVG, b"RIFF1234WAVE"),
    ],
)
def test_a_file_that_holds_another_kind_is_refused(
    tmp_path: Path, kind: Kind, content: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(OutputError, match=f"so {kind.value} is not written there"):
        check_outputs((path, kind))


def test_an_svg_that_is_xml_too_may_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_bytes(b'<?xml version="1.0"?>\n<svg/>')
    check_outputs((path, Kind.SVG))


def test_an_output_that_is_an_input_is_refused_through_links(tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    book.write_bytes(b"X:1\n")
    hard, soft = tmp_path / "hard.abc", tmp_path / "soft.abc"
    hard.hardlink_to(book)
    soft.symlink_to(book)
    for path in (book, hard, soft, tmp_path / "." / ".." / tmp_path.name / "book.abc"):
        with pytest.raises(OutputError, match="is the file that is read"):
            check_outputs((path, Kind.ABC), inputs=[book])
    check_outputs((tmp_path / "other.abc", Kind.ABC), inputs=[book, tmp_path / "missing.abc"])


def test_two_outputs_do_not_mix_on_standard_output() -> None:
    for other in ("-", "/dev/stdout"):
        with pytest.raises(OutputError, match="is to be written twice"):
            check_outputs((Path("-"), Kind.MIDI), (Path(other), Kind.SVG))
    check_outputs((Path("-"), Kind.MIDI), (Path(os.devnull), Kind.SVG))


@pytest.mark.parametrize("second", ["a", "A", "./a"])
def test_two_outputs_may_not_be_one_file(tmp_path: Path, second: str) -> None:
    with pytest.raises(OutputError, match="is to be written twice"):
        check_outputs((tmp_path / "a", Kind.ABC), (tmp_path / second, Kind.MIDI))


def test_two_outputs_may_be_one_device(tmp_path: Path) -> None:
    null = Path(os.devnull)
    check_outputs((null, Kind.ABC), (null, Kind.MIDI), inputs=[null])
