"""What a phrase is like, in words that can be counted: its turns, rhythms, harmony and relations.

A phrase is up to four bars of a section. Every feature is a short text; a judge has a weight for
each (see `abclm.compose.judge`). Pitches count from the tonic, so that keys do not matter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from abclm.notation.bar_memory import Place, RememberedBar
from abclm.notation.plan import MOVED, VARIED, BarKind, Plan
from abclm.notation.plan_reader import MOVED_FROM, VARIED_FROM, likeness, moved_likeness
from abclm.notation.tables import STEPS

__all__ = ["PHRASE", "misses_end", "phrase_features", "phrases", "plan_features"]

PHRASE: Final = 4
"""Bars in a phrase."""
_GRAIN: Final = 16 * 40320 // 96
"""Ticks in a 96th of a whole note."""
_TONIC_STEP: Final = 4
_NOTE: Final = re.compile(r"([\^_=]*)([A-Ga-g])([,']*)")
_GRACE: Final = re.compile(r"\{[^}]*\}")
_WIDEST: Final = 9
_COPIES: Final = 4
_LONGEST_TURN, _LONGEST_DEGREES = 4, 3
_TRIADS: Final = tuple(frozenset((root + third) % 7 for third in (0, 2, 4)) for root in range(7))
_CHORD_ORDER: Final = (0, 4, 3, 1, 5, 6, 2)
"""Of equally good triads I comes before V, IV, II, VI, VII and III."""

Bars = Mapping[Place, RememberedBar]


class _Event(NamedTuple):
    """A note or a rest: its step (None for a rest), when it starts in its bar, how long it is."""

    step: int | None
    onset: int
    duration: int
    opens_bar: bool


def phrases(done: Bars) -> list[tuple[Place, ...]]:
    """The places of the bars of each phrase of a tune, pickups and second endings with them."""
    found: dict[tuple[int, int], list[Place]] = {}
    for place in done:
        section, bar, _ = place
        found.setdefault((section, max(bar, 0) // PHRASE), []).append(place)
    return [tuple(found[key]) for key in sorted(found)]


def phrase_features(done: Bars, places: Sequence[Place], plan: Plan) -> set[str]:
    """The features of the bars at ``places``, which stand beside and behind others.

    Args:
        done: all bars up to the last of these, and more.
        places: in the order in which the bars were written.
        plan: of the tune.
    """
    bars = [done[place] for place in places]
    earlier = _before(done, places[0])
    context = _events([done[earlier]])[-3:] if earlier is not None else []
    return {
        *_turns(context, _events(bars)),
        *_degrees(_events(bars)),
        *_accidentals(bars),
        *_rhythms(bars),
        *_relations(done, places),
        *_harmony(bars, places),
        *_close(bars, places),
        *_weighty(_obedience(done, places, plan)),
        *(_weighty(_outline(plan)) if places[-1][0] == 0 and places[-1][1] < PHRASE else ()),
    }


def _events(bars: Sequence[RememberedBar]) -> list[_Event]:
    found: list[_Event] = []
    for bar in bars:
        moments = [*bar.starts, bar.length]
        for number, (start, end) in enumerate(pairwise(moments)):
            step = bar.steps.get(start)
            found.append(_Event(step, start // _GRAIN, (end - start) // _GRAIN, number == 0))
    return found


def _turns(context: Sequence[_Event], events: Sequence[_Event]) -> Iterator[str]:
    """Runs of intervals and lengths, bar lines among them."""
    words: list[str] = []
    before: int | None = None
    for event in (*context, *events):
        if event.opens_bar:
            words.append("|")
        if event.step is None:
            words.append(f"z{event.duration}")
            continue
        move = 0 if before is None else max(-_WIDEST, min(_WIDEST, event.step - before))
        words.append(f"{move}_{event.duration}")
        before = event.step
    words.append("|")
    skipped = len(context) + sum(event.opens_bar for event in context)
    for last in range(skipped, len(words)):
        for length in range(1, _LONGEST_TURN + 1):
            if last - length + 1 >= 0:
                yield "t " + " ".join(words[last - length + 1 : last + 1])


def plan_features(plan: Plan) -> set[str]:
    """The features of a plan by itself."""
    return set(_weighty(_outline(plan)))


def misses_end(done: Bars, places: Sequence[Place], plan: Plan) -> bool:
    """Whether the bars at ``places`` end a section on another degree than is planned."""
    section, number, _ = places[-1]
    if section >= len(plan.lengths) or number != plan.lengths[section] - 1:
        return False
    steps = list(done[places[-1]].steps.values())
    degree = (steps[-1] - _TONIC_STEP) % 7 + 1 if steps else 0
    return plan.end(section) not in {0, degree}


def _weighty(words: Iterator[str]) -> Iterator[str]:
    """Words that count several times: those of the form are few beside those of the notes."""
    for word in words:
        for copy in range(_COPIES):
            yield f"{word} #{copy}"


def _outline(plan: Plan) -> Iterator[str]:
    """What the plan is like as a whole; it is judged with the first phrase."""
    first, *later = plan.names or ((),)
    names = [name for row in plan.names for name in row]
    yield f"P lengths {plan.lengths}"
    yield f"P sections {len(plan.lengths)}"
    yield f"P distinct {10 * len(set(names)) // max(1, len(names))} {min(len(plan.lengths), 3)}"
    yield f"P ends {plan.ends}"
    yield f"P agree {len(set(plan.ends)) == 1} {len(plan.ends) > 1}"
    yield f"P final {plan.ends[-1:]}"
    for row in later:
        shared = [name in first for name in row[-4:]]
        yield f"P rhyme {shared} {row[-1:] == first[-1:]}"
        yield f"P opens {row[:1] == first[:1]} {row[0][:1] in {name[0] for name in first}}"
    for row in plan.names:
        if len(row) >= 2 * PHRASE:
            answers = [one == other for one, other in zip(row[:4], row[4:8], strict=True)]
            yield f"P answer {answers}"
            yield f"P answers {sum(answers)}"
        yield f"P adjacent {sum(one == other for one, other in pairwise(row))}"
        yield f"P varied {sum(VARIED in name for name in row)} {len(row)}"
        yield f"P moved {sum(MOVED in name for name in row)} {len(row)}"


def _obedience(done: Bars, places: Sequence[Place], plan: Plan) -> Iterator[str]:
    """How far the bars are what the plan wants of them; those of real tunes always are."""
    for place in places:
        section, number, ending = place
        here = None if ending else plan.at(section, number)
        base = done.get((*here.origin, 0)) if here is not None and here.origin else None
        if here is not None and base is not None:
            same, moved = likeness(done[place], base), moved_likeness(done[place], base)
            yield f"p{here.kind} {_level(same)}"
            yield f"p{here.kind}m {_level(moved)}"
            if here.kind is not BarKind.COPY:
                yield f"p{here.kind} {same >= VARIED_FROM} {moved >= MOVED_FROM} {same == 1}"
        elif here is not None and here.kind is BarKind.NEW:
            others = (bar for other, bar in done.items() if other[:2] < place[:2])
            yield f"pn {_level(max((likeness(done[place], bar) for bar in others), default=0.0))}"
    yield f"pe {misses_end(done, places, plan)}"


def _degrees(events: Sequence[_Event]) -> Iterator[str]:
    """Runs of scale degrees, each with its moment in the bar."""
    words = [
        f"{(event.step - _TONIC_STEP) % 7 + 1}@{event.onset}" if event.step is not None else "z"
        for event in events
    ]
    for last in range(len(words)):
        for length in range(1, _LONGEST_DEGREES + 1):
            if last - length + 1 >= 0:
                yield "d " + " ".join(words[last - length + 1 : last + 1])
    steps = [event.step for event in events if event.step is not None]
    moves = [
        f"{(before - _TONIC_STEP) % 7 + 1}{max(-_WIDEST, min(_WIDEST, after - before)):+d}"
        for before, after in pairwise(steps)
    ]
    for last in range(len(moves)):
        for length in range(1, _LONGEST_DEGREES + 1):
            if last - length + 1 >= 0:
                yield "v " + " ".join(moves[last - length + 1 : last + 1])


def _accidentals(bars: Sequence[RememberedBar]) -> Iterator[str]:
    """Where notes are altered against the key, what leads there, and where they lead."""
    altered = 0
    for number, bar in enumerate(bars):
        notes = _NOTE.findall(_GRACE.sub("", bar.text))
        steps = [STEPS[letter] for _, letter, _ in notes]
        for at, (sign, letter, _) in enumerate(notes):
            if not sign:
                continue
            altered += 1
            degree = (STEPS[letter] - _TONIC_STEP) % 7 + 1
            after = (steps[at + 1] - steps[at] + 3) % 7 - 3 if at + 1 < len(steps) else "|"
            before = (steps[at] - steps[at - 1] + 3) % 7 - 3 if at else "|"
            yield f"x {sign}{degree}"
            yield f"x {sign}{degree} to {after}"
            yield f"x {before} to {sign}{degree} to {after}"
            yield f"x {sign}{degree} in {min(number, PHRASE)}"
    yield f"xn {min(altered, 4)}"
    yield f"xb {sum(any(sign in bar.text for sign in '^_=') for bar in bars)}"


def _rhythm(bar: RememberedBar) -> str:
    return ",".join(str(start // _GRAIN) for start in bar.starts) + f":{bar.length // _GRAIN}"


def _rhythms(bars: Sequence[RememberedBar]) -> Iterator[str]:
    rhythms = [_rhythm(bar) for bar in bars]
    for number, rhythm in enumerate(rhythms):
        yield f"r {rhythm}"
        yield f"r{min(number, 4)} {rhythm}"
    for pair in pairwise(rhythms):
        yield "rr " + " ".join(pair)
    counts = Counter(rhythms)
    yield f"rn {len(counts)} of {len(rhythms)}"
    yield f"ro {sum(count == 1 for count in counts.values())} of {len(rhythms)}"


def _relations(done: Bars, places: Sequence[Place]) -> Iterator[str]:
    """How far each bar is like related ones: in its notes, in its shape, in its rhythm."""
    known: list[RememberedBar] = []
    for place, bar in done.items():
        if place == places[0]:
            break
        known.append(bar)
    for place in places:
        section, number, ending = place
        bar = done[place]
        related = {
            "1": done.get((section, number - 1, 0)),
            "2": done.get((section, number - 2, 0)),
            "4": done.get((section, number - 4, 0)),
            "A": done.get((0, number, 0)) if section else None,
            "e": done.get((section, number, 0)) if ending else None,
        }
        row = min(number, 15)
        words = []
        for name, other in related.items():
            if other is None:
                continue
            same = _level(likeness(bar, other))
            moved = _level(moved_likeness(bar, other))
            rhythm = "=" if _rhythm(bar) == _rhythm(other) else "~"
            yield f"l{name} {same}{rhythm}"
            yield f"l{name} {row} {same}"
            yield f"m{name} {moved}{rhythm}"
            words.append(f"{name}{same}{rhythm}")
        yield "L " + " ".join(words)
        nearest = max((likeness(bar, other) for other in known), default=-1.0)
        if nearest >= 0:
            yield f"n {_level(nearest)}"
            yield f"nr {any(_rhythm(bar) == _rhythm(other) for other in known)}"
        known.append(bar)


def _level(share: float) -> int:
    """A share in five steps; 5 is all."""
    return 5 if share > 0.999 else int(share * 5)


def _harmony(bars: Sequence[RememberedBar], places: Sequence[Place]) -> Iterator[str]:
    chords = [_chord(bar) for bar in bars]
    for (chord, fit), (_, number, _) in zip(chords, places, strict=True):
        yield f"h {chord} {number % 8}"
        yield f"hf {fit}"
    for first, second in pairwise(chord for chord, _ in chords):
        yield f"hh {first} {second}"
    yield "H " + " ".join(str(chord) for chord, _ in chords)


def _chord(bar: RememberedBar) -> tuple[int, int]:
    """The root of the triad that fits a bar best, and how well in five steps."""
    weights: Counter[int] = Counter()
    for event in _events([bar]):
        if event.step is not None:
            weights[(event.step - _TONIC_STEP) % 7] += event.duration
    total = weights.total()
    if not total:
        return 0, 0
    root = max(_CHORD_ORDER, key=lambda one: sum(weights[degree] for degree in _TRIADS[one]))
    return root + 1, _level(sum(weights[degree] for degree in _TRIADS[root]) / total)


def _close(bars: Sequence[RememberedBar], places: Sequence[Place]) -> Iterator[str]:
    """How the phrase opens and ends, how wide it is, how it goes over its bar lines."""
    section, number, _ = places[-1]
    events = [event for event in _events(bars) if event.step is not None]
    if not events:
        yield "silent"
        return
    steps = [event.step for event in events if event.step is not None]
    degree = (steps[-1] - _TONIC_STEP) % 7 + 1
    where = f"{min(section, 2)} {number % 8}"
    yield f"c {degree} {events[-1].duration} {where}"
    yield f"cl {degree} {where}"
    degrees = " ".join(str((step - _TONIC_STEP) % 7 + 1) for step in steps[-4:])
    yield f"c4 {degrees} {number % 8}"
    yield f"o {(steps[0] - _TONIC_STEP) % 7 + 1} {min(section, 2)} {places[0][1] % 8}"
    yield f"w {max(steps) - min(steps)}"
    yield f"hi {max(steps)} {min(section, 2)}"
    yield f"lo {min(steps)}"
    yield f"k {len(events) // max(1, len(bars))}"
    for before, after in pairwise(events):
        if after.opens_bar and before.step is not None and after.step is not None:
            yield f"b {max(-_WIDEST, min(_WIDEST, after.step - before.step))}"


def _before(done: Bars, place: Place) -> Place | None:
    before = None
    for one in done:
        if one == place:
            return before
        before = one
    return before
