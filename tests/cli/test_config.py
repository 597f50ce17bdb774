"""Defaults of one's own, in ``config.toml``."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def config(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = folder / "config.toml"
    monkeypatch.setenv("ABCLM_CONFIG", str(path))
    (folder / "tune.abc").write_text("X:1\nT:t\nM:2/4\nL:1/8\nK:G\nGABc|d4|]\n", encoding="utf-8")
    return path


def test_a_default_holds_unless_it_is_given(run: Run, config: Path, folder: Path) -> None:
    config.write_text('[transpose]\nkey = "A"\n[render]\ntempo = 90\nno_chords = true\n')
    assert "K:A\n" in run("transpose", "tune.abc").stdout
    assert "K:D\n" in run("transpose", "tune.abc", "--key", "D").stdout
    assert "K:C\n" in run("--no-config", "transpose", "tune.abc", "--semitones", "5").stdout
    assert run("render", "tune.abc", "--midi", "a.mid").exit_code == 0
    assert run("render", "tune.abc", "--midi", "b.mid", "--tempo", "90").exit_code == 0
    assert (folder / "a.mid").read_bytes() == (folder / "b.mid").read_bytes()


def test_the_file_is_shown(run: Run, config: Path) -> None:
    assert run("config", "path").stdout == f"{config}\n"
    assert "no defaults of your own" in run("config", "show").stderr
    text = '[generate]\nrhythm = "reel"\nbest-of = 4\n[corpus.build]\nheld-out = 0.1\n'
    config.write_text(text, encoding="utf-8")
    assert run("config", "show").stdout == text
    assert json.loads(run("config", "show", "--json").stdout)["defaults"] == {
        "generate": {"rhythm": "reel", "best-of": 4},
        "corpus": {"build": {"held-out": 0.1}},
    }


def test_each_mistake_is_one_line(run: Run, config: Path) -> None:
    config.write_text(
        '[transpose]\nky = "A"\nsemitones = "two"\nup = 1\nkey = 3\n'
        '[evaluate]\nby = "key"\ntunes = [3]\n[rendr]\n[generate]\nhelp = true\n'
        "[corpus.build]\nvoices = 2.5\n"
    )
    done = run("config", "show")
    assert done.exit_code == 2
    lines = [line.removeprefix(f"abclm: {config}: ") for line in done.stderr.splitlines()]
    assert lines == [
        "[transpose] has no option 'ky': did you mean 'key'? (see abclm transpose -h)",
        "[transpose] semitones must be a whole number, not 'two'",
        "[transpose] up must be true or false, not 1",
        "[transpose] key must be a text in quotes, not 3",
        "[evaluate] by must be a list, of which each entry is a text in quotes, not 'key'",
        "[evaluate] tunes must be a list, of which each entry is a text in quotes, not [3]",
        "no command 'rendr': did you mean 'render'? (see abclm -h)",
        "[generate] has no option 'help' (see abclm generate -h)",
        "[corpus.build] voices must be a whole number, not 2.5",
    ]
    assert run("transpose", "tune.abc").stderr.splitlines() == done.stderr.splitlines()[:4]
    assert run("validate", "tune.abc").exit_code == 0  # mistakes of other commands do not matter
    assert run("transpose", "--help").exit_code == 0


@pytest.mark.parametrize("data", [b"[generate", b"\xff\xfe", b"a = " + b"[" * 5000])
def test_a_file_that_is_not_toml_is_one_line(run: Run, config: Path, data: bytes) -> None:
    config.write_bytes(data)
    for args in (["config", "show"], ["validate", "tune.abc"]):
        done = run(*args)
        assert done.exit_code == 2
        assert "is not TOML" in done.stderr
        assert done.stderr.count("\n") == 1
    assert run("config", "path").exit_code == 0


def test_a_table_must_be_one(run: Run, config: Path) -> None:
    config.write_text("generate = 3\n")
    assert "must be a table of options" in run("generate").stderr
