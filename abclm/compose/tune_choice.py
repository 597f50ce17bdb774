"""The tunes that ``--tune`` asks for, as reference numbers, for commands that change a file."""

from collections.abc import Sequence

from abclm.compose.chosen import read_tunes
from abclm.compose.set_choice import choose_tunes
from abclm.errors import InputError
from abclm.notation.syntax.source import Source
from abclm.notation.tune.music import Tune

__all__ = ["number_of", "numbers_of", "one_tune"]


def numbers_of(source: Source, wanted: str | None) -> list[int]:
    """Return the reference numbers of the tunes that ``--tune`` asks for; none without it.

    Numbers are returned as they are given, whether or not there are such tunes.

    Args:
        source: the tunebook.
        wanted: ``2``, ``1,3,2`` or a title, as for `choose_tunes`.

    Raises:
        InputError: no tune has that title, several have, or that tune has no number of its own.
    """
    if wanted is None:
        return []
    parts = [part.strip() for part in wanted.split(",")]
    if all(part.isdecimal() and len(part) < 10 for part in parts):
        return [int(part) for part in parts]
    tunes = read_tunes(source.readable, source.name)
    (found,) = choose_tunes(tunes, wanted, source.name)
    number = found.value("X") or ""
    if not number.isdecimal() or sum(one.value("X") == number for one in tunes) > 1:
        raise InputError(f"{source.name}: {found.title!r} needs an X: that no other tune has")
    return [int(number[:9])]


def number_of(source: Source, wanted: str | None) -> int | None:
    """Return the reference number of the one tune that ``--tune`` asks for; None without it.

    Raises:
        InputError: it asks for several tunes, or as `numbers_of`.
    """
    numbers = numbers_of(source, wanted)
    _check_one(numbers, wanted)
    return numbers[0] if numbers else None


def one_tune(tunes: Sequence[Tune], wanted: str | None, name: str) -> Tune:
    """Return the one of ``tunes`` that ``--tune`` asks for; the first without it.

    Raises:
        InputError: it asks for several tunes, or as `choose_tunes`.
    """
    found = choose_tunes(tunes, wanted, name)
    _check_one(found, wanted)
    return found[0]


def _check_one(found: Sequence[object], wanted: str | None) -> None:
    if len(found) > 1:
        raise InputError(f"--tune {wanted}: give one tune here, by its number or its title")
