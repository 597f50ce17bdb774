"""Some bars of a tune as the model reads it, and the text around them."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from abclm.constraint.planning import PlanRequirements
from abclm.errors import InputError
from abclm.model.text import CanonicalTune, read_canonical
from abclm.notation.cursor.bar_memory import BarPlace
from abclm.notation.cursor.plan import Plan
from abclm.notation.cursor.plan_reader import bar_stops, read_plan
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bar_texts import bar_texts
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import Tune
from abclm.notation.write.normal_form import normal_form
from abclm.notation.write.writer import write_body, write_tune

__all__ = ["Excerpt", "cut_out", "model_form"]

_CLOSE = 2
"""The number of bars of a close, over which sections rhyme."""

_Row = tuple[str | None, ...]
"""The names of the bars of a section; None for a free bar."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some bars of a tune, in normal form.

    Attributes:
        before: the body up to the first of them.
        texts: the music of each.
        after: the text between each and the next; after the last one, the rest of the tune.
        bars: the same bars as data.
        tied: whether the note before them is tied to the first of them.
        places: section and number of each; None in a pickup or second ending.
        standing: the music of the other bars, by section and number.
        requirements: the tune's plan without these bars: first with these bars free; then, if
            another section's close is complete, with closes that rhyme with it. None if the tune
            has more different bars than a plan can name.
    """

    before: str
    texts: tuple[str, ...]
    after: tuple[str, ...]
    bars: tuple[Bar, ...]
    tied: bool
    places: tuple[tuple[int, int] | None, ...]
    standing: Mapping[tuple[int, int], str]
    requirements: tuple[PlanRequirements, ...] | None

    def joined(self, texts: tuple[str, ...]) -> str:
        """The text from the first of the bars on, with the music ``texts`` in their place."""
        return "".join(text + after for text, after in zip(texts, self.after, strict=True))


def model_form(tune: Tune, known: AbstractSet[str]) -> str:
    """The text of a simplified tune without ``X:``.

    Blanks, and characters of the header, that are not in ``known`` are left out.

    Raises:
        InputError: the notes have characters that are not in ``known``.
    """
    text = write_tune(tune)
    text = text.partition("\n")[2] if text.startswith("X:") else text
    body = write_body(tune)
    unknown = sorted(set(body) - known - {" "})
    if unknown:
        raise InputError(f"the model does not know {' '.join(unknown)}, which the tune uses")
    fields, music = text[: len(text) - len(body) - 1], f"{body}\n"
    return fields + "".join(character for character in music if character in known)


def cut_out(tune: Tune, first: int, last: int, known: AbstractSet[str]) -> Excerpt:
    """Cut out the bars with the indices ``first`` to ``last``.

    Args:
        tune: the tune, simplified for the model.
        first: index of the first bar, from 0.
        last: index of the last bar.
        known: the characters that the model knows.

    Raises:
        InputError: the model cannot read the tune, or its bars cannot be separated.
    """
    canonical = read_canonical(model_form(tune, known))
    header, body = _normal(canonical)
    text = header + body
    read = parse_tunebook(text)[0].tune
    written = bars(read)
    if len(written) != len(bars(tune)):
        raise InputError("this tune has bars that cannot be told apart: fix it (abclm validate)")
    places = bar_texts(read, written)
    chosen = range(first, last + 1)
    starts = [*(places[at].start for at in chosen[1:]), len(text)]
    events_before = [event for bar in written[:first] for event in bar.events]
    struck = events_before[-1] if events_before else None
    memory, stops = bar_stops(text)
    at_stop = {stop: place for place, stop in stops.items()}
    gone = [_place_at(at_stop, places[at].stop) for at in chosen]
    free = {place for place in gone if place is not None}
    standing = {
        place[:2]: bar.text
        for place, bar in memory.done.items()
        if place[1] >= 0 and not place[2] and place[:2] not in free
    }
    plan = read_plan(memory.done)
    return Excerpt(
        before=text[len(header) : places[first].start],
        texts=tuple(text[places[at].start : places[at].stop] for at in chosen),
        after=tuple(
            text[places[at].stop : start] for at, start in zip(chosen, starts, strict=True)
        ),
        bars=tuple(written[first : last + 1]),
        tied=struck is not None and struck.tie and bool(struck.pitches),
        places=tuple(gone),
        standing=standing,
        requirements=None if plan is None else _requirements(plan, free),
    )


def _normal(tune: CanonicalTune) -> tuple[str, str]:
    """The header and the body of a tune in normal form."""
    form = normal_form(tune.key)
    # Without ``X:`` the first fields would belong to a file header, not to the tune.
    fields = {"X": "1", **tune.fields, "K": str(form.normal)}
    header = "".join(f"{letter}:{value}\n" for letter, value in fields.items())
    return header, form.into().move(tune.body)


def _place_at(at_stop: Mapping[int, BarPlace], stop: int) -> tuple[int, int] | None:
    """Section and number of the bar whose music ends at ``stop``, or at a blank after it."""
    place = at_stop.get(stop, at_stop.get(stop + 1))
    return place[:2] if place is not None and place[1] >= 0 and not place[2] else None


def _requirements(plan: Plan, free: AbstractSet[tuple[int, int]]) -> tuple[PlanRequirements, ...]:
    """The plan with the bars in ``free`` left open; then also with rhyming closes."""
    rows: list[_Row] = [
        tuple(None if (section, number) in free else name for number, name in enumerate(row))
        for section, row in enumerate(plan.names)
    ]
    standing = [0 if row[-1] is None else end for row, end in zip(rows, plan.ends, strict=True)]
    rhymed = [_rhymed(rows, plan.ends, section) for section in range(len(rows))]
    free_plan = PlanRequirements(tuple(rows), tuple(standing), more=False, open=False)
    rhyming = free_plan._replace(
        names=tuple(row for row, _ in rhymed), ends=tuple(end for _, end in rhymed)
    )
    return (free_plan,) if rhyming == free_plan else (free_plan, rhyming)


def _rhymed(rows: Sequence[_Row], ends: Sequence[int], section: int) -> tuple[_Row, int]:
    """Copy the free closing bars of a section from the last other section that has them.

    Returns:
        The bar names, and the degree on which the section then ends; 0 if it is open.
    """
    row, end = list(rows[section]), ends[section] if rows[section][-1] is not None else 0
    for back in range(1, min(_CLOSE, len(row)) + 1):
        models = [
            (other[-back], ends[at])
            for at, other in enumerate(rows)
            if at != section and len(other) >= back and other[-back] is not None
        ]
        if row[-back] is None and models:
            row[-back], model_end = models[-1]
            end = model_end if back == 1 else end
    return tuple(row), end
