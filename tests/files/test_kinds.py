import os
from pathlib import Path

import pytest

from abclm.errors import OutputError
from abclm.files import FileKind, check_outputs

WRONG = [
    (
        FileKind.ABC,
        "y.pdf new.mid a.WAV a.svg a.html a.mp3 a.png a.sqlite a.musicxml a.safetensors a.gz",
    ),
    (FileKind.MIDI, "x.abc x.txt x.wav x.mp3 x.unheard"),
    (FileKind.WAV, "x.mp3 x.abc x.mid"),
    (FileKind.SVG, "x.abc x.html x.png"),
    (FileKind.HTML, "x.mid x.abc x.svg"),
]
RIGHT = [
    (FileKind.ABC, "a.abc A.ABC a.txt a book.bak vol.2"),
    (FileKind.MIDI, "a.mid a.MIDI a"),
    (FileKind.WAV, "a.wav"),
    (FileKind.SVG, "a.svg"),
    (FileKind.MUSICXML, "a.musicxml a.xml"),
    (FileKind.MXL, "a.mxl"),
    (FileKind.HTML, "a.html a.htm"),
]


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in WRONG for name in names.split()]
)
def test_a_file_named_like_another_kind_is_refused(
    tmp_path: Path, kind: FileKind, name: str
) -> None:
    with pytest.raises(
        OutputError, match=f"{kind.value} is not written to a {Path(name).suffix.lower()} file"
    ):
        check_outputs((tmp_path / name, kind))


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in RIGHT for name in names.split()]
)
def test_a_file_of_its_kind_is_allowed(tmp_path: Path, kind: FileKind, name: str) -> None:
    check_outputs((tmp_path / name, kind), (None, FileKind.MIDI))


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        (FileKind.ABC, b"MThd\0\0\0\6"),
        (FileKind.ABC, b"SQLite format 3\0"),
        (FileKind.ABC, b"%PDF-1.7"),
        (FileKind.ABC, b"\xef\xbb\xbf<!DOCTYPE html>"),
        (FileKind.MIDI, b"X:1\nK:G\n"),
        (FileKind.MIDI, b"\n%abc-2.1\n"),
        (FileKind.SVG, b"RIFF1234WAVE"),
        (FileKind.MUSICXML, b"<?xml version='1.0'?><svg>"),
        (FileKind.MXL, b"PK\x03\x04 word/document.xml"),
        (FileKind.ABC, b"<?xml version='1.0'?><score-partwise>"),
    ],
)
def test_a_file_that_holds_another_kind_is_refused(
    tmp_path: Path, kind: FileKind, content: bytes
) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(OutputError, match=f"so {kind.value} is not written there"):
        check_outputs((path, kind))


def test_an_svg_that_is_xml_too_may_be_written_again(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_bytes(b'<?xml version="1.0"?>\n<svg/>')
    check_outputs((path, FileKind.SVG))


def test_an_output_that_is_an_input_is_refused_through_links(tmp_path: Path) -> None:
    book = tmp_path / "book.abc"
    book.write_bytes(b"X:1\n")
    hard, soft = tmp_path / "hard.abc", tmp_path / "soft.abc"
    hard.hardlink_to(book)
    soft.symlink_to(book)
    for path in (book, hard, soft, tmp_path / "." / ".." / tmp_path.name / "book.abc"):
        with pytest.raises(OutputError, match="is an input"):
            check_outputs((path, FileKind.ABC), inputs=[book])
    check_outputs((tmp_path / "other.abc", FileKind.ABC), inputs=[book, tmp_path / "missing.abc"])


def test_two_outputs_do_not_mix_on_standard_output() -> None:
    for other in ("-", "/dev/stdout"):
        with pytest.raises(OutputError, match="would be written twice"):
            check_outputs((Path("-"), FileKind.MIDI), (Path(other), FileKind.SVG))
    check_outputs((Path("-"), FileKind.MIDI), (Path(os.devnull), FileKind.SVG))


@pytest.mark.parametrize("second", ["a", "A", "./a"])
def test_two_outputs_may_not_be_one_file(tmp_path: Path, second: str) -> None:
    with pytest.raises(OutputError, match="would be written twice"):
        check_outputs((tmp_path / "a", FileKind.ABC), (tmp_path / second, FileKind.MIDI))


def test_two_outputs_may_be_one_device(tmp_path: Path) -> None:
    null = Path(os.devnull)
    check_outputs((null, FileKind.ABC), (null, FileKind.MIDI), inputs=[null])
