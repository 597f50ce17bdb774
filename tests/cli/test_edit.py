import errno
import io
import os
import shutil
import signal
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from abclm.cli import edit as edit_command

Run = Callable[..., Result]

BOOK = (
    b"L:1/8\r\n\r\nX:1\r\nT:One\r\nM:2/4\r\nK:G\r\nGABc|d4|]\r\n\r\n% \xe9\r\n"
    b"X:2\r\nT:Two\r\nM:2/4\r\nK:D\r\nD4|D4|]\r\n"
)


@pytest.fixture
def book(folder: Path) -> Path:
    path = folder / "book.abc"
    path.write_bytes(BOOK)
    return path


@pytest.fixture
def editor(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes ``$EDITOR`` a script; each time it is started it runs the next of the commands."""

    def make(*commands: str) -> None:
        script = folder / "editor of mine.sh"
        cases = "\n".join(f"{number}) {command};;" for number, command in enumerate(commands))
        script.write_text(
            f'count=$(cat "$0.count" 2>/dev/null || echo 0)\n'
            f'echo $((count + 1)) > "$0.count"\n'
            f"case $count in\n{cases}\nesac\n",
            encoding="utf-8",
        )
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"sh '{script}'")

    return make


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Lets a user at a terminal type ``text``."""

    def give(text: str) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        class System:
            def __getattr__(self, name: str) -> object:
                import sys

                return terminal if name == "stdin" else getattr(sys, name)

        terminal = Terminal(text)
        monkeypatch.setattr(edit_command, "sys", System())

    return give


def sed(expression: str) -> str:
    return f"sed -i '{expression}' \"$1\""


def test_a_good_change_of_one_tune_changes_nothing_else(
    run: Run, book: Path, editor: Callable[..., None]
) -> None:
    editor(sed("s/D4|D4/D2E2|D4/"))
    result = run("edit", book, "--tune", "2")
    assert (result.exit_code, result.stdout) == (0, "")
    assert f"written: {book}" in result.stderr
    assert book.read_bytes() == BOOK.replace(b"D4|D4", b"D2E2|D4")
    assert sorted(path.suffix for path in book.parent.glob("book*")) == [".abc", ".bak"]
    assert run("undo", book).exit_code == 0
    assert book.read_bytes() == BOOK


def test_without_a_number_the_file_is_edited(
    run: Run, book: Path, editor: Callable[..., None]
) -> None:
    editor(sed("s/T:One/T:Uno/"))
    assert run("edit", book).exit_code == 0
    assert book.read_bytes() == BOOK.replace(b"T:One", b"T:Uno")


def test_no_change_writes_nothing(run: Run, book: Path, editor: Callable[..., None]) -> None:
    editor("true")
    before = book.stat().st_mtime_ns
    result = run("edit", book)
    assert (result.exit_code, result.stderr) == (0, f"unchanged: {book}\n")
    assert book.stat().st_mtime_ns == before


def test_problems_without_a_terminal_leave_the_book_and_keep_the_text(
    run: Run, book: Path, editor: Callable[..., None]
) -> None:
    editor(sed("s/D4|D4/D5|D4/"))
    result = run("edit", book, "--tune", "2")
    assert result.exit_code == 1
    assert f"{book} X:2:5:1: bar-length: bar lasts 5/8" in result.stderr
    assert book.read_bytes() == BOOK
    assert "D5|D4" in (book.parent / "book.rejected.abc").read_text(encoding="utf-8")


def test_edit_again_until_it_is_good(
    run: Run, book: Path, editor: Callable[..., None], answer: Callable[[str], None]
) -> None:
    editor(sed("s/D4|D4/D5|D4/"), sed("s/D5/E4/"))
    answer("what?\nE\n")
    result = run("edit", book, "--tune", "2")
    assert result.exit_code == 0
    assert result.stderr.count("[e]dit again") == 2
    assert book.read_bytes() == BOOK.replace(b"D4|D4", b"E4|D4")


def test_keep_anyway_writes_what_has_problems(
    run: Run, book: Path, editor: Callable[..., None], answer: Callable[[str], None]
) -> None:
    editor(sed("s/D4|D4/D5|D4/"))
    answer("k\n")
    result = run("edit", book, "--tune", "2")
    assert result.exit_code == 1
    assert book.read_bytes() == BOOK.replace(b"D4|D4", b"D5|D4")
    assert f"the old version is in {book}.bak" in result.stderr
    assert Path(f"{book}.bak").read_bytes() == BOOK


def test_what_comes_next_is_offered_at_a_terminal(
    run: Run, book: Path, editor: Callable[..., None], answer: Callable[[str], None]
) -> None:
    (book.parent / "book-2.mid").write_bytes(b"mine")
    editor(sed("s/D4|D4/D5|D4/"), sed("s/D5/E4/"))
    answer("k\nm\n?\ne\nm\nq\n")
    result = run("edit", book, "--tune", "2")
    assert result.exit_code == 0
    assert (
        result.stderr.count("[e]dit, [c]ontinue, [r]edo bars, [m]idi, [s]vg, [h]tml, [q]uit?") == 5
    )
    assert result.stderr.count(f"written: {book.parent / 'book-2 (2).mid'}") == 2
    assert (book.parent / "book-2.mid").read_bytes() == b"mine"
    assert (book.parent / "book-2 (2).mid").read_bytes().startswith(b"MThd")
    assert book.read_bytes() == BOOK.replace(b"D4|D4", b"E4|D4")


def test_an_action_that_fails_is_one_line_and_another_can_follow(
    run: Run, book: Path, editor: Callable[..., None], answer: Callable[[str], None]
) -> None:
    editor('> "$1"')
    answer("k\nm\nh\n")
    result = run("edit", book)
    assert result.exit_code == 1
    assert result.stderr.count(f"abclm: {book}: no tune found") == 2


def test_pictures_and_pages_are_written_beside_the_book(
    run: Run, book: Path, editor: Callable[..., None], answer: Callable[[str], None]
) -> None:
    pytest.importorskip("verovio")
    editor("true")
    answer("s\nh\n")
    assert run("edit", book).exit_code == 0
    assert book.with_suffix(".svg").read_text(encoding="utf-8").startswith("<?xml")
    assert book.with_suffix(".html").read_text(encoding="utf-8").startswith("<!")


@pytest.mark.parametrize("typed", ["d\n", ""])
def test_dropped_text_lies_beside_the_book(
    run: Run, book: Path, editor: Callable[..., None], answer: Callable[[str], None], typed: str
) -> None:
    (book.parent / "book.rejected.abc").write_text("older", encoding="utf-8")
    editor(sed("s/D4|D4/D5|D4/"))
    answer(typed)
    result = run("edit", book, "--tune", "2")
    assert "what you typed is in " in result.stderr
    assert book.read_bytes() == BOOK
    assert (book.parent / "book.rejected.abc").read_text(encoding="utf-8") == "older"
    assert "D5|D4" in (book.parent / "book.rejected-2.abc").read_text(encoding="utf-8")


def test_an_editor_that_fails_loses_nothing(
    run: Run, book: Path, editor: Callable[..., None]
) -> None:
    editor(sed("s/T:One/T:Uno/") + "; exit 1")
    result = run("edit", book)
    assert result.exit_code == 2
    assert "ended with exit code 1; what you typed is in " in result.stderr
    assert book.read_bytes() == BOOK
    assert "T:Uno" in (book.parent / "book.rejected.abc").read_text(encoding="utf-8")


def test_a_change_elsewhere_meanwhile_is_kept(
    run: Run, book: Path, editor: Callable[..., None]
) -> None:
    editor(sed("s/D4|D4/E4|D4/") + "; sed -i 's/T:One/T:Uno/' book.abc")
    assert run("edit", book, "--tune", "2").exit_code == 0
    assert book.read_bytes() == BOOK.replace(b"D4|D4", b"E4|D4").replace(b"T:One", b"T:Uno")


@pytest.mark.parametrize("options", [["--tune", "2"], []])
def test_a_change_of_the_same_text_meanwhile_is_not_overwritten(
    run: Run, book: Path, editor: Callable[..., None], options: list[str]
) -> None:
    editor(sed("s/D4|D4/E4|D4/") + "; sed -i 's/T:Two/T:Due/' book.abc")
    result = run("edit", book, *options)
    assert result.exit_code == 2
    assert "changed in the meantime by another program; what you typed is in " in result.stderr
    assert book.read_bytes() == BOOK.replace(b"T:Two", b"T:Due")
    assert "E4|D4" in (book.parent / "book.rejected.abc").read_text(encoding="utf-8")


def test_a_character_that_the_file_cannot_hold_is_a_problem(
    run: Run, book: Path, editor: Callable[..., None]
) -> None:
    editor(sed("s/T:Two/T:Two ♯/"))
    result = run("edit", book, "--tune", "2")
    assert result.exit_code == 1
    assert "the file is in Windows-1252" in result.stderr
    assert book.read_bytes() == BOOK


def test_standard_input_a_missing_file_and_a_missing_tune(
    run: Run, book: Path, editor: Callable[..., None]
) -> None:
    editor("true")
    for args, message in (
        (["-"], "abclm edit needs a file"),
        (["missing.abc", "--tune", "1"], "missing.abc: cannot be read"),
        ([book, "--tune", "9"], "book.abc: no X:9; there are: 1, 2"),
    ):
        result = run("edit", *args)
        assert result.exit_code == 2
        assert message in result.stderr
        assert result.stderr.count("\n") == 1


def test_what_was_typed_is_kept_elsewhere_where_the_folder_takes_nothing(
    run: Run, book: Path, editor: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABCLM_DATA", str(book.parent / "data"))
    editor(sed("s/D4|D4/D5|D4/"))
    make = tempfile.mkstemp

    # The superuser may write anywhere.
    def refuse(suffix: str, prefix: str, folder: Path) -> tuple[int, str]:
        if folder == book.parent:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return make(suffix, prefix, folder)

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    done = run("edit", book, "--tune", "2")
    kept = book.parent / "data" / "kept" / "book.rejected.abc"
    assert done.exit_code == 1
    assert done.stderr.endswith(f"what you typed is in {kept}\n")
    assert "D5|D4" in kept.read_text(encoding="utf-8")
    assert book.read_bytes() == BOOK


def test_what_was_typed_stays_where_the_editor_put_it_if_nothing_can_be_written(
    run: Run, book: Path, editor: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> tuple[int, str]:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    editor(sed("s/D4|D4/D2E2|D4/"))
    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    monkeypatch.setattr("abclm.files.writing._write_in_place", refuse)
    done = run("edit", book, "--tune", "2")
    assert done.exit_code == 2
    assert "no space left on device; what you typed is in " in done.stderr
    kept = Path(done.stderr.strip().rpartition(" is in ")[2])
    assert "D2E2|D4" in kept.read_text(encoding="utf-8")
    assert book.read_bytes() == BOOK
    shutil.rmtree(kept.parent)


def test_an_editor_that_is_killed_loses_nothing(
    run: Run, book: Path, editor: Callable[..., None]
) -> None:
    editor(sed("s/T:One/T:Uno/") + "; kill -9 $$")
    done = run("edit", book)
    assert done.exit_code == 2
    assert "was killed (killed); what you typed is in " in done.stderr
    assert "T:Uno" in (book.parent / "book.rejected.abc").read_text(encoding="utf-8")
    assert book.read_bytes() == BOOK


def test_the_editor_shows_odd_bytes_and_a_declared_encoding_as_text(
    run: Run, folder: Path, editor: Callable[..., None]
) -> None:
    book = folder / "book.abc"
    old = "%%abc-charset iso-8859-2\nX:1\nT:Erdő\nM:2/4\nL:1/8\nK:G\nG4|]\n"
    book.write_bytes(old.encode("iso8859-2"))
    editor(sed("s/T:Erdő/T:Erdő és mező/"))
    assert run("edit", book).exit_code == 0
    assert book.read_bytes() == old.replace("Erdő", "Erdő és mező").encode("iso8859-2")


def test_what_asks_abclm_to_end_ends_the_editor_and_loses_nothing(
    run: Run, book: Path, editor: Callable[..., None]
) -> None:
    editor(sed("s/T:One/T:Uno/") + "; kill -TERM $PPID; exec sleep 5")
    done = run("edit", book)
    assert done.exit_code == 2
    assert "was killed (terminated); what you typed is in " in done.stderr
    assert "T:Uno" in (book.parent / "book.rejected.abc").read_text(encoding="utf-8")


def test_a_terminal_that_is_closed_at_a_question_loses_nothing(
    run: Run, book: Path, editor: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(sed("s/D4|D4/D5|D4/"))

    def closed(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGHUP)

    monkeypatch.setattr(edit_command._Prompt, "ask", closed)
    assert run("edit", book, "--tune", "2").exit_code == 128 + signal.SIGHUP
    assert "D5|D4" in (book.parent / "book.rejected.abc").read_text(encoding="utf-8")
    assert book.read_bytes() == BOOK


def test_a_new_file_begins_as_a_template(
    run: Run, folder: Path, editor: Callable[..., None]
) -> None:
    editor(""":""", """sed -i 's/Untitled/Mine/' "$1" """, """:""")
    assert "unchanged" in run("edit", "new.abc").stderr
    assert not (folder / "new.abc").exists()
    done = run("edit", "new.abc")
    assert "new file: new.abc" in done.stderr
    assert (done.exit_code, done.stdout) == (0, "")
    assert "T:Mine" in (folder / "new.abc").read_text()
    assert run("validate", "new.abc").exit_code == 0
    assert run("edit", "other.abc", "--tune", "1").exit_code == 2


def test_a_new_file_that_appears_meanwhile_is_left_alone(
    run: Run, folder: Path, editor: Callable[..., None]
) -> None:
    editor(f"""sed -i 's/Untitled/Mine/' "$1"; echo X:1 > '{folder}/new.abc'""")
    done = run("edit", "new.abc")
    assert done.exit_code == 2
    assert "new.rejected.abc" in done.stderr
    assert (folder / "new.abc").read_text() == "X:1\n"
    assert "T:Mine" in (folder / "new.rejected.abc").read_text()
