import re
from pathlib import Path

import pytest

from abclm.api.books import read_abc
from abclm.compose.chosen import choose_one
from abclm.compose.insertion import after_music
from abclm.notation.check.validate import validate
from tests.cli.conftest import Run

HEADER = b"X:1\r\nT:t\r\nM:2/4\r\nL:1/4\r\nK:G\r\n"
MORE = b"\r\nX:2\r\nT:b\r\nK:D\r\nD|"
SPELLING = ("--checkpoint", "spelling", "--seed", "1")


@pytest.fixture
def tune(folder: Path, spelling: Path) -> Path:
    return folder / "tune.abc"


@pytest.mark.parametrize(
    ("given", "before", "after"),
    [
        (b"GA|B2|]\r\n", b"GA|B2||\r\n", b""),
        (b"GA|B2|]", b"GA|B2||\r\n", b""),
        (b"GA|B2|", b"GA|B2||\r\n", b""),
        (b"GA|(B2)", b"GA|(B2)||\r\n", b""),
        (b"GA|B2:|\r\n", b"GA|B2:|\r\n", b""),
        (b"GA|B2||\r\n" + MORE, b"GA|B2||\r\n", MORE),
        (b"GA|B2|] % a\r\nw:la\r\nW:lo\r\n", b"GA|B2|| % a\r\nw:la\r\n", b"W:lo\r\n"),
        (b'"G"GA|B2|]\r\nw:la\r\n' + MORE, b'"G"GA|B2||\r\nw:la\r\n', MORE),
    ],
)
def test_only_the_last_bar_line_changes(
    run: Run, tune: Path, given: bytes, before: bytes, after: bytes
) -> None:
    tune.write_bytes(HEADER + given)
    done = run("second-part", tune, "--tune", "1", *SPELLING)
    assert done.exit_code == 0
    result = done.stdout_bytes
    assert result.startswith(HEADER + before)
    assert result.endswith(after)
    new = result[len(HEADER + before) : len(result) - len(after)]
    assert new.endswith((b"|]\r\n", b":|\r\n"))
    assert not [one for one in validate((HEADER + before + new).decode()) if one.rule != "octave"]
    changed = {b"|]": "the last |] is || now\n", b"2|": "the last | is || now\n"}
    mark = given.split(b"\r\n")[0].split(b" ")[0][-2:]
    said = changed.get(mark, "|| added\n" if mark == b"2)" else "")
    assert re.fullmatch(re.escape(said) + r"id \d+\n", done.stderr)


def test_the_text_around_is_put_together_again(tune: Path) -> None:
    tune.write_bytes(HEADER + b"GA|B2:| % a\r\nw:la\r\nW:lo\r\n" + MORE)
    chosen = choose_one(read_abc(tune), 1)
    place = after_music(chosen)
    text = place.before + place.after
    assert chosen.replaced(text, place.taken) == tune.read_bytes()


def test_as_many_bars_as_are_asked_for(run: Run, tune: Path) -> None:
    tune.write_bytes(HEADER + b"GA|B2|]\r\n")
    args = ("second-part", tune, *SPELLING, "--bars", "3", "-n", "2")
    part = run(*args).stdout.splitlines()[6:]
    assert "".join(part).count("|") == 3
    shown = run(*args, "--show").stdout
    assert [line[:2] for line in shown.splitlines() if line[0] != " "] == ["1:", "2:"]
    second = run(*args, "--pick", "2").stdout
    assert second != run(*args, "--pick", "1").stdout == run(*args).stdout


@pytest.mark.parametrize(
    ("given", "args", "message"),
    [
        (b"", [], "has no notes: abclm generate writes a tune"),
        (b"GA|G|GA|G2|]", [], "bar 2 lasts 1/4"),
        (b"GA|B2|]", ["--bars", "0"], "--bars must be 1 or more"),
        (b"GA|B2|]", ["--pick", "9"], "there are candidates 1 to"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    run: Run, tune: Path, given: bytes, args: list[str], message: str
) -> None:
    tune.write_bytes(HEADER + given)
    done = run("second-part", tune, *args, *SPELLING)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
