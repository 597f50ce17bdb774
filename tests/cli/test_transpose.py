from pathlib import Path

import pytest

from tests.cli.conftest import Run

BOOK = b"X:1\r\nT:Caf\xe9 \x81\r\nK:D % D\r\nDFA|\r\n\r\nX:2\nT:b\nK:Am\nABc|"


@pytest.fixture
def book(folder: Path) -> Path:
    path = folder / "book.abc"
    path.write_bytes(BOOK)
    return path


def test_the_moved_book_goes_to_stdout_byte_for_byte(run: Run, book: Path) -> None:
    done = run("transpose", book, "--key", "G")
    expected = BOOK.replace(b"K:D", b"K:G").replace(b"DFA", b"GBd")
    assert done.stdout_bytes == expected.replace(b"K:Am", b"K:Gm").replace(b"ABc", b"GAB")
    assert book.read_bytes() == BOOK


def test_one_tune_into_another_file(run: Run, book: Path, folder: Path) -> None:
    done = run("transpose", book, "--semitones", "-2", "--tune", "2", "-o", "out.abc")
    assert (done.exit_code, done.stdout) == (0, "")
    expected = BOOK.replace(b"K:Am", b"K:Gm").replace(b"ABc", b"GAB")
    assert (folder / "out.abc").read_bytes() == expected


def test_in_place_keeps_every_old_version_beside_it(run: Run, book: Path, folder: Path) -> None:
    assert run("transpose", book, "--key", "G", "--up", "--in-place").exit_code == 0
    second = book.read_bytes()
    done = run("transpose", book, "--key", "D", "--down", "--in-place")
    assert done.stderr == "written: book.abc; the old version is in book.abc.bak2\n".replace(
        "book.abc", str(book)
    )
    assert (folder / "book.abc.bak").read_bytes() == BOOK
    assert (folder / "book.abc.bak2").read_bytes() == second


def test_stdin_and_byte_order_mark(run: Run) -> None:
    assert run("transpose", "-", "--key", "E", stdin="X:1\nK:D\nD|\n").stdout == "X:1\nK:E\nE|\n"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ([], "give a key or a distance"),
        (["--key", "G", "--semitones", "2"], "give a key or a distance"),
        (["--key", "G", "--up", "--down"], "--up and --down exclude each other"),
        (["--key", "Gdor"], "book.abc: X:1 is in D, and Gdor is another mode: ask for G"),
        (["--key", "H"], "'H' is not a key to move to"),
        (["--semitones", "99"], "--semitones must lie between"),
        (["--key", "G", "--tune", "7"], "no X:7; there are: 1, 2"),
        (["--key", "G", "--in-place", "-o", "x"], "--in-place writes FILE"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    run: Run, book: Path, args: list[str], message: str
) -> None:
    done = run("transpose", book, *args)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert book.read_bytes() == BOOK
