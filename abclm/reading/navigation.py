"""Where da capo, dal segno, fine and coda stand, so that following them skips no music."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from abclm.notation.syntax.tables import BAR_END_SIGNS
from abclm.reading.score import Ending, Measure, Remark
from abclm.reading.xml_part import RawMeasure

__all__ = ["with_signs"]

_SHOWN: Final = {
    "D.C.alfine": "D.C. al Fine",
    "D.C.alcoda": "D.C. al Coda",
    "D.S.alfine": "D.S. al Fine",
    "D.S.alcoda": "D.S. al Coda",
}
"""Decorations as they are printed, where that differs."""


def with_signs(
    measures: Sequence[Measure], parts: Sequence[Sequence[RawMeasure]]
) -> tuple[list[Measure], list[Remark]]:
    """Return the measures with the signs of all parts, and what could not be kept.

    ABC has no movements: a da capo in a later one becomes a dal segno to where it begins. One that
    other music follows than a coda becomes words, since that music would not be played.

    Args:
        measures: as many as the longest part has.
        parts: the measures of each part; words are given to their notes.
    """
    signs = _signs(len(measures), parts)
    if not any(signs):
        return list(measures), []
    starts = [0, *_restarts(parts)]
    remarks: list[Remark] = []
    for index, names in enumerate(signs):
        for name in [one for one in names if one.startswith("D.")]:
            start = max(one for one in starts if one <= index)
            what = f"{_SHOWN.get(name, name)} in measure {index + 1}"
            if index + 1 < len(signs) and "coda" not in signs[index + 1]:
                names.remove(name)
                _write_words(parts, index, _SHOWN.get(name, name))
                remarks.append(Remark(f"the {what} is written as words: other music follows it"))
                continue
            if name.startswith("D.C.") and start:
                names[names.index(name)] = name.replace("C", "S", 1)
                signs[start].insert(0, "segno")
                text = f"the {what} goes back to measure {start + 1}: written as a dal segno"
                remarks.append(Remark(text))
            end = None if _has_end(signs[start:]) else _clear_end(measures, parts, start, index)
            if end is not None:
                signs[end].append("fine")
                remarks.append(Remark(f"a fine is written in measure {end + 1}, where none is"))
    signed = [replace(one, signs=tuple(own)) for one, own in zip(measures, signs, strict=True)]
    return signed, remarks


def _signs(count: int, parts: Sequence[Sequence[RawMeasure]]) -> list[list[str]]:
    """The signs of each measure; a segno or coda late in one is at the beginning of the next."""
    signs: list[list[str]] = [[] for _ in range(count)]
    for part in parts:
        for index, raw in enumerate(part):
            for units, name in raw.signs:
                late = name not in BAR_END_SIGNS and 2 * units > raw.end
                place = min(index + late, count - 1)
                if name not in signs[place]:
                    signs[place].append(name)
    if count > 1 and "coda" not in signs[-1]:
        # Words that end at the right margin may begin in the measure before the last.
        early = [name for name in signs[-2] if name.startswith("D.")]
        signs[-2] = [name for name in signs[-2] if name not in early]
        signs[-1] += [name for name in early if name not in signs[-1]]
    return signs


def _restarts(parts: Sequence[Sequence[RawMeasure]]) -> list[int]:
    """The first measures of movements after the first, where their numbers start anew."""
    numbers = [raw.number for raw in max(parts, key=len)]
    return [
        index
        for index, (before, after) in enumerate(pairwise(numbers), 1)
        if after in {0, 1} and before > 1
    ]


def _write_words(parts: Sequence[Sequence[RawMeasure]], index: int, words: str) -> None:
    """Give words to the last note of a measure, in the first part that has one there."""
    for part in parts:
        notes = part[index].notes if index < len(part) else []
        if notes:
            max(notes, key=lambda note: note.start).texts.append(words)
            return


def _has_end(signs: Sequence[Sequence[str]]) -> bool:
    return any(not {"fine", "coda", "dacoda"}.isdisjoint(names) for names in signs)


def _clear_end(
    measures: Sequence[Measure], parts: Sequence[Sequence[RawMeasure]], start: int, index: int
) -> int | None:
    """The measure before a trio, or with the only final bar line, between two measures."""
    trios = [at for at in range(start + 1, index) if any(_begins_trio(part, at) for part in parts)]
    if trios:
        return trios[0] - 1
    ends = [at for at in range(start, index) if measures[at].right is Ending.FINAL]
    return ends[0] if len(ends) == 1 else None


def _begins_trio(part: Sequence[RawMeasure], index: int) -> bool:
    texts = [text for note in part[index].notes for text in note.texts] if index < len(part) else []
    return any(text.strip(". ").lower() == "trio" for text in texts)
