"""What is wrong with an unfinished tune, whatever may follow it."""

from abclm.notation.check.rules.base import problem_at
from abclm.notation.check.rules.header import blocks, field_values
from abclm.notation.check.rules.lengths import bar_lengths
from abclm.notation.check.rules.notes import note_limits
from abclm.notation.check.rules.pickups import pickups
from abclm.notation.check.rules.repeats import endings, repeats
from abclm.notation.check.rules.ties import wrong_ties
from abclm.notation.parse.parser import Parsed
from abclm.notation.syntax.problem import Problem
from abclm.notation.tune.bars import Bar, bars

__all__ = ["problems_of_beginning"]


def problems_of_beginning(parsed: Parsed) -> list[Problem]:
    """Return the problems that no continuation can fix, sorted by position.

    A bar, chord, tuplet, slur, repeat or first ending that is still open may yet be closed by what
    follows, so it is not reported; one that has ended with a fault is.

    Args:
        parsed: a tune with one voice, cut off at any point.
    """
    tune = parsed.tune
    written = _as_begun(bars(tune))
    found = [*field_values(tune), *blocks(tune), *parsed.problems[: parsed.open_from]]
    ended = written if written and written[-1].after.tokens else written[:-1]
    found += [*bar_lengths(tune, ended), *pickups(tune, ended)]
    for bar in written[len(ended) :]:
        longest = bar.meter.longest_bar
        if longest is not None and bar.duration > longest:
            message = f"bar already lasts {bar.duration}, a full bar of {bar.meter} lasts {longest}"
            found.append(problem_at(bar.events[0].token, "bar-length", message))
    if written and written[0].before.closes and not written[0].before.opens:
        sign = written[0].before.tokens[0]
        found.append(
            problem_at(sign, "repeat", f"{sign.text} closes a repeat before the first note")
        )
    found += [*repeats(tune, written, unfinished=True), *endings(tune, written, unfinished=True)]
    found += [tie.problem for tie in wrong_ties(written)]
    return sorted([*found, *note_limits(tune, written)])


def _as_begun(written: list[Bar]) -> list[Bar]:
    """The bars, with the end of the text not counted as the end of the tune."""
    if not written:
        return []
    last = written[-1]
    return [*written[:-1], last._replace(after=last.after._replace(edge=False))]
