"""Sections of any number of bars, as chorales and other music in phrases of its own have them."""

from dataclasses import dataclass

from abclm.constraint.sections import Sections
from abclm.notation.cursor.form import Form

__all__ = ["FreeSections"]


@dataclass(frozen=True)
class FreeSections(Sections):
    """Sections that may end after any bar; pickups bind as in `Sections`."""

    def _goes_on(self, _form: Form, _number: int) -> bool:
        return True

    def _has_bars(self, _form: Form, _number: int) -> bool:
        return True
