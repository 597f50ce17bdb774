"""The values that the model may give header fields so that the tune can be completed."""

from collections.abc import Mapping, Sequence
from typing import Final

from abclm.constraint.grammars import Form, Grammars
from abclm.constraint.header import canonical_keys
from abclm.constraint.prompt import Prompt
from abclm.errors import InputError
from abclm.model.text import Usual
from abclm.notation.syntax.meter import parse_meter, parse_unit
from abclm.notation.syntax.tables import RHYTHM_METERS

__all__ = ["UsableValues"]

METERS: Final = (
    "2/4",
    "3/4",
    "4/4",
    "5/4",
    "6/4",
    "3/8",
    "5/8",
    "6/8",
    "7/8",
    "9/8",
    "12/8",
    "3/2",
    "C|",
)
UNITS: Final = ("1/8", "1/16", "1/4", "1/32")


class UsableValues:
    """The field values with which the rest of a tune can be written.

    Args:
        prompt: the prompt.
        grammars: grammars over the model's vocabulary.
        form: the requirements for the sections.
        known: the keys and rhythms that the model knows.
    """

    def __init__(self, prompt: Prompt, grammars: Grammars, form: Form, known: Usual) -> None:
        self._prompt = prompt
        self._grammars = grammars
        self._form = form
        self._known = known

    def choices(self, letter: str, values: Mapping[str, str]) -> Sequence[str] | None:
        """The values of the field ``letter`` that the model can spell; None for any.

        Args:
            letter: the letter of the field.
            values: the values of the fields before it.
        """
        known = frozenset(self._grammars.vocabulary.characters)
        found = [value for value in self._all(letter, values) if known.issuperset(value)]
        return found or None

    def _all(self, letter: str, values: Mapping[str, str]) -> Sequence[str]:
        if letter == "K":
            return self._known.keys or canonical_keys()
        if letter == "R":
            meter = values.get("M")
            return [
                name
                for name in self._known.rhythms
                if meter in {None, *RHYTHM_METERS.get(name, (meter,))}
            ]
        if letter == "L":
            return self._units(values["M"])
        if letter != "M":
            return ()
        unit = self._prompt.header.unit
        return [
            meter
            for meter in RHYTHM_METERS.get(values.get("R", ""), METERS)
            if (self._holds(meter, unit) if unit else self._units(meter))
        ]

    def _units(self, meter: str) -> list[str]:
        return [unit for unit in UNITS if self._holds(meter, unit)]

    def _holds(self, meter: str, unit: str) -> bool:
        """Whether the prompt's notes can become a tune in ``meter`` with ``unit``."""
        parsed, length = parse_meter(meter), parse_unit(unit)
        if parsed is None or length is None:
            return False
        notes = self._prompt.music
        if not notes:
            return parsed.bar is None or (parsed.bar / length * 4).denominator == 1
        try:
            return self._grammars.open(notes, meter, unit, self._form) is not None
        except InputError:
            return False
