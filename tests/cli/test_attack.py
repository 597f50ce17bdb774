"""Small files that once did harm, each with the command that did it, and what is right."""

import shutil
from pathlib import Path

import pytest

from abclm.notation.check.validate import validate
from tests.cli.conftest import Run
from tests.cli.pseudo_terminal import at_terminal

FILES = Path(__file__).parent / "attack"
LONG_KEY, SHORT_KEY = b"K:G Major", b"K:G"
MODEL = ("--checkpoint", "spelling", "--seed", "1")


@pytest.fixture
def book(folder: Path, request: pytest.FixtureRequest) -> Path:
    return Path(shutil.copy(FILES / request.param, folder / "book.abc"))


ODD_BYTES = pytest.mark.parametrize("book", ["mojibake.abc", "bom_badbyte.abc"], indirect=True)


@ODD_BYTES
def test_a_new_tune_changes_no_byte_of_the_book(run: Run, book: Path, spelling: Path) -> None:
    before = book.read_bytes()
    assert run("generate", *MODEL, "-o", book).exit_code == 0
    after = book.read_bytes()
    assert after.startswith(before)
    assert b"\nX:3\n" in after[len(before) :]
    assert run("keep", "1", "Kept", "-o", book).exit_code == 0
    assert book.read_bytes().startswith(after)


@ODD_BYTES
def test_what_is_mended_is_all_that_changes(run: Run, book: Path) -> None:
    before = book.read_bytes()
    run("validate", "--fix", book)
    mended = before.replace(LONG_KEY, SHORT_KEY).replace(b"\nGABc", b"\n|:GABc")
    assert book.read_bytes() == mended
    assert book.with_name("book.abc.bak").read_bytes() == before


@pytest.mark.parametrize("book", ["charset_fix.abc"], indirect=True)
def test_a_declared_encoding_stays_true(run: Run, book: Path) -> None:
    before = book.read_bytes()
    run("validate", "--fix", book)
    assert book.read_bytes() == before
    assert run("transpose", book, "--key", "G", "--in-place").exit_code == 0
    title = next(line for line in before.splitlines() if line.startswith(b"T:"))
    assert title in book.read_bytes().splitlines()


@pytest.mark.parametrize("book", ["ansi.abc"], indirect=True)
def test_no_escape_sequence_reaches_the_terminal(book: Path) -> None:
    commands = [["validate"], ["transpose", "--key", "A"], ["surprise"]]
    on_book = [[*command, "book.abc"] for command in commands]
    received = at_terminal(on_book, book.parent, {"LC_ALL": "C.UTF-8"})
    assert b"\\x1b]0;PWNED\\x07" in received
    assert b"\x1b]" not in received
    assert b"\x07" not in received


@pytest.mark.slow
@pytest.mark.parametrize("book", ["second_part_crash.abc"], indirect=True)
def test_a_tune_of_one_bar_sections_gets_another(run: Run, book: Path) -> None:
    done = run("second-part", book, "--seed", "1")
    assert done.exit_code == 0, done.stderr
    assert not validate(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize(
    "book",
    ["continue_dashed.abc", "continue_overlay.abc", "continue_begintext.abc"],
    indirect=True,
)
def test_a_tune_continues(run: Run, book: Path) -> None:
    before = book.read_text(encoding="utf-8")
    done = run("continue", book, "--seed", "1")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith(before.rstrip("\n"))
    assert not validate(done.stdout)
