"""Some bars of a tune as the model reads it, and what stands around them."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from abclm.compose.planning import PlanWish
from abclm.errors import InputError
from abclm.model.text import CanonicalTune, read_canonical
from abclm.notation.bar_texts import bar_texts
from abclm.notation.bars import Bar, bars
from abclm.notation.music import Tune
from abclm.notation.normal_form import normal_form
from abclm.notation.parser import parse_tunebook
from abclm.notation.plan_reader import bar_stops, read_plan
from abclm.notation.writer import write_body, write_tune

__all__ = ["Excerpt", "cut_out", "model_form"]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some bars of a tune, in normal form.

    Attributes:
        before: the body up to the first of them.
        texts: the music of each.
        after: what stands behind each, up to the next; behind the last one all that is left.
        bars: the same as data.
        tied: whether the note before them is tied into the first of them.
        wish: what of the tune's plan stands without them; None where it cannot be named.
    """

    before: str
    texts: tuple[str, ...]
    after: tuple[str, ...]
    bars: tuple[Bar, ...]
    tied: bool
    wish: PlanWish | None

    def joined(self, texts: tuple[str, ...]) -> str:
        """The text with the music ``texts`` in their places, without what stands before."""
        return "".join(text + after for text, after in zip(texts, self.after, strict=True))


def model_form(tune: Tune, known: AbstractSet[str]) -> str:
    """The text of a simplified tune without ``X:``.

    Blanks, and characters of the header, that are not in ``known`` are left out.

    Raises:
        InputError: its notes have such characters.
    """
    text = write_tune(tune)
    text = text.partition("\n")[2] if text.startswith("X:") else text
    body = write_body(tune)
    unknown = sorted(set(body) - known - {" "})
    if unknown:
        raise InputError(f"the model knows no {' '.join(unknown)}, which the tune is written with")
    fields, music = text[: len(text) - len(body) - 1], f"{body}\n"
    return fields + "".join(character for character in music if character in known)


def cut_out(tune: Tune, first: int, last: int, known: AbstractSet[str]) -> Excerpt:
    """The bars with the indices ``first`` to ``last``.

    Args:
        tune: simplified as for the model.
        first: from 0.
        last: likewise, included.
        known: the characters that the model knows.

    Raises:
        InputError: the model cannot read the tune, or not bar by bar.
    """
    canonical = read_canonical(model_form(tune, known))
    header, body = _normal(canonical)
    text = header + body
    read = parse_tunebook(text)[0].tune
    written = bars(read)
    if len(written) != len(bars(tune)):
        raise InputError("this tune has bars that cannot be told apart: mend it (abclm validate)")
    places = bar_texts(read, written)
    chosen = range(first, last + 1)
    starts = [*(places[at].start for at in chosen[1:]), len(text)]
    sounds_before = [sound for bar in written[:first] for sound in bar.sounds]
    struck = sounds_before[-1] if sounds_before else None
    return Excerpt(
        before=text[len(header) : places[first].start],
        texts=tuple(text[places[at].start : places[at].stop] for at in chosen),
        after=tuple(
            text[places[at].stop : start] for at, start in zip(chosen, starts, strict=True)
        ),
        bars=tuple(written[first : last + 1]),
        tied=struck is not None and struck.tie and len(struck.pitches) == 1,
        wish=_wish(text, range(places[first].start, places[last].stop + 1)),
    )


def _normal(tune: CanonicalTune) -> tuple[str, str]:
    """The header and the body of a tune in its normal form."""
    form = normal_form(tune.key)
    # Without ``X:`` the first fields would be those of a file's header, and no part of the tune.
    fields = {"X": "1", **tune.fields, "K": str(form.normal)}
    header = "".join(f"{letter}:{value}\n" for letter, value in fields.items())
    return header, form.into().move(tune.body)


def _wish(text: str, gone: range) -> PlanWish | None:
    """The plan of a tune in normal form but for the bars that end in ``gone``."""
    memory, stops = bar_stops(text)
    plan = read_plan(memory.done)
    if plan is None:
        return None
    free = {place for place, stop in stops.items() if stop in gone}
    names = tuple(
        tuple(None if (section, number, 0) in free else name for number, name in enumerate(row))
        for section, row in enumerate(plan.names)
    )
    ends = tuple(
        0 if row and row[-1] is None else end for row, end in zip(names, plan.ends, strict=True)
    )
    return PlanWish(names, ends, more=False, open=False)
