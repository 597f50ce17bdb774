"""Single keys typed at the terminal, without waiting for Enter."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final

__all__ = ["LEFT", "RIGHT", "Keys", "pressed_keys", "split_keys"]

LEFT: Final = "left"
RIGHT: Final = "right"
_ARROWS: Final = {
    "\x1b[D": LEFT,
    "\x1bOD": LEFT,
    "\x1b[C": RIGHT,
    "\x1bOC": RIGHT,
    "\xe0K": LEFT,
    "\x00K": LEFT,
    "\xe0M": RIGHT,
    "\x00M": RIGHT,
}
"""What terminals and the console of Windows send for arrows."""


class Keys:
    """Reads keys; this one, without a terminal, never gets any."""

    def read(self, seconds: float) -> list[str]:
        """Return the keys typed within ``seconds``; `LEFT` and `RIGHT` for arrows."""
        time.sleep(seconds)
        return []


@contextmanager
def pressed_keys() -> Iterator[Keys]:
    """Read the terminal key by key; it is as it was afterwards."""
    if not sys.stdin.isatty():
        yield Keys()
    elif sys.platform == "win32":
        yield _Console()
    else:
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        tty.setcbreak(descriptor)
        try:
            yield _Terminal(descriptor)
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def split_keys(text: str) -> list[str]:
    """Return the keys in what a terminal has sent; sequences of other keys are left out."""
    keys: list[str] = []
    while text:
        arrow = next((sent for sent in _ARROWS if text.startswith(sent)), None)
        if arrow is not None:
            keys.append(_ARROWS[arrow])
            text = text.removeprefix(arrow)
        elif text[0] in "\x1b\xe0\x00":
            return keys
        else:
            keys.append(text[0])
            text = text[1:]
    return keys


class _Terminal(Keys):
    """A terminal of Unix."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def read(self, seconds: float) -> list[str]:
        import select

        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        if not ready:
            return []
        data = os.read(self._descriptor, 64)
        return split_keys(data.decode("utf-8", "replace")) if data else ["q"]


class _Console(Keys):
    """The console of Windows."""

    def read(self, seconds: float) -> list[str]:
        msvcrt = import_module("msvcrt")  # only Windows has it
        time.sleep(seconds)
        text = ""
        while msvcrt.kbhit():
            text += msvcrt.getwch()
        return split_keys(text)
