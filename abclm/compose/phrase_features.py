"""The features of a phrase, as words to be counted: melody, rhythm, harmony and relations.

A phrase is up to four bars of a section. Every feature is a short string, for which a judge has a
weight (see `abclm.compose.judge`). Pitches count from the tonic, so that keys do not matter.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from statistics import fmean
from typing import Final

from abclm.compose.phrase_notes import (
    Heading,
    Note,
    dance_words,
    degree,
    note_words,
    notes_of,
    rhythm_of,
)
from abclm.notation.cursor.bar_memory import BarPlace, RememberedBar
from abclm.notation.cursor.plan import MOVED, PHRASE, VARIED, BarKind, Plan
from abclm.notation.cursor.plan_reader import MOVED_FROM, VARIED_FROM, likeness, moved_likeness

__all__ = ["misses_end", "phrase_features", "phrases", "plan_features"]

_COPIES: Final = 4
"""How often a word of form counts: with 4, more requested dances are recognised as such."""
_CONTEXT: Final = 3
"""The number of notes before a phrase that are considered with it."""
_MOTIF: Final = 4
"""The number of notes in a motif."""
_LAST_NOTES: Final = 5
"""The number of notes in a cadence, which is searched for the dominant."""
_WIDEST: Final = 9
"""In steps: a tenth. Wider intervals are rare and count as one."""
_LEAP: Final = 4
"""The smallest leap, in steps: a fifth."""
_TRIADS: Final = tuple(frozenset((root + third) % 7 for third in (0, 2, 4)) for root in range(7))
_CHORD_ORDER: Final = (0, 4, 3, 1, 5, 6, 2)
"""The order in which equally good triads are chosen: I, V, IV, II, VI, VII, III."""

Bars = Mapping[BarPlace, RememberedBar]


def phrases(done: Bars) -> list[tuple[BarPlace, ...]]:
    """The positions of the bars of each phrase of a tune, including pickups and second endings."""
    found: dict[tuple[int, int], list[BarPlace]] = {}
    for place in done:
        section, bar, _ = place
        found.setdefault((section, max(bar, 0) // PHRASE), []).append(place)
    return [tuple(found[key]) for key in sorted(found)]


def phrase_features(
    done: Bars, places: Sequence[BarPlace], plan: Plan, heading: Heading
) -> set[str]:
    """The features of the bars at ``places``, also in relation to the other bars.

    Args:
        done: all bars up to the last of these, and perhaps more.
        places: positions, in the order in which the bars were written.
        plan: the tune's plan.
        heading: the tune's heading.
    """
    bars = [done[place] for place in places]
    known = _before(done, places[0])
    notes, before = notes_of(bars, heading.mode), notes_of(known)
    first = notes_of([bar for place, bar in done.items() if place[0] == 0 and place < places[0]])
    context = notes_of(known[-1:], heading.mode)[-_CONTEXT:]
    return {
        *note_words(context, notes, bars, heading),
        *_relations(done, places, known),
        *_weighty(_contours(done, places)),
        *_weighty(_motifs(before, notes)),
        *_weighty(_news(before, notes)),
        *_weighty(_height(first, notes, places[-1])),
        *_harmony(bars, places, heading),
        *_close(notes, len(bars), places),
        *_weighty(_cadence(notes, places, heading)),
        *_weighty(dance_words(notes, bars, heading)),
        *_weighty(_obedience(done, places, plan)),
        *(_weighty(_outline(plan)) if places[-1][0] == 0 and places[-1][1] < PHRASE else ()),
    }


def plan_features(plan: Plan) -> set[str]:
    """The features of a plan by itself."""
    return set(_weighty(_outline(plan)))


def misses_end(done: Bars, places: Sequence[BarPlace], plan: Plan) -> bool:
    """Whether the bars at ``places`` end a section on another degree than planned."""
    section, number, _ = places[-1]
    if section >= len(plan.lengths) or number != plan.lengths[section] - 1:
        return False
    steps = list(done[places[-1]].steps.values())
    return plan.end(section) not in {0, degree(steps[-1]) if steps else 0}


def _weighty(words: Iterator[str]) -> Iterator[str]:
    """Repeat words, which gives them more weight: words of form are few against those of notes."""
    for word in words:
        for copy in range(_COPIES):
            yield f"{word} #{copy}"


def _outline(plan: Plan) -> Iterator[str]:
    """Words for the plan as a whole, which is judged with the first phrase."""
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


def _obedience(done: Bars, places: Sequence[BarPlace], plan: Plan) -> Iterator[str]:
    """Words for how well the bars follow the plan, as those of real tunes always do."""
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


def _relations(
    done: Bars, places: Sequence[BarPlace], before: Sequence[RememberedBar]
) -> Iterator[str]:
    """Words for the likeness of each bar to related ones: in notes, shape and rhythm."""
    known = list(before)
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
            rhythm = "=" if rhythm_of(bar) == rhythm_of(other) else "~"
            yield f"l{name} {same}{rhythm}"
            yield f"l{name} {row} {same}"
            yield f"m{name} {moved}{rhythm}"
            words.append(f"{name}{same}{rhythm}")
        yield "L " + " ".join(words)
        nearest = max((likeness(bar, other) for other in known), default=-1.0)
        if nearest >= 0:
            yield f"n {_level(nearest)}"
            yield f"nr {any(rhythm_of(bar) == rhythm_of(other) for other in known)}"
        known.append(bar)


def _contours(done: Bars, places: Sequence[BarPlace]) -> Iterator[str]:
    """Words for the likeness of each bar's shape to the bars before it, on any degree."""
    for place in places:
        section, number, ending = place
        for back in (1, 2):
            other = done.get((section, number - back, 0))
            if other is not None and not ending:
                same, moved = likeness(done[place], other), moved_likeness(done[place], other)
                yield f"k{back} {min(number, 8)} {int(max(same, moved) * 8)}"


def _motifs(before: Sequence[Note], notes: Sequence[Note]) -> Iterator[str]:
    """Words for the share of motifs heard before, at the same or another pitch."""
    seen: dict[tuple[int, ...], set[int]] = {}
    same = moved = count = 0
    sung = [note for note in (*before, *notes) if note.step is not None]
    first = len(sung) - sum(note.step is not None for note in notes)
    for start in range(len(sung) - _MOTIF + 1):
        motif = sung[start : start + _MOTIF]
        steps = [note.step or 0 for note in motif]
        moves = [after - one for one, after in pairwise(steps)]
        places = seen.setdefault((*moves, *(note.duration for note in motif)), set())
        if start + _MOTIF > first:
            count += 1
            same += steps[0] in places
            moved += bool(places) and steps[0] not in places
        places.add(steps[0])
    if count:
        yield f"ms {8 * same // count} {min(first, 1)}"
        yield f"mm {8 * moved // count} {min(first, 1)}"
        yield f"ma {8 * (same + moved) // count} {min(first, 1)}"


def _level(share: float) -> int:
    """A share as a level from 0 to 5; 5 is everything."""
    return 5 if share > 0.999 else int(share * 5)


def _news(before: Sequence[Note], notes: Sequence[Note]) -> Iterator[str]:
    """Words for new pitches and moves, and for leaps over bar lines."""
    known, steps = _steps(before), _steps(notes)
    if not steps:
        return
    fresh = len(set(steps).difference(known))
    yield f"np {min(fresh, 6)} {bool(known)}"
    moves = [(degree(one), other - one) for one, other in pairwise(steps)]
    heard = {(degree(one), other - one) for one, other in pairwise(known)}
    if moves and heard:
        yield f"nm {8 * sum(move in heard for move in moves) // len(moves)}"
    sung = [note for note in notes if note.step is not None]
    over = [
        abs(after - before)
        for (before, after), note in zip(pairwise(steps), sung[1:], strict=True)
        if note.opens_bar
    ]
    yield f"nl {sum(size >= _LEAP for size in over)}"
    yield f"nb {sum(over) // max(1, len(over))}"


def _height(first: Sequence[Note], notes: Sequence[Note], last: BarPlace) -> Iterator[str]:
    """Words for the height of the phrase above the first section, and of its last note."""
    section, number, _ = last
    low, steps = _steps(first), _steps(notes)
    if not steps:
        return
    phrase = f"{min(section, 2)} {number // PHRASE % 4}"
    if low:
        yield f"ha {_apart(fmean(steps) - fmean(low))} {phrase}"
        yield f"ht {_apart(max(steps) - max(low))} {phrase}"
    yield f"he {_apart(steps[-1] - fmean([*low, *steps]))} {phrase}"


def _cadence(notes: Sequence[Note], places: Sequence[BarPlace], heading: Heading) -> Iterator[str]:
    """Words for the last notes of a phrase: their degrees, approach and timing."""
    sung = [note for note in notes if note.step is not None]
    steps = _steps(notes)
    if not steps:
        return
    where = f"{places[-1][1] % 8}"
    last = sung[-1]
    degrees = [str(degree(step)) for step in steps]
    for count in (2, 3, 4):
        yield f"c{count} {' '.join(degrees[-count:])} {where}"
    yield f"cm {heading.mode} {' '.join(degrees[-2:])} {where}"
    yield f"co {last.onset} {last.duration} {heading.meter} {where}"
    yield f"cs {_apart(steps[-1] - steps[-2]) if len(steps) > 1 else 0} {degrees[-1]} {where}"
    bar = [degree(note.step) - 1 for note in sung[-_LAST_NOTES:] if note.step is not None]
    yield f"cv {sum(one in _TRIADS[4] for one in bar[:-1])} {degrees[-1]} {where}"


def _steps(notes: Sequence[Note]) -> list[int]:
    return [note.step for note in notes if note.step is not None]


def _apart(steps: float) -> int:
    return max(-_WIDEST, min(_WIDEST, round(steps)))


def _harmony(
    bars: Sequence[RememberedBar], places: Sequence[BarPlace], heading: Heading
) -> Iterator[str]:
    chords = [_chord(bar) for bar in bars]
    for (chord, fit), (_, number, _) in zip(chords, places, strict=True):
        yield f"h {chord} {number % 8}"
        yield f"hm {heading.mode} {chord} {number % 8}"
        yield f"hf {fit}"
    for first, second in pairwise(chord for chord, _ in chords):
        yield f"hh {first} {second}"
        yield f"hhm {heading.mode} {first} {second}"
    yield "H " + " ".join(str(chord) for chord, _ in chords)


def _chord(bar: RememberedBar) -> tuple[int, int]:
    """The degree of the triad that fits a bar best, and its fit as a level from 0 to 5."""
    weights: Counter[int] = Counter()
    for note in notes_of([bar]):
        if note.step is not None:
            weights[degree(note.step) - 1] += note.duration
    total = weights.total()
    if not total:
        return 0, 0
    root = max(_CHORD_ORDER, key=lambda one: sum(weights[each] for each in _TRIADS[one]))
    return root + 1, _level(sum(weights[each] for each in _TRIADS[root]) / total)


def _close(notes: Sequence[Note], bars: int, places: Sequence[BarPlace]) -> Iterator[str]:
    """Words for the first and last notes of the phrase, its range, and moves over bar lines."""
    section, number, _ = places[-1]
    sung = [note for note in notes if note.step is not None]
    steps = _steps(notes)
    if not steps:
        yield "silent"
        return
    last = degree(steps[-1])
    where = f"{min(section, 2)} {number % 8}"
    yield f"c {last} {sung[-1].duration} {where}"
    yield f"cl {last} {where}"
    yield f"o {degree(steps[0])} {min(section, 2)} {places[0][1] % 8}"
    yield f"w {max(steps) - min(steps)}"
    yield f"hi {max(steps)} {min(section, 2)}"
    yield f"lo {min(steps)}"
    yield f"k {len(sung) // max(1, bars)}"
    for (before, after), note in zip(pairwise(steps), sung[1:], strict=True):
        if note.opens_bar:
            yield f"b {_apart(after - before)}"


def _before(done: Bars, place: BarPlace) -> list[RememberedBar]:
    """The bars written before the one at ``place``."""
    return [bar for _, bar in takewhile(lambda one: one[0] != place, done.items())]
