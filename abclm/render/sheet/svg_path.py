"""The path language of SVG, as far as verovio uses it, with absolute coordinates."""

import re
from collections.abc import Iterator
from typing import Final

from abclm.render.sheet.drawing import Command

__all__ = ["read_path"]

_STEP: Final = re.compile(r"([MmLlHhVvCcSsQqZz])([^A-Za-z]*)")
_NUMBER: Final = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_TAKES: Final = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "Z": 0}
"""The numbers of a step."""


def read_path(path: str, *, flip: bool = False) -> tuple[Command, ...]:
    """Return the steps of ``path``; with ``flip`` upside down, as glyphs of a font are drawn.

    Raises:
        ValueError: a step has too few numbers.
    """
    return tuple(_steps(path, -1.0 if flip else 1.0))


def _steps(path: str, sign: float) -> Iterator[Command]:
    x = y = start_x = start_y = 0.0
    control: tuple[float, float] | None = None
    for letter, text in _STEP.findall(path):
        kind = letter.upper()
        numbers = [float(number) for number in _NUMBER.findall(text)]
        takes = _TAKES[kind]
        if takes == 0:
            x, y, control = start_x, start_y, None
            yield "Z", ()
            continue
        if not numbers or len(numbers) % takes:
            raise ValueError(f"a step {letter} of a path has {len(numbers)} numbers")
        for index in range(0, len(numbers), takes):
            own = numbers[index : index + takes]
            points = _absolute(kind, own, x, y, relative=letter.islower())
            step = "L" if kind in "HV" or (kind == "M" and index) else kind
            if kind == "S":
                first = (2 * x - control[0], 2 * y - control[1]) if control else (x, y)
                points, step = [*first, *points], "C"
            elif kind == "Q":
                points, step = _cubic(x, y, points), "C"
            control = (points[2], points[3]) if step == "C" else None
            x, y = points[-2:]
            if step == "M":
                start_x, start_y = x, y
            yield (
                step,
                tuple(
                    number * sign if place % 2 else number for place, number in enumerate(points)
                ),
            )


def _absolute(
    kind: str, numbers: list[float], x: float, y: float, *, relative: bool
) -> list[float]:
    if kind == "H":
        return [numbers[0] + x if relative else numbers[0], y]
    if kind == "V":
        return [x, numbers[0] + y if relative else numbers[0]]
    if not relative:
        return numbers
    return [number + (y if place % 2 else x) for place, number in enumerate(numbers)]


def _cubic(x: float, y: float, points: list[float]) -> list[float]:
    """Return the cubic curve that equals a quadratic one."""
    middle_x, middle_y, end_x, end_y = points
    return [
        x + 2 / 3 * (middle_x - x),
        y + 2 / 3 * (middle_y - y),
        end_x + 2 / 3 * (middle_x - end_x),
        end_y + 2 / 3 * (middle_y - end_y),
        end_x,
        end_y,
    ]
