"""The titles of the training tunes on disk."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import CheckpointError, InputError, OutputError
from abclm.model.checkpoint import title_list
from abclm.model.checkpoint.title_list import TITLES, KnownTitle, read_titles, write_titles


def test_one_line_a_tune_sorted(tmp_path: Path) -> None:
    write_titles(tmp_path, [("reel", "The Gate"), ("", "Mühle"), ("reel", "A Cat"), ("", "Mühle")])
    text = (tmp_path / TITLES).read_bytes().decode("utf-8")
    assert text == "\tMühle\n\tMühle\nreel\tA Cat\nreel\tThe Gate\n"


def test_titles_are_read_as_they_were_written(tmp_path: Path) -> None:
    write_titles(tmp_path, [("slip jig", "The Gate"), ("", "می\N{ZERO WIDTH NON-JOINER}خواهم")])
    assert read_titles(tmp_path) == (
        KnownTitle("", "می\N{ZERO WIDTH NON-JOINER}خواهم"),
        KnownTitle("slip jig", "The Gate"),
    )


def test_without_the_file_no_titles_are_known(tmp_path: Path) -> None:
    assert read_titles(tmp_path) == ()
    write_titles(tmp_path, [])
    assert read_titles(tmp_path) == ()


def test_what_cannot_be_read_again_is_not_written(tmp_path: Path) -> None:
    refused = [
        "",
        "  ",
        "A\tB",
        "A\nB",
        "A\x1b[2J",
        "A\N{RIGHT-TO-LEFT OVERRIDE}B",
        "\ud800",
        "x" * 400,
    ]
    write_titles(tmp_path, [*(("", title) for title in refused), ("re\tel", "B"), ("", "The Gate")])
    assert read_titles(tmp_path) == (KnownTitle("", "The Gate"),)


def test_of_too_many_titles_a_share_of_every_rhythm_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(title_list, "_MAX_TITLES", 10)
    monkeypatch.setattr(title_list, "_MAX_BYTES", 50)
    write_titles(tmp_path, [(rhythm, f"T{n:02}") for rhythm in ("jig", "reel") for n in range(20)])
    kept = read_titles(tmp_path)
    assert 4 < len(kept) <= 10
    assert {one.rhythm for one in kept} == {"jig", "reel"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"reel\tThe Gate", "the last line has no end"),
        (b"reel\tThe Gate\nThe Cat\n", "line 2 is not a rhythm, a tab and a title"),
        (b"reel\tThe\tGate\n", "line 1 is not a rhythm, a tab and a title"),
        (b"reel\t\n", "line 1: a title is missing"),
        (b"\n", "line 1 is not a rhythm"),
        (b"reel\tThe \x1b[2J\n", r"line 1: a title has the control character U\+001B"),
        (b"re\x00el\tThe Gate\n", r"control character U\+0000"),
        (b"reel\tThe Gate\r\n", r"control character U\+000D"),
        (b"reel\tThe\xe2\x80\xae\n", r"control character U\+202E"),
        (b"reel\tThe\xe2\x80\xa8\n", r"control character U\+2028"),
        (b"reel\t\xff\n", "not UTF-8 at byte 5"),
        (b"reel\t" + b"x" * 400 + b"\n", "line 1: a title is longer than 300 characters"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    (tmp_path / TITLES).write_bytes(data)
    with pytest.raises(CheckpointError, match=message):
        read_titles(tmp_path)


def test_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / TITLES).write_text("\tA\n\tB\n\tC\n", encoding="utf-8")
    monkeypatch.setattr(title_list, "_MAX_TITLES", 2)
    with pytest.raises(CheckpointError, match="has 3 titles, more than 2"):
        read_titles(tmp_path)
    monkeypatch.setattr(title_list, "_MAX_BYTES", 8)
    with pytest.raises(CheckpointError, match="is larger than"):
        read_titles(tmp_path)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / TITLES).mkdir()
    with pytest.raises(CheckpointError, match="is not a file"):
        read_titles(tmp_path)


def test_a_missing_folder_cannot_be_written_to(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_titles(tmp_path / "none", [("", "The Gate")])


def test_a_title_with_a_tab_is_none() -> None:
    with pytest.raises(InputError, match="control character"):
        KnownTitle("", "A\tB")


@given(data=st.binary(max_size=60))
def test_any_bytes_are_titles_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("checkpoint")
    (folder / TITLES).write_bytes(data)
    try:
        titles = read_titles(folder)
    except CheckpointError:
        return
    write_titles(folder, [(one.rhythm, one.title) for one in titles])
    assert read_titles(folder) == titles
