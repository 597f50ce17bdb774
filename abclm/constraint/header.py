"""The requested header: the fields of the command's options, in canonical spelling."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from typing import Final, Self

from abclm.errors import InputError
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.meter import default_unit, parse_meter, parse_unit
from abclm.notation.syntax.tables import FIELD_NAMES, MODES, RHYTHMS
from abclm.notation.tune.music import Tune

__all__ = ["FIELDS", "Header", "canonical_keys", "similar_rhythm"]

FIELDS: Final = {"T": "title", "R": "rhythm", "M": "meter", "L": "unit", "K": "key"}
"""Letter to attribute, in the order in which the model writes the fields; R is optional."""


@dataclass(frozen=True)
class Header:
    """The given header fields; the model writes those that are None."""

    title: str | None = None
    """The title, such as `The Kesh`."""
    rhythm: str | None = None
    """The kind of tune, such as `reel`."""
    meter: str | None = None
    """The meter, such as `6/8`, `C|` or `none`."""
    unit: str | None = None
    """The unit note length, such as `1/8`."""
    key: str | None = None
    """Tonic and mode, such as `Edor`, `G` or `A minor`."""

    def __post_init__(self) -> None:
        for letter, name in FIELDS.items():
            value = getattr(self, name)
            if value is not None:
                object.__setattr__(self, name, _canonical(letter, value))

    @classmethod
    def of(cls, tune: Tune) -> Self:
        """The fields of ``tune`` that a model is fed."""
        key = str(tune.key or "none")
        return cls(rhythm=tune.value("R"), meter=str(tune.meter), unit=str(tune.unit), key=key)

    def value(self, letter: str) -> str | None:
        """The value of the field ``letter``."""
        value: str | None = getattr(self, FIELDS[letter])
        return value

    def given(self) -> Iterator[tuple[str, str]]:
        """Letter and value of each given field, in canonical order."""
        for letter in FIELDS:
            if (value := self.value(letter)) is not None:
                yield letter, value

    def merged(self, other: "Header") -> "Header":
        """The fields of both headers.

        Raises:
            InputError: both have a field, with different values.
        """
        for letter, value in other.given():
            mine = self.value(letter)
            if mine is not None and mine != value:
                name = FIELD_NAMES[letter]
                raise InputError(
                    f"the prompt has {letter}:{mine}, the option asks for the {name} {value}: "
                    "leave one of them out"
                )
        return replace(self, **{FIELDS[letter]: value for letter, value in other.given()})

    def with_default_unit(self) -> "Header":
        """The header with the standard's default unit note length if ``L:`` is missing.

        ABC 2.1 section 3.1.7; an unknown meter counts as free.
        """
        meter = parse_meter(self.meter or "none")
        if self.unit is not None or meter is None:
            return self
        return replace(self, unit=str(default_unit(meter)))


@cache
def canonical_keys() -> tuple[str, ...]:
    """Every key with at most seven sharps or flats, in canonical spelling, sorted."""
    modes = sorted({suffix for suffix, _ in MODES.values()})
    spelt = [
        letter + sign + mode for letter in "ABCDEFG" for sign in ("", "#", "b") for mode in modes
    ]
    return tuple(text for text in spelt if parse_key(text) is not None)


def similar_rhythm(rhythm: str) -> str | None:
    """The rhythm that ``rhythm`` may be a misspelling of; None if it is itself known."""
    lowered = rhythm.lower()
    if lowered in RHYTHMS:
        return None
    return next((RHYTHMS[name] for name in get_close_matches(lowered, RHYTHMS, 1, 0.75)), None)


def _canonical(letter: str, value: str) -> str:
    text = " ".join(value.split())
    name = FIELD_NAMES[letter]
    if not text:
        raise InputError(f"the {name} is empty")
    if "\n" in value.strip() or "\r" in value.strip():
        raise InputError(f"the {name} must be a single line")
    return _SPELLINGS[letter](text)


def _rhythm(text: str) -> str:
    lowered = text.lower()
    return RHYTHMS.get(lowered, lowered)


def _meter(text: str) -> str:
    meter = parse_meter(text)
    if meter is None:
        raise InputError(f"{text!r} is not a meter: give one such as 4/4, 6/8, C| or none")
    return str(meter)


def _unit(text: str) -> str:
    unit = parse_unit(text)
    if unit is None:
        raise InputError(f"{text!r} is not a unit note length: give one such as 1/8 or 1/16")
    return f"{unit.numerator}/{unit.denominator}"


def _key(text: str) -> str:
    key = parse_key(text)
    if key is None:
        raise InputError(f"{text!r} is not a key: give one such as G, Am, Edor, Dmix or F#m")
    return str(key)


_SPELLINGS: Final[dict[str, Callable[[str], str]]] = {
    "T": str,
    "R": _rhythm,
    "M": _meter,
    "L": _unit,
    "K": _key,
}
