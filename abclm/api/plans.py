"""The plan of an existing tune: which of its bars are the same."""

from typing import TypedDict

from abclm.compose.chosen import read_for_model
from abclm.errors import InputError
from abclm.model.text import plan_of_tune
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.music import Tune
from abclm.notation.write.writer import write_tune

__all__ = ["PlanRow", "plan_of", "plan_row"]


class PlanRow(TypedDict):
    """The plan of a tune, or why it has none."""

    tune: str
    title: str
    plan: str | None
    why: str


def plan_of(tune: Tune, name: str) -> str:
    """Return the plan of a tune, which is called ``name`` in messages.

    The plan has a letter for each bar, the same letter for the same bar: ``a'`` is a variation of
    ``a``, and ``a^`` is ``a`` with another first note.

    Raises:
        InputError: it has several voices, or too many different bars to name.
    """
    found = plan_of_tune(write_tune(read_for_model(tune, name)))
    if found is None:
        raise InputError(f"{name} has too many different bars to name")
    return str(found)


def plan_row(place: int, text: str) -> PlanRow:
    """Return the plan of the tune ``text``; ``place`` names a tune without ``X:``."""
    tune = parse_tunebook(text)[0].tune
    number = tune.value("X") or str(place)
    plan, why = None, ""
    try:
        plan = plan_of(tune, f"X:{number}")
    except InputError as error:
        why = str(error)
    return {"tune": number, "title": tune.title, "plan": plan, "why": why}
