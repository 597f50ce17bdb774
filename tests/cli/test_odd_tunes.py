"""Odd but valid tunes given to the commands: a playable result, or one line why not."""

from pathlib import Path

import pytest

from abclm.notation.check.validate import validate
from tests.cli.conftest import Run

HEADER = "X:1\nT:t\nM:4/4\nL:1/8\nK:G\n"
MODEL = ("--checkpoint", "spelling", "--seed", "1")
COMMANDS = {
    "continue": ("continue", *MODEL),
    "second-part": ("second-part", *MODEL),
    "redo": ("redo", "--bars", "1", "--count", "2", "--pick", "1", *MODEL),
    "surprise": ("surprise", "--checkpoint", "spelling"),
}
TUNES = {
    "sections of one bar": "GABc dedB:|dedB dedB:|G4 G4:|",
    "an overlay": "G4 A4&B8|d4 c4|",
    "an overlay at the end": "G4 A4|d4 c4&B8|",
    "rests of several bars": "GABc dedB|Z2|dedB dedB|",
    "a rest of one bar": "GABc dedB|Z|dedB dedB|",
    "nothing but rests": "Z4|",
    "a dotted bar line inside": "GABc.|dedB|dedB.|dedB|",
    "an invisible bar line": "GABc dedB[|]dedB dedB|",
    "microtones": "^/GABc _3/2dedB|dedB dedB|",
    "grace notes that sound together": "{[Bd]}GABc dedB|dedB dedB|",
    "a grace note of a space": "{A}y GABc dedB|dedB dedB|",
    "partial ties": "[G-B]4 [GB]4|dedB dedB|",
    "chained broken rhythm": "G<A>B c2dcB A|dedB dedB|",
    "endings in words": '|:GABc dedB|["1st" G8:|["2nd" G8||',
    "a block of text": "GABc dedB|\n%%begintext\nprose | A B\n%%endtext\ndedB dedB|",
    "a macro": "m:~n2=n/{o}n/n/{m}n/\n~G2Bc dedB|dedB dedB|",
    "parts": "P:A\nGABc dedB|\nP:B\ndedB dedB|",
    "a key that sets a clef": "GABc dedB|\nK:clef=bass\ndedB dedB|",
    "accidentals for one note": "I:propagate-accidentals not\n^GABc dGdB|dedB dedB|",
    "several voices": "V:1\nGABc dedB|\nV:2\nG8|",
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("name", TUNES)
def test_a_result_or_one_line(
    run: Run, folder: Path, spelling: Path, name: str, command: str
) -> None:
    book = folder / "book.abc"
    before = f"{HEADER}{TUNES[name]}\n"
    book.write_text(before, encoding="utf-8")
    done = run(COMMANDS[command][0], book, *COMMANDS[command][1:])
    assert done.exit_code in {0, 2}, done.stderr
    if done.exit_code:
        assert done.stderr.count("\n") == 1, done.stderr
        assert "mask" not in done.stderr
    elif command != "surprise":
        rules = {problem.rule for problem in validate(done.stdout)} - {"octave"}
        assert rules <= {problem.rule for problem in validate(before)}, done.stdout
    assert book.read_text(encoding="utf-8") == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("sections of one bar", "second-part"),
        ("an overlay", "continue"),
        ("rests of several bars", "continue"),
        ("a dotted bar line inside", "continue"),
        ("microtones", "second-part"),
        ("a block of text", "continue"),
        ("a key that sets a clef", "continue"),
    ],
)
def test_the_shipped_model_continues(run: Run, folder: Path, name: str, command: str) -> None:
    book = folder / "book.abc"
    book.write_text(f"{HEADER}{TUNES[name]}\n", encoding="utf-8")
    done = run(command, book, "--seed", "1")
    assert done.exit_code == 0, done.stderr
    assert not validate(done.stdout)


def test_words_ask_for_a_tune(run: Run, folder: Path, spelling: Path) -> None:
    done = run("generate", "a slip jig in E minor", *MODEL)
    assert done.exit_code == 0
    assert done.stderr.startswith('read as: --rhythm "slip jig" --key Em\n')
    assert "\nR:slip jig\n" in done.stdout
    assert "\nK:Em\n" in done.stdout
    other = run("generate", "--rhythm", "slip jig", "--key", "Em", *MODEL)
    assert other.stdout == done.stdout
    assert run("generate", "a reel", "--rhythm", "jig", *MODEL).exit_code == 2


def test_a_prompt_with_a_fault_is_refused_where_it_is(
    run: Run, folder: Path, spelling: Path
) -> None:
    done = run("generate", "M:4/4\nL:1/4\nK:C\nCD|EF|", *MODEL)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert done.stderr.startswith("abclm: notes: line 1:4: bar-length: bar lasts 2/4")
    assert done.stderr.count("\n") == 1
