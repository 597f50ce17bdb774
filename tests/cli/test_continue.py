import json
from pathlib import Path

import pytest

from abclm.notation.check.validate import validate
from tests.cli.conftest import Run

START = b"\xef\xbb\xbfX:1\r\nT:t\r\nC:Caf\xc3\xa9\r\nM:2/4\r\nL:1/8\r\nK:G\r\n% a\r\n"
SPELLING = ("--checkpoint", "spelling", "--seed", "1", "--temperature", "0")


@pytest.fixture
def tune(folder: Path, spelling: Path) -> Path:
    return folder / "tune.abc"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b'"G"GA', b'"G"GABc|d2d2|]\r\n'),
        (b'"G"GA ', b'"G"GA Bc|d2d2|]\r\n'),
        (b"GA\r\n", b"GABc|d2d2|]\r\n"),
        (b"GA % b\r\n", b"GA % b\r\nBc|d2d2|]\r\n"),
        (b"GA % b", b"GA % b\r\nBc|d2d2|]\r\n"),
        (b"GABc|\r\n", b"GABc|\r\nd2d2|]\r\n"),
        (b"GABc | \r\n", b"GABc | \r\nd2d2|]\r\n"),
        (b"GABc|\r\nw:la\r\n", b"GABc|\r\nw:la\r\nd2d2|]\r\n"),
        (
            b"GABc|\r\n\r\nX:2\r\nT:b\r\nK:D\r\nD|",
            b"GABc|\r\nd2d2|]\r\n\r\nX:2\r\nT:b\r\nK:D\r\nD|",
        ),
        (b"GA\r\n\r\nX:2\r\nT:b\r\nK:D\r\nD|", b"GABc|d2d2|]\r\n\r\nX:2\r\nT:b\r\nK:D\r\nD|"),
        (b"", b"GABc|d2d2|]\r\n"),
    ],
)
def test_what_is_there_is_kept_byte_for_byte(
    run: Run, tune: Path, given: bytes, expected: bytes
) -> None:
    tune.write_bytes(START + given)
    args = ["--tune", "1"] if b"X:2" in given else []
    done = run("continue", tune, "--bars", "1", *args, *SPELLING)
    one = done.stdout_bytes
    assert one.startswith(START)
    done = run("continue", tune, *args, *SPELLING)
    result = done.stdout_bytes
    assert done.exit_code == 0
    middle = expected.partition(b"d2d2|]")
    if b"d2d2|]" in result:
        assert result == START + expected
    assert result.startswith(START + middle[0])
    assert result.endswith(middle[2])


def test_lengths_are_written_in_the_unit_of_the_file(run: Run, tune: Path) -> None:
    tune.write_bytes(START.replace(b"L:1/8", b"L:1/4") + b"G/A/")
    result = run("continue", tune, "--bars", "1", *SPELLING).stdout_bytes
    assert result.startswith(START.replace(b"L:1/8", b"L:1/4") + b"G/A/B/c/|dd|")


def test_in_place_and_json(run: Run, tune: Path) -> None:
    tune.write_bytes(START + b"GA")
    args = ("continue", tune, "--bars", "1", "--in-place", *SPELLING)
    table = json.loads(run(*args, "--json").stdout)
    assert table["candidates"][0]["music"] == ["Bc|d2d2|"]
    assert table["abc"].endswith("K:G\r\n% a\r\nGABc|d2d2|\r\n")
    assert tune.read_bytes() == START + b"GABc|d2d2|\r\n"
    assert tune.with_name("tune.abc.bak").read_bytes() == START + b"GA"


def test_candidates_can_be_shown(run: Run, tune: Path) -> None:
    tune.write_bytes(START + b"GA")
    args = ("--bars", "2", "-n", "3", "--show", "--checkpoint", "spelling", "--seed", "4")
    shown = run("continue", tune, *args).stdout
    assert [line for line in shown.splitlines() if line[0] in "123"] != []
    assert run("continue", tune, *args, "--pick", "1").stdout.startswith("\ufeffX:1")
    assert tune.read_bytes() == START + b"GA"


@pytest.mark.parametrize(
    ("given", "args", "message"),
    [
        (b"GABc|]", [], "is finished: abclm second-part adds a part to it"),
        (b"|:GABc:|", [], "is finished: abclm second-part"),
        (b"GABc|ABc|GABc|G", [], "bar 2 lasts 3/8, a bar of 2/4 lasts 1/2: fix it first"),
        (b"GABcd", [], "bar 1 lasts 5/8"),
        (b"GA", ["--bars", "0"], "--bars must be 1 or more"),
        (b"GA", ["-n", "0"], "-n must be 1 or more"),
        (b"GA", ["--pick", "2"], "there are candidates 1 to 1"),
        (b"GA", ["--tune", "3"], "no X:3; there are: 1"),
        (b"GA", ["--in-place", "-o", "x"], "--in-place writes FILE"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    run: Run, tune: Path, given: bytes, args: list[str], message: str
) -> None:
    tune.write_bytes(START + given)
    done = run("continue", tune, *args, *SPELLING)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert tune.read_bytes() == START + given


def test_half_a_header_is_for_generate(run: Run, tune: Path) -> None:
    done = run("continue", "-", *SPELLING, stdin="X:1\nT:t\nM:2/4\n")
    assert done.exit_code == 2
    assert "give it to abclm generate" in done.stderr


def test_standard_input(run: Run, tune: Path) -> None:
    done = run("continue", "-", *SPELLING, stdin="X:1\nT:t\nM:2/4\nL:1/8\nK:G\nGA")
    assert done.stdout.startswith("X:1\nT:t\nM:2/4\nL:1/8\nK:G\nGABc|d2d2|")
    assert not validate(done.stdout)
