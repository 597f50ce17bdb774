"""The line of the terminal that follows the notes."""

import os
import shutil
import sys
from typing import TYPE_CHECKING, Final

from abclm.cli.terminal import TerminalStream, visible
from abclm.render.player.transport import COUNT_IN

if TYPE_CHECKING:
    from abclm.render.player.engine import Place
    from abclm.render.player.programme import Programme

__all__ = ["PlayLine", "line_of"]

_BEGIN, _END = "\x1b[7m", "\x1b[0m"
"""Around the note that sounds: reverse video."""
_NARROW: Final = 8
"""Columns; if no more are left for the music, the tempo is left out."""


class PlayLine:
    """Shows where a player is, on one line of standard error, if that is a terminal."""

    def __init__(self) -> None:
        stream = sys.stderr
        self._shows = stream.isatty()
        self._stream = stream.terminal if isinstance(stream, TerminalStream) else stream
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        self._marks = self._shows and not plain
        self._last = ""

    def show(self, programme: "Programme", place: "Place", *, paused: bool) -> None:
        """Show the bar, its music with the note that sounds, and the tempo."""
        if not self._shows:
            return
        width = shutil.get_terminal_size().columns - 1
        line = line_of(programme, place, width, paused=paused, marks=self._marks)
        if line != self._last:
            self._write(f"\r{line}")
            self._last = line

    def end(self) -> None:
        """Leave the line, so that what follows is below it."""
        if self._last:
            self._write("\n")
            self._last = ""

    def _write(self, text: str) -> None:
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        self._stream.flush()


def line_of(
    programme: "Programme", place: "Place", width: int, *, paused: bool = False, marks: bool = False
) -> str:
    """Return the line for a place, exactly ``width`` columns wide.

    Args:
        programme: what is played.
        place: where the player is.
        width: the number of columns.
        paused: whether the player pauses.
        marks: whether the note that sounds is shown in reverse video.
    """
    state = place.transport
    bar = programme.bar(state.at)
    head = "count-in" if state.at == COUNT_IN else f"bar {bar.number}"
    text = "" if state.at == COUNT_IN else visible(bar.text).replace("\n", " ")
    needed = len(head) + 2 + len(text) + 2
    tails = [*_tails(programme, place, paused=paused), ""]
    tail = next((one for one in tails if needed + len(one) <= width), tails[-2])
    room = width - len(head) - len(tail) - 4
    if room < min(_NARROW, len(text)):
        tail, room = "", width - len(head) - 2
    if room < 1:
        return head[:width].ljust(width)
    shown = text = text[:room]
    begin, stop = _sounding(bar.marks, place.seconds, len(text))
    if marks and stop > begin and text == bar.text[:room]:
        shown = f"{text[:begin]}{_BEGIN}{text[begin:stop]}{_END}{text[stop:]}"
    return f"{head}  {shown}{' ' * (room - len(text))}{f'  {tail}' if tail else ''}"


def _tails(programme: "Programme", place: "Place", *, paused: bool) -> list[str]:
    """Return the end of the line, longest first: tempo and turn, tempo alone."""
    state = place.transport
    tempo = f"{programme.bar(state.at).tempo * state.factor:.0f} bpm"
    turn = f"turn {state.turn} of {state.times}" if state.times > 1 else ""
    if state.loops:
        first, last = programme.bars[state.first], programme.bars[state.last]
        turn = f"loop {first.number}-{last.number}, turn {state.turn}"
    pause = "paused" if paused else ""
    whole = [f"{tempo} ({state.factor:.0%})", turn, pause]
    return ["  ".join(filter(None, parts)) for parts in (whole, [tempo, turn], [pause or tempo])]


def _sounding(
    marks: tuple[tuple[float, int, int], ...], seconds: float, length: int
) -> tuple[int, int]:
    """Return where the note that sounds stands in the text: the last one that has begun."""
    begun = [(begin, stop) for start, begin, stop in marks if start <= seconds + 0.001]
    begin, stop = begun[-1] if begun else (0, 0)
    return min(begin, length), min(stop, length)
