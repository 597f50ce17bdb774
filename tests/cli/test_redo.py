import io
import json
from pathlib import Path

import pytest

from abclm.cli.app import main
from abclm.notation.check.validate import validate
from tests.cli.conftest import Run

BOOK = (
    b"\xef\xbb\xbfX:1\r\nT:One\r\nM:2/4\r\nL:1/4\r\nK:G\r\n% \xc3\xa9\r\n"
    b'"G"GA|Bc|dB|"D"d2|\r\ngB|Ad|cA|G2|]\r\n\r\n'
    b"X:2\r\nT:Two\r\nM:2/4\r\nL:1/8\r\nK:G\r\nGABc|d2d2|]\r\n"
)
SPELLING = ("--checkpoint", "spelling", "--seed", "1")


@pytest.fixture
def book(folder: Path, spelling: Path) -> Path:
    path = folder / "book.abc"
    path.write_bytes(BOOK)
    return path


def around(bars: bytes) -> tuple[bytes, bytes]:
    before, _, after = BOOK.partition(bars)
    return before, after


def test_only_the_bars_change(run: Run, book: Path) -> None:
    done = run("redo", book, "--tune", "1", "--bars", "3-6", "--pick", "1", *SPELLING)
    assert done.exit_code == 0
    before, after = around(b'dB|"D"d2|\r\ngB|Ad')
    result = done.stdout_bytes
    assert result.startswith(before)
    assert result.endswith(after)
    assert result != BOOK
    new = result[len(before) : -len(after)]
    assert b'|"D"' in new
    assert b"|\r\n" in new
    assert not validate(result.decode("utf-8-sig"))
    assert book.read_bytes() == BOOK


def test_in_place_keeps_the_old_version(run: Run, book: Path) -> None:
    args = ("redo", book, "--tune", "1", "--bars", "3", "--pick", "1", "--in-place", *SPELLING)
    done = run(*args)
    assert (done.exit_code, done.stdout) == (0, "")
    assert book.with_name("book.abc.bak").read_bytes() == BOOK
    assert book.read_bytes().startswith(BOOK[: BOOK.index(b'dB|"D"')])
    assert book.read_bytes() != BOOK


def test_candidates_are_shown_beside_what_is_there(run: Run, book: Path) -> None:
    done = run("redo", book, "--tune", "1", "--bars", "5-6", "-n", "3", *SPELLING)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("bars 5-6 now: ")
    assert lines[1] == "  -   5  gB | Ad"
    assert [line[:2] for line in lines if line[0] != " "][1:] == ["1:", "2:", "3:"]
    assert lines[3].startswith("  +   5  ")
    again = run("redo", book, "--tune", "1", "--bars", "5-6", "-n", "3", *SPELLING)
    assert again.stdout == done.stdout
    assert book.read_bytes() == BOOK


def test_json(run: Run, book: Path) -> None:
    args = ("redo", book, "--tune", "1", "--bars", "5", "-n", "2", "--json", *SPELLING)
    table = json.loads(run(*args).stdout)
    assert table["now"]["music"] == ["  5  gB"]
    assert [row["pick"] for row in table["candidates"]] == [1, 2]
    bits = [row["bits_per_note"] for row in table["candidates"]]
    assert bits == sorted(bits)
    assert "abc" not in table
    assert "X:1" in json.loads(run(*args, "--pick", "2").stdout)["abc"]


def test_at_a_terminal_one_is_asked_for(
    book: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    def typed(text: str) -> None:
        monkeypatch.setattr("sys.stdin", Terminal(text))
        args = ["abclm", "redo", str(book), "--tune", "1", "--bars", "5", "-n", "2", *SPELLING]
        monkeypatch.setattr("sys.argv", args)
        with pytest.raises(SystemExit):
            main()

    typed("7\n2\n")
    out, err = capfd.readouterr()
    assert out.startswith("\ufeffX:1")
    assert err.count("take which, 1 to 2 (0: none, ?: help)?") == 2
    assert err.count("p3: play the third") == 1
    typed("0\n")
    assert capfd.readouterr().out == ""
    typed("m\n3\n")
    out, err = capfd.readouterr()
    assert "take which, 1 to 4" in err
    assert out.startswith("\ufeffX:1")


def test_a_candidate_is_heard_in_its_place(
    book: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    heard: list[tuple[str, str | None]] = []
    monkeypatch.setattr(
        "abclm.cli.play.play_texts",
        lambda texts, wanted: heard.append((texts[0], wanted.bars)),
    )
    monkeypatch.setattr("sys.stdin", Terminal("p2\np9\n2\n"))
    args = ["redo", str(book), "--tune", "1", "--bars", "5", "-n", "2", *SPELLING]
    monkeypatch.setattr("sys.argv", ["abclm", *args])
    with pytest.raises(SystemExit):
        main()
    out = capfd.readouterr().out
    ((text, bars),) = heard
    assert bars == "4-6"
    assert text.replace("\r", "").strip() in out.replace("\r", "")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--bars", "5"], "holds 2 tunes: say which with --tune; there are: 1, 2"),
        (["--tune", "3", "--bars", "5"], "no X:3; there are: 1, 2"),
        (["--tune", "1"], "give the bars: --bars 5-8, or --section B"),
        (["--tune", "1", "--bars", "8-5"], "--bars takes numbers such as 5-8"),
        (["--tune", "1", "--bars", "x"], "--bars takes numbers such as 5-8"),
        (["--tune", "1", "--bars", "7-9"], "X:1 has no bars 7-9; there are: 1 to 8"),
        (["--tune", "1", "--bars", "0"], "X:1 has no bars 0; there are: 1 to 8"),
        (["--tune", "1", "--section", "C"], "has no section C; there are: A"),
        (["--tune", "1", "--bars", "5", "-n", "0"], "-n must be 1 or more"),
        (["--tune", "1", "--bars", "5", "--pick", "7"], "there are candidates 1 to 6"),
        (["--tune", "1", "--bars", "5", "--in-place", "-o", "x"], "--in-place writes FILE"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    run: Run, book: Path, args: list[str], message: str
) -> None:
    done = run("redo", book, *args, *SPELLING)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert book.read_bytes() == BOOK


def test_notes_that_the_model_does_not_know(run: Run, book: Path) -> None:
    text = "X:1\nT:t\nM:2/4\nL:1/8\nK:G\nGfed|]\n"
    done = run("redo", "-", "--bars", "1", *SPELLING, stdin=text)
    assert done.exit_code == 2
    assert "the model does not know e f" in done.stderr


def test_several_voices_are_refused(run: Run, folder: Path, spelling: Path) -> None:
    text = "X:1\nT:t\nM:2/4\nL:1/8\nK:G\nV:1\nG4|]\nV:2\nD4|]\n"
    done = run("redo", "-", "--bars", "1", *SPELLING, stdin=text)
    assert done.exit_code == 2
    assert "has several voices" in done.stderr
