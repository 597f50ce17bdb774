"""Sections of any number of bars, as chorales and other music in phrases of its own have them."""

from dataclasses import dataclass

from abclm.constraint.metre import Aims
from abclm.constraint.sections import Sections
from abclm.notation.cursor.form import Form

__all__ = ["FreeSections"]


@dataclass(frozen=True)
class FreeSections(Sections):
    """Sections that may end after any bar but the first; pickups bind as in `Sections`.

    Attributes:
        closing: whether every bar but a section's first has the length of a last one.
    """

    closing: bool = False

    def aims(self, form: Form) -> Aims:
        """The lengths that the current bar may have."""
        found = super().aims(form)
        if not (self.closing and self.bar and found.lengths and len(found.lengths) > 1):
            return found
        return Aims((self.bar - (form.borrowed or 0),))

    def _may_continue(self, _form: Form, _number: int) -> bool:
        return True

    def _may_be_last(self, _form: Form, _number: int) -> bool:
        return True
