import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.text import Usual
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.notation.tune.numbering import number_bars
from tests.cli.conftest import READ, SPELT, Run, save_checkpoint


def test_a_tune_goes_to_stdout_with_its_reference_number(run: Run, spelling: Path) -> None:
    done = run("generate", "--checkpoint", "spelling", "--seed", "1")
    assert (done.exit_code, done.stdout) == (0, "X:1\n" + SPELT)


def test_without_a_seed_the_seed_is_told(run: Run, spelling: Path) -> None:
    done = run("generate", "--checkpoint", "spelling")
    assert done.stdout == "X:1\n" + SPELT
    assert re.fullmatch(r"id \d+, seed \d+\n", done.stderr)


def test_a_rhythm_that_may_be_misspelt_is_told(
    run: Run, spelling: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("abclm.constraint.header.RHYTHMS", {"xor": "xor"})
    generate = ("generate", "--checkpoint", "spelling", "--seed", "1", "--raw", "--rhythm")
    assert "the rhythm 'xord' is unknown: did you mean 'xor'?\n" in run(*generate, "xord").stderr
    assert "rhythm" not in run(*generate, "xor").stderr


def test_output_appends_with_the_next_free_reference_number(
    run: Run, spelling: Path, folder: Path
) -> None:
    book = folder / "book.abc"
    book.write_text("X:4\nT:old\nK:G\nG|\n", encoding="utf-8")
    done = run("generate", "--checkpoint", "spelling", "-n", "2", "--no-mark", "-o", book)
    assert done.exit_code == 0
    text = book.read_text(encoding="utf-8")
    assert text == f"X:4\nT:old\nK:G\nG|\n\nX:5\n{SPELT}\nX:6\n{SPELT}"
    assert validate(text) == []


def test_several_tunes_are_a_tunebook(run: Run, spelling: Path) -> None:
    done = run("generate", "--checkpoint", "spelling", "-n", "2", "--seed", "1")
    assert done.stdout == f"X:1\n{SPELT}\nX:2\n{SPELT}"


def test_json_has_the_tune_and_how_it_was_made(run: Run, spelling: Path) -> None:
    done = run("generate", "--checkpoint", "spelling", "--seed", "1", "--json")
    (made,) = json.loads(done.stdout)
    assert made["abc"] == "X:1\n" + SPELT
    assert (made["seed"], made["number"], made["ended"]) == (1, 0, True)


def test_a_prompt_comes_from_the_argument_or_stdin(run: Run, spelling: Path) -> None:
    prompt = "X:3\nT:t\nM:2/4\nL:1/8\nK:G\nGA"
    for done in (
        run("generate", prompt, "--checkpoint", spelling, "--seed", "1"),
        run("generate", "-", "--checkpoint", spelling, "--seed", "1", stdin=prompt),
    ):
        assert done.stdout == "X:3\nT:t\n" + READ


def test_midi_is_written_for_each_tune(run: Run, spelling: Path, folder: Path) -> None:
    assert run("generate", "--checkpoint", spelling, "--midi", "one.mid").exit_code == 0
    assert run("generate", "--checkpoint", spelling, "-n", "2", "--midi", "m.mid").exit_code == 0
    for name in ("one.mid", "m-1.mid", "m-2.mid"):
        assert (folder / name).read_bytes().startswith(b"MThd")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--checkpoint", "nothing"], 'no checkpoint "nothing"; there are: '),
        (
            ["T:Q&A\nK:G\nGA|~B", "--checkpoint", "spelling"],
            "notes: line 1:4: the model does not know '~' (U+007E TILDE)",
        ),
        (["--checkpoint", "spelling", "-o", "missing/x.abc"], "cannot be written: no folder"),
        (["--checkpoint", "spelling", "--midi", "."], "cannot be written: is a folder"),
        (["--checkpoint", "spelling", "--temperature", "-1"], "temperature"),
        (["--checkpoint", "spelling", "--top-k", "0"], "top-k"),
        (["--checkpoint", "spelling", "--seed", "-1"], "--seed must lie between"),
        (["--checkpoint", "spelling", "-n", "0"], "count"),
        (["--checkpoint", "spelling", "--meter", "banana"], "meter"),
        (["--checkpoint", "spelling", "--key", "H"], "key"),
        (["K:G\nGA", "--key", "D", "--checkpoint", "spelling"], "key"),
        (["--no-such-option"], "No such option"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(
    run: Run, spelling: Path, folder: Path, args: list[str], message: str
) -> None:
    before = sorted(folder.rglob("*"))
    done = run("generate", *args)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(folder.rglob("*")) == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[: len(data) // 2],
        lambda data: data[:-4] + b"\x00\x3c\x00\x3c",
        lambda data: b"",
        lambda data: b"not safetensors at all" * 40,
    ],
)
def test_damaged_weights_are_named(
    run: Run, spelling: Path, damage: Callable[[bytes], bytes]
) -> None:
    weights = spelling / "weights.safetensors"
    weights.write_bytes(damage(weights.read_bytes()))
    done = run("generate", "--checkpoint", "spelling")
    assert done.exit_code == 2
    assert "weights.safetensors" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_plan_is_kept(run: Run, folder: Path, random_model: Callable[..., Checkpoint]) -> None:
    model = random_model(planned=True, known=Usual(("D", "G"), ("polka",)))
    save_checkpoint(model, folder / "checkpoints" / "planned")
    args = ("--checkpoint", "planned", "--meter", "2/4", "--seed", "1", "--plan", "abab / cbab")
    done = run("generate", *args, "--key", "D")
    assert (done.exit_code, done.stderr[:3]) == (0, "id "), done.stderr
    assert not validate(done.stdout, strict=True)
    tune = parse_tunebook(done.stdout)[0].tune
    written = [bar for bar in bars(tune) if not bar.before.ending]
    assert len({number.section for number in number_bars(bars(tune))}) == 2
    assert len(written) >= 8
    shown = run("show", done.stderr.split()[1], "--json")
    assert json.loads(shown.stdout)["settings"]["plan"] == "abab / cbab"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--plan", "abac"], "this model does not plan tunes"),
        (["--plan", "ab*"], "is not one letter a bar"),
        (["--plan", "abac", "--bars", "4"], "--plan has its own bars"),
        (["--plan", "abac", "--raw"], "it cannot follow --plan"),
    ],
)
def test_a_plan_that_cannot_be_kept_is_one_line(
    run: Run, spelling: Path, args: list[str], message: str
) -> None:
    done = run("generate", "--checkpoint", "spelling", *args)
    assert (done.exit_code, done.stdout) == (2, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
