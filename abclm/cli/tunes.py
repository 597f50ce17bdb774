"""Choosing the tune that a command works on."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from abclm.notation.music import Tune

__all__ = ["choose_tune"]

_LISTED = 12


def choose_tune(text: str, number: int | None, source: str) -> "Tune":
    """The tune of the tunebook ``text`` whose ``X:`` is ``number``, else the first one.

    Raises:
        InputError: there is no (such) tune; the message lists those there are.
    """
    from abclm.errors import InputError
    from abclm.notation.parser import parse_tunebook

    tunes = [parsed.tune for parsed in parse_tunebook(text)]
    if not tunes:
        raise InputError(f"{source}: no tune found: a tune starts with X:1")
    if number is None:
        return tunes[0]
    numbers = [tune.value("X") or "?" for tune in tunes]
    for tune, written in zip(tunes, numbers, strict=True):
        if written.isdecimal() and int(written[:9]) == number:
            return tune
    there_are = ", ".join(numbers[:_LISTED])
    raise InputError(f"{source}: no X:{number}; there are: {there_are}")
