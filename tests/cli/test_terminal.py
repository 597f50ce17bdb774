"""No control character of a file, a name or a model reaches the terminal, whatever the command."""

import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.cli.console import TerminalConsole
from abclm.cli.terminal import TerminalStream, say, visible
from abclm.ledger.history import ledger_path, log
from abclm.ledger.ledger import Entry, Ledger
from abclm.model.checkpoint.checkpoint import Checkpoint
from tests.cli.conftest import READ, save_checkpoint
from tests.cli.pseudo_terminal import at_terminal

EVIL = "\x1b]0;PWNED\x07\x1b[8m\x9b31m\x7f\u202edlrow\u2028\x1b]52;c;aGFja\x1b\\"
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]|\r(?!\n|\r)")
HEADER = f"X:1\nT:{EVIL}\nT:two {EVIL}\nR:reel\nC:{EVIL}\n% {EVIL}\n"
MUSIC = "M:2/4\nL:1/8\nK:G\nGABc|d2d2|GABc|d4|\n"
EVIL_FILE = f"evil{EVIL.replace('/', '')}.abc"


def is_safe(received: bytes) -> bool:
    """Whether a terminal does nothing but show what it was sent."""
    return UNSAFE.search(received.decode("utf-8")) is None


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@given(st.text())
def test_only_tabs_and_line_ends_are_left(text: str) -> None:
    assert UNSAFE.search(visible(text)) is None
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("T:Bú\tx\n", "T:Bú\tx\n"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("\x9b\x7f\x00", "\\x9b\\x7f\\x00"),
        ("\u202e\u2066\u2028", "\\u202e\\u2066\\u2028"),
        ("a\r\nb\rc", "a\nb\\x0dc"),
        ("\udcff\ud800", "\\xff\\ud800"),
        ("𝄞 👩‍🎤 ﷺ", "𝄞 👩‍🎤 ﷺ"),
    ],
)
def test_controls_are_written_as_escapes(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_bytes_pass_the_same_gate() -> None:
    stream = TerminalStream(screen := Screen())
    for piece in (b"T:\xc3", b"\xa9\x1b[8m\r", b"\n\xff\rK:C\n"):
        stream.buffer.write(piece)
    assert screen.getvalue() == "T:é\\x1b[8m\n\\xff\nK:C\n"


def test_colours_of_ours_pass_and_those_of_a_text_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", TerminalStream(screen := Screen()))
    console = TerminalConsole(force_terminal=True, color_system="standard", soft_wrap=True)
    console.print("|:a:| [red]x[/red] \x1b[8m", style="bold")
    assert screen.getvalue() == "\x1b[1m|:a:| [red]x[/red] \\x1b[8m\x1b[0m\n"


def test_off_a_terminal_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", file := io.StringIO())
    TerminalConsole(soft_wrap=True).print("T:\x1b[8m")
    assert file.getvalue() == "T:\x1b[8m\n"


@pytest.fixture
def data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ABCLM_DATA", str(folder / "data"))
    return folder / "data"


@pytest.fixture
def evil(folder: Path, data: Path, spelling_model: Callable[..., Checkpoint]) -> Path:
    """A folder in which every file, every name and every logged tune is hostile."""
    (folder / EVIL_FILE).write_text(HEADER + MUSIC, encoding="utf-8")
    body = MUSIC.replace("GABc|", f'"^{EVIL}"GABc|', 1) + f"w:{EVIL}\n%{EVIL}\nGA{EVIL}Bc|\n"
    (folder / "body.abc").write_text(HEADER + body, encoding="utf-8")
    model = spelling_model(READ, "XRdxor/:jg0123456789")
    config = replace(model.config, name=EVIL, licence=EVIL, command=EVIL, corpus={"title": EVIL})
    for name in ("spelling", f"evil{EVIL.replace('/', '')}"):
        save_checkpoint(replace(model, config=config), folder / "checkpoints" / name)
    (folder / "checkpoints" / f"bad{EVIL}").mkdir()
    (folder / "checkpoints" / f"bad{EVIL}" / "config.json").write_text(json.dumps({EVIL: EVIL}))
    corpus = folder / "corpora" / f"evil{EVIL}"
    corpus.mkdir(parents=True)
    counted = ("tunes", "characters", "notes", "families", "distinct_characters")
    part = dict.fromkeys(counted, 0)
    report = {"format": 2, "name": EVIL, "title": EVIL, "licence": EVIL, "kept": 0, "read": 0}
    report |= {"sha256": EVIL}
    report |= {"sources": [{"name": EVIL, "read": 0, "kept": 0, "dropped": {}}]}
    report |= {"dropped": {EVIL: 1}, "train": part, "held_out": part, "held_out_by_tune": part}
    (corpus / "corpus.json").write_text(json.dumps(report), encoding="utf-8")
    settings = {"checkpoint": "spelling", EVIL: EVIL, "file": EVIL_FILE, "bars": EVIL}
    log([Entry(HEADER.partition("\n")[2] + MUSIC, f"redo {EVIL}", EVIL, settings)], say)
    log([Entry(f"T:{EVIL}\n{READ}", "generate", EVIL, {"checkpoint": "spelling"})], say)
    with Ledger(ledger_path()) as ledger:
        ledger.keep(1, EVIL, Path(EVIL_FILE))
    return folder


COMMANDS: tuple[Sequence[str], ...] = (
    ["generate", "--checkpoint", "spelling", "--title", EVIL, "--seed", "1"],
    ["validate", EVIL_FILE, "body.abc"],
    ["validate", "--json", "body.abc"],
    ["validate", "--strict", "--second-opinion", "body.abc"],
    ["validate", f"missing {EVIL_FILE}"],
    ["originality", EVIL_FILE, "body.abc"],
    ["surprise", EVIL_FILE],
    ["surprise", "body.abc"],
    ["surprise", EVIL_FILE, "--json"],
    ["transpose", EVIL_FILE, "--key", "A"],
    ["transpose", "body.abc", "--semitones", "2", "-o", f"out {EVIL_FILE}"],
    ["transpose", EVIL_FILE, "--key", EVIL],
    ["continue", EVIL_FILE, "--checkpoint", "spelling"],
    ["continue", EVIL_FILE, "--checkpoint", "irish", "--bars", "2"],
    ["redo", EVIL_FILE, "--bars", "2", "--checkpoint", "irish", "--seed", "1"],
    ["redo", "body.abc", "--bars", "2", "--checkpoint", "irish"],
    ["redo", EVIL_FILE, "--bars", EVIL],
    ["second-part", EVIL_FILE, "--checkpoint", "irish", "--bars", "4", "-n", "2", "--show"],
    ["generate", "--checkpoint", f"evil{EVIL.replace('/', '')}", "--title", EVIL],
    ["generate", f"T:{EVIL}\nM:2/4\nL:1/8\nK:G\nGA", "--checkpoint", "spelling"],
    ["generate", "--rhythm", EVIL, "--checkpoint", "spelling", "-n", "5"],
    ["generate", "--checkpoint", EVIL],
    ["history"],
    ["history", "--json"],
    ["show", "1"],
    ["show", "1", "--json"],
    ["show", EVIL],
    ["show", "--plan", EVIL_FILE],
    ["show", "--plan", "body.abc"],
    ["more", "3", "-n", "1", "--seed", "1"],
    ["more", "1"],
    ["tweak", "3", "--title", EVIL, "--seed", "3"],
    ["replay", "3"],
    ["replay", "2"],
    ["replay", "1"],
    ["keep", "1", EVIL, "-o", f"kept {EVIL_FILE}"],
    ["keep", "1", "A plain title", "-o", f"kept {EVIL_FILE}"],
    ["render", EVIL_FILE, "--midi", f"{EVIL}.mid"],
    ["render", "body.abc", "--midi", "a.mid", "--instrument", EVIL],
    ["render", EVIL_FILE, "--html", f"{EVIL.replace('/', '')}.html"],
    ["corpus", "list"],
    ["corpus", "show", f"evil{EVIL}"],
    ["corpus", "show", EVIL],
    ["corpus", "build", EVIL, EVIL_FILE],
    ["corpus", "build", "mine", EVIL_FILE],
    ["checkpoint", "list"],
    ["checkpoint", "show", "spelling"],
    ["checkpoint", "show", EVIL],
    ["evaluate", "spelling", "--corpus", EVIL],
    ["train", EVIL],
    ["edit", f"missing {EVIL_FILE}", "--tune", "1"],
    [EVIL],
    ["show", f"--{EVIL}"],
    ["history", "-n", EVIL],
)


@pytest.mark.slow
def test_no_escape_sequence_of_a_file_passes_in_any_command(evil: Path) -> None:
    received = at_terminal(COMMANDS, evil, {"LC_ALL": "C.UTF-8"})
    assert received.count(b"exit code ") == len(COMMANDS)
    assert b"Traceback" not in received
    assert b"\\x1b]0;PWNED\\x07" in received
    assert is_safe(received)


def test_in_colour_only_the_colours_are_ours(evil: Path) -> None:
    commands = [["redo", EVIL_FILE, "--bars", "2", "-n", "2"], ["surprise", EVIL_FILE]]
    commands.append(["generate", "--title", EVIL, "--checkpoint", "spelling", "-n", "6"])
    colourful = {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    received = at_terminal(commands, evil, colourful)
    assert b"\x1b[1m" in received
    assert b"\\x1b[8m" in received
    assert is_safe(re.sub(rb"\r?\x1b\[(?:[0-9;]*[mKA]|\?25[lh])", b"", received))
    assert not re.search(rb"\x1b\[8m|\x1b\]|\x9b31m", received)


def test_what_the_user_types_is_not_played_back(evil: Path) -> None:
    commands = [["redo", EVIL_FILE, "--bars", "2", "--checkpoint", "irish", "-n", "2"]]
    received = at_terminal(commands, evil, {"LC_ALL": "C.UTF-8"}, typed=b"1\n")
    assert b"take which" in received
    assert is_safe(received)


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"PYTHONIOENCODING": "utf-8:strict"},
    ],
)
def test_a_terminal_without_the_characters_shows_their_escapes(
    evil: Path, environment: dict[str, str]
) -> None:
    (evil / "a.abc").write_text(f"X:1\nT:Bal 𝄞 ﷺ {EVIL}\n{MUSIC}", encoding="utf-8")
    commands = [["transpose", "a.abc", "--key", "A"], ["corpus", "show", f"evil{EVIL}"]]
    received = at_terminal([*commands, ["show", "--plan", "a.abc"], ["-q\xe9"]], evil, environment)
    assert b"Traceback" not in received
    assert received.count(b"exit code ") == 4
    assert is_safe(received)


def test_tunes_go_to_their_file_while_a_bar_counts_them_at_the_terminal(
    data: Path, spelling: Path, folder: Path
) -> None:
    commands = [["generate", "--checkpoint", "spelling", "-n", "5", "--seed", "1"]]
    received = at_terminal(commands, folder, {"TERM": "xterm"}, stdout=folder / "tunes.abc")
    assert b"writing tunes" in received
    assert b"GABc" not in received
    assert (folder / "tunes.abc").read_text(encoding="utf-8").count("GABc|d4|]") == 5


def test_a_pipe_gets_the_bytes_whatever_the_locale(evil: Path) -> None:
    (evil / "a.abc").write_text(f"X:1\nT:Bál {EVIL}\n{MUSIC}", encoding="utf-8")
    environment = {"PYTHONIOENCODING": "ascii"}
    commands = [["transpose", "a.abc", "--key", "G"], ["show", "1"], ["history", "--json"]]
    at_terminal(commands, evil, environment, stdout=evil / "out")
    written = (evil / "out").read_bytes()
    assert f"T:Bál {EVIL}\n".encode() in written
    assert f"\nT:{EVIL}\nT:two {EVIL}\n".encode() in written
