"""The plan of an existing tune: which of its bars are the same."""

from typing import TypedDict

from abclm.compose.chosen import read_for_model
from abclm.errors import InputError
from abclm.model.text import plan_of_tune
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.write.writer import write_tune

__all__ = ["PlanRow", "plan_row"]


class PlanRow(TypedDict):
    """The plan of a tune, or why it has none."""

    tune: str
    title: str
    plan: str | None
    why: str


def plan_row(number: int, text: str) -> PlanRow:
    """Return the plan of the tune ``text``; ``number`` names a tune without ``X:``.

    The plan has a letter for each bar, the same letter for the same bar: ``a'`` is a variation of
    ``a``, and ``a^`` is ``a`` with another first note.
    """
    tune = parse_tunebook(text)[0].tune
    name = tune.value("X") or str(number)
    try:
        found = plan_of_tune(write_tune(read_for_model(tune, f"X:{name}")))
        plan = None if found is None else str(found)
        why = "has too many different bars to name" if found is None else ""
    except InputError as error:
        plan, why = None, str(error)
    return {"tune": name, "title": tune.title, "plan": plan, "why": why}
