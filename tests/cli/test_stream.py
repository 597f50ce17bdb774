"""On a terminal a tune that is gone on with appears as it is written."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from abclm.cli.continue_ import continue_
from abclm.cli.second_part import second_part
from abclm.errors import InputError
from abclm.notation.check.validate import validate
from tests.cli.conftest import Run

HEADER = "X:1\nT:t\nM:4/4\nL:1/8\nK:G\n"
BEGUN = HEADER + "G2BG dGBG|A2cA eAcA|GB"
SEED = ("--seed", "3")


class Terminal(io.StringIO):
    """A screen that remembers what was written to it at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.pieces.append(text)
        return super().write(text)


Screen = Callable[..., Terminal]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """Runs a command's function with a screen for its output."""

    def run_function(function: Callable[..., None], *args: Any, **options: Any) -> Terminal:
        screen = Terminal()
        with monkeypatch.context() as patch:
            patch.setattr("sys.stdout", screen)
            function(*args, **options)
        return screen

    return run_function


@pytest.fixture
def tune(folder: Path) -> Path:
    path = folder / "tune.abc"
    path.write_text(BEGUN, encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("bars", [None, 3])
@pytest.mark.parametrize(
    "data",
    [
        BEGUN,
        BEGUN.replace("\n", "\r\n") + "% a\r\n",
        HEADER.replace("1/8", "1/4") + "GB/G/ dB|A4|GB/>",
        "M:4/4\ntext\n\n" + BEGUN + "\n\nX:2\nT:b\nK:D\nD8|]\n",
    ],
)
def test_what_appears_bar_by_bar_is_what_would_be_written(
    run: Run, tune: Path, terminal: Screen, data: str, bars: int | None
) -> None:
    tune.write_bytes(data.encode())
    args = ["--tune", "1", *(["--bars", str(bars)] if bars else [])]
    expected = run("continue", tune, *args, *SEED).stdout_bytes.decode()
    screen = terminal(continue_, file=tune, tune="1", bars=bars, seed=3)
    assert screen.getvalue() == expected.replace("\r\n", "\n")
    assert len(screen.pieces) > 3
    assert screen.pieces[0].endswith(("GB", "GB% a\n", "GB/>"))


def test_where_a_file_is_written_the_tune_alone_appears(tune: Path, terminal: Screen) -> None:
    tune.write_text(f"text\n\n{BEGUN}\n\nX:2\nT:b\nK:D\nD8|]\n", encoding="utf-8")
    shown = terminal(continue_, file=tune, tune="1", seed=3, in_place=True).getvalue()
    assert shown.startswith(BEGUN)
    assert "X:2" not in shown
    assert tune.read_text(encoding="utf-8") == f"text\n\n{shown}\nX:2\nT:b\nK:D\nD8|]\n"
    assert not validate(shown)


@pytest.mark.slow
def test_another_part_appears_too_if_there_is_one_candidate(
    run: Run, tune: Path, terminal: Screen
) -> None:
    part = "G2BG dGBG|A2cA eAcA|G2BG dGBG|A2cA d4|\nG2BG dGBG|A2cA eAcA|BGdG BGdG|G8|]\n"
    tune.write_text(HEADER + part, encoding="utf-8")
    expected = run("second-part", tune, "-n", "1", *SEED).stdout
    screen = terminal(second_part, file=tune, count=1, seed=3)
    assert screen.getvalue() == expected
    assert len(screen.pieces) > 3


@pytest.mark.slow
@pytest.mark.parametrize("options", [{"count": 2}, {"pick": 1}, {"as_json": True}, {"show": True}])
def test_nothing_appears_before_it_is_chosen(
    tune: Path, terminal: Screen, monkeypatch: pytest.MonkeyPatch, options: dict[str, Any]
) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("streamed")

    monkeypatch.setattr("abclm.cli.stream.Stream.begin", refuse)
    terminal(continue_, file=tune, seed=3, output=tune.with_name("out.abc"), **options)


@pytest.mark.slow
def test_what_is_taken_in_the_end_is_shown_whole_if_it_came_otherwise(
    run: Run, tune: Path, terminal: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    from abclm.compose import onward, onward_text

    expected = run("continue", tune, *SEED).stdout
    whole = onward_text.showing

    def wrong(opening: Any, count: Any, on_music: Any) -> Callable[[str], None] | None:
        show = whole(opening, count, on_music)
        if on_music is not None:
            on_music("zzz|")
        return show

    monkeypatch.setattr(onward, "showing", wrong)
    shown = terminal(continue_, file=tune, seed=3).getvalue()
    assert shown.startswith(BEGUN + "zzz|")
    assert shown.endswith("\n" + expected)


@pytest.mark.slow
def test_a_failure_ends_the_line(tune: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise InputError("no")

    monkeypatch.setattr("abclm.compose.revision.offer_all", fail)
    screen = Terminal()
    monkeypatch.setattr("sys.stdout", screen)
    with pytest.raises(InputError):
        continue_(file=tune, seed=3)
    assert screen.getvalue().startswith(BEGUN)
    assert screen.getvalue().endswith("\n")
