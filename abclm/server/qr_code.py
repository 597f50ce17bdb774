"""An address as a QR code for the terminal, in half blocks."""

import importlib.util
from collections.abc import Sequence
from typing import Final

__all__ = ["qr_code"]

_BLOCKS: Final = {(0, 0): "█", (0, 1): "▀", (1, 0): "▄", (1, 1): " "}
"""Two modules, one above the other; light ones are drawn, as most terminals are dark."""


def qr_code(address: str) -> str | None:
    """Return the lines of a QR code of ``address``, or None if segno is not installed."""
    if importlib.util.find_spec("segno") is None:
        return None
    import segno  # noqa: PLC0415 - in an extra

    code = segno.make(address, micro=False, error="l")
    rows = [list(row) for row in code.matrix_iter(border=2)]
    rows += [[1] * len(rows[0])] * (len(rows) % 2)
    return "\n".join(map(_line, rows[::2], rows[1::2]))


def _line(upper: Sequence[int], lower: Sequence[int]) -> str:
    return "".join(
        _BLOCKS[int(bool(above)), int(bool(under))]
        for above, under in zip(upper, lower, strict=True)
    )
