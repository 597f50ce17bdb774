"""The wrapper of the abcMIDI programs, with programs of our own on PATH and with the real ones."""

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from abclm.errors import RenderError
from abclm.notation.syntax.problem import Problem
from abclm.render.abcmidi import run_abc2midi, second_opinion
from abclm.render.midi.midi_notes import midi_notes

TUNE = "X:1\nT:t\nM:4/4\nL:1/4\nK:C\n"
Install = Callable[..., Path]

needs_abcmidi = pytest.mark.skipif(
    shutil.which("abc2midi") is None or shutil.which("midi2abc") is None,
    reason="abcMIDI is not installed: apt-get install abcmidi",
)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a program of a few lines of Python on PATH, alone."""

    def put(name: str, *lines: str) -> Path:
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        script = [f"#!{sys.executable}", "import pathlib, sys, time", *lines, ""]
        program = folder / name
        program.write_text("\n".join(script), encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        return program

    return put


WRITE = "pathlib.Path(sys.argv[-1]).write_bytes(b'midi')"


def test_diagnostics_become_problems_with_columns_from_1(install: Install) -> None:
    install(
        "abc2midi",
        "print('4.84 January 20 2023 abc2midi')",
        "print('Error in line-char 6-0 : Bad character')",
        "print('Warning in line-char 5-7 : Bar 1 has 3 units')",
        "print('Warning in line-char 5-7 : Bar 1 has 3 units')",
        "print('writing MIDI file tune.mid')",
        WRITE,
    )
    assert second_opinion(TUNE) == [
        Problem(5, 8, "abc2midi", "warning: Bar 1 has 3 units"),
        Problem(6, 1, "abc2midi", "error: Bad character"),
    ]
    opinion = run_abc2midi(TUNE)
    assert (opinion.midi, len(opinion.errors), len(opinion.warnings)) == (b"midi", 1, 1)


def test_the_file_counts_and_not_the_exit_code(install: Install) -> None:
    install("abc2midi", WRITE, "sys.exit(1)")
    assert run_abc2midi(TUNE).midi == b"midi"
    install("abc2midi", "print('Error in line-char 5-0 : No K:')", "sys.exit(0)")
    opinion = run_abc2midi(TUNE)
    assert opinion.midi is None
    assert [error.message for error in opinion.errors] == ["error: No K:"]


def test_the_program_sees_only_a_plain_name_in_a_folder_of_its_own(install: Install) -> None:
    install(
        "abc2midi",
        "source = pathlib.Path(sys.argv[1])",
        "assert source.name == 'tune.abc' and source.parent == pathlib.Path('.')",
        "pathlib.Path(sys.argv[-1]).write_bytes(source.read_bytes())",
    )
    text = "X:1\r\nT:$(touch x); é\nK:C\n"
    assert run_abc2midi(text).midi == text.encode()


def test_the_program_is_not_told_of_hornpipes_which_it_would_swing(install: Install) -> None:
    install(
        "abc2midi",
        "pathlib.Path(sys.argv[-1]).write_bytes(pathlib.Path(sys.argv[1]).read_bytes())",
    )
    text = "X:1\nT:A Hornpipe\nR:irish Hornpipe, hop\nK:C\nA|\n"
    assert run_abc2midi(text).midi == text.replace("h Hornpipe", "h --------").encode()


def test_the_tune_asked_for_is_the_one_that_is_made(install: Install) -> None:
    install("abc2midi", "pathlib.Path(sys.argv[-1]).write_text(' '.join(sys.argv[1:]))")
    assert run_abc2midi(TUNE, "42").midi == b"tune.abc 42 -o tune.mid"


def test_a_program_that_hangs_is_stopped(install: Install) -> None:
    install("abc2midi", "time.sleep(60)")
    with pytest.raises(RenderError, match=r"abc2midi did not end within 0\.2 seconds"):
        second_opinion(TUNE, timeout=0.2)


def test_a_program_that_cannot_be_run_is_one_line(install: Install) -> None:
    program = install("abc2midi", "pass")
    program.write_bytes(b"\x7fELF not really")
    with pytest.raises(RenderError, match="abc2midi cannot be run"):
        second_opinion(TUNE)


def test_a_missing_program_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    with pytest.raises(RenderError, match=r"abc2midi is not installed: .*apt-get install abcmidi"):
        second_opinion(TUNE)


@needs_abcmidi
def test_the_real_program_plays_a_tune() -> None:
    midi = run_abc2midi(f"{TUNE}CDEF|\n", "1").midi or b""
    assert [note.pitch for note in midi_notes(midi)] == [60, 62, 64, 65]


@needs_abcmidi
def test_the_real_program_finds_a_long_bar() -> None:
    (problem,) = second_opinion(f"{TUNE}C4|CDEFG|C4|\n")
    assert (problem.line, problem.rule) == (6, "abc2midi")
    assert problem.message.startswith("warning: ")


@needs_abcmidi
@pytest.mark.parametrize("text", ["", "prose", "X:1\n", "\ufeffX:1\nT:t\nK:C\nA|\n"])
def test_the_real_program_refuses_what_is_no_tune(text: str) -> None:
    assert run_abc2midi(text).midi is None
