"""What the network is given of a tune's form: related bars, the plan, and the line of its notes.

- ``place``: what the bar before, those two and four before and the same bar of the first section
  (in a second ending, of the first) have at this place, and how far this bar agrees with each.
- ``plan``: the same of the bar that the plan names, what the plan wants of this bar, how many bars
  are left in the section, and the note that is aimed at: the planned first note of this bar, then
  of the next one, in the last bar the degree that the section ends on. While the plan itself is
  written, where in it that is.
- ``line``: the last two notes as steps of the staff, the mode and the tonic that the tune is played
  in, and the note that would follow if the bar before, the one two before or the planned one were
  moved to where this one is.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from abclm.errors import InputError
from abclm.model.followers import RUNS, STATES, Follower
from abclm.notation.bar_clock import BarClock
from abclm.notation.bar_memory import PICKUP, BarMemory, RememberedBar
from abclm.notation.key import parse_key
from abclm.notation.plan import BarKind, Plan, parse_plan, read_downbeats
from abclm.notation.tables import NATURAL_SEMITONES

__all__ = ["FORM_COLUMNS", "NOTHING", "FormReader", "FormReading"]

_LOWEST_STEP, _HIGHEST_STEP = -7, 22
_STEPS: Final = 2 + _HIGHEST_STEP - _LOWEST_STEP
"""Ids of a step, 0 where there is none."""
_AIMS: Final = 2 * _STEPS + 8
_KINDS: Final = 4 * len(BarKind)
_MODES: Final = {"": 1, "m": 2, "dor": 3, "mix": 4}
_OTHER_MODE: Final = 5
_BEATS: Final = 18
_TICKS_OF_EIGHTH: Final = 16 * 40320 // 8
_NAME = re.compile(r"[A-Za-z](?:'+|\^+)?")
_NOTE = re.compile(r"[A-Ga-g][,']*")
_RELATED: Final = ("one", "two", "four", "first")
_CHARACTER: Final = -1
"""Stands for the size of a column of characters."""

FORM_COLUMNS: Final[Mapping[str, Mapping[str, int]]] = {
    "place": {
        column: size
        for name in _RELATED
        for column, size in ((name, _CHARACTER), (f"{name}_state", STATES))
    },
    "plan": {
        "planned": _CHARACTER,
        "planned_state": STATES,
        "kind": _KINDS,
        "aim": _AIMS,
        "planned_step": _STEPS,
        "planned_run": RUNS,
    },
    "line": {
        "step": _STEPS,
        "step_before": _STEPS,
        "mode": 1 + _OTHER_MODE,
        "tonic": 13,
        "beats_left": _BEATS,
        "one_step": _STEPS,
        "one_run": RUNS,
        "two_step": _STEPS,
        "two_run": RUNS,
    },
}
"""The columns of each cue with their sizes; -1 stands for the size of the vocabulary."""
NOTHING: Final = {column: 0 for columns in FORM_COLUMNS.values() for column in columns}


class FormReading(NamedTuple):
    """How far the form of a tune has been read. Immutable: a kept one stays valid.

    Attributes:
        memory: the bars.
        related: followers of the bar before, two and four before, of the first section, and of the
            plan's.
        written: the plan's line of the header.
        plan: what is planned.
        mode, tonic: ids of those.
        steps: ids of the last two notes.
    """

    memory: BarMemory = BarMemory()
    related: tuple[Follower, ...] = (Follower(),) * (len(_RELATED) + 1)
    written: str = ""
    plan: Plan = Plan()
    mode: int = 0
    tonic: int = 0
    before: int | None = None


class FormReader:
    """Reads along with tunes.

    Args:
        characters: the id of each character.
    """

    def __init__(self, characters: Mapping[str, int]) -> None:
        self._ids = characters

    def after(
        self, reading: FormReading, character: str, before: BarClock, clock: BarClock
    ) -> FormReading:
        """One character further on."""
        if before.inside == "header":
            return _after_field(reading, before.text, clock) if character == "\n" else reading
        known = reading.memory
        memory = known.after(character, before, clock)
        if memory.begins:
            return reading if memory is known else _begun(reading, memory, known)
        moment = before.used
        related = tuple([one.after(character, known, memory, moment) for one in reading.related])
        last = reading.before
        if len(memory.notes) > len(known.notes):
            last = known.step
        return reading._replace(memory=memory, related=related, before=last)

    def ids(self, reading: FormReading, clock: BarClock) -> dict[str, int]:
        """The id of each column."""
        if clock.inside == "header":
            return self._header_ids(reading, clock.text)
        moment = clock.used
        memory, plan = reading.memory, reading.plan
        found: dict[str, int] = {}
        for name, one in zip((*_RELATED, "planned"), reading.related, strict=True):
            found[name] = self._ids.get(one.character(moment), 0)
            found[f"{name}_state"] = one.state
        for name, one in (
            ("one", reading.related[0]),
            ("two", reading.related[1]),
            ("planned", reading.related[4]),
        ):
            step, run = one.moved(memory, moment)
            if name == "planned" and not memory.notes:
                step = _moved_downbeat(plan, memory, one.bar)
            found[f"{name}_step"], found[f"{name}_run"] = _step(step), run
        found["kind"], found["aim"] = _planned(plan, memory)
        found["step"], found["step_before"] = _step(memory.step), _step(reading.before)
        found["mode"], found["tonic"] = reading.mode, reading.tonic
        left = clock.bar - moment
        found["beats_left"] = 0 if left < 0 else min(1 + left // _TICKS_OF_EIGHTH, _BEATS - 1)
        return found

    def _header_ids(self, reading: FormReading, text: str) -> dict[str, int]:
        found = {**NOTHING, "mode": reading.mode, "tonic": reading.tonic}
        if text.startswith("P:"):
            names = _NAME.findall(text.rpartition("/")[2].removeprefix("P:"))
            first = _NAME.findall(text[2:].partition("/")[0]) if "/" in text else []
            found["kind"] = min(len(names), _KINDS - 1)
            for name, row, at in (
                ("four", names, len(names) - 4),
                ("two", names, len(names) - 2),
                ("first", first, len(names)),
            ):
                if 0 <= at < len(row):
                    found[name] = self._ids.get(row[at][0], 0)
            found["aim"] = min(len(first), _AIMS - 1)
        elif text.startswith("D:"):
            self._add_downbeat(found, reading, text[2:])
        return found

    def _add_downbeat(self, found: dict[str, int], reading: FormReading, text: str) -> None:
        """What is known of the bar whose downbeat comes next."""
        notes = _NOTE.findall(text)
        waiting = _sketched(reading.written)
        if notes:
            found["step"] = _step(_step_of(notes[-1]))
        if len(notes) > 1:
            found["step_before"] = _step(_step_of(notes[-2]))
        at = len(notes)
        if at >= len(waiting):
            return
        section, bar, kind, length, origin = waiting[at]
        found["kind"] = 4 * kind + min(3, length - 1 - bar)
        found["one_step"] = _plan(reading.written, "").end(section) if bar + 1 == length else 0
        found["aim"] = 1 + min(bar, _STEPS - 2) + (_STEPS if section else 0)
        places = {one[:2]: note for one, note in zip(waiting, notes, strict=False)}
        base = places.get(origin) if origin is not None else None
        if base is not None:
            found["planned"] = self._ids.get(base[0], 0)
            found["planned_step"] = _step(_step_of(base))
        for name, place in (
            ("four", (section, bar - 4)),
            ("two", (section, bar - 2)),
            ("one", (section, bar - 1)),
            ("first", (0, bar)),
        ):
            note = places.get(place)
            if note is not None and (name != "first" or section):
                found[name] = self._ids.get(note[0], 0)


def _after_field(reading: FormReading, text: str, clock: BarClock) -> FormReading:
    """A line of the header is whole."""
    name, value = text[:2], text[2:]
    if name == "K:":
        key = parse_key(value)
        if key is not None:
            mode = _MODES.get(key.mode, _OTHER_MODE)
            reading = reading._replace(mode=mode, tonic=_tonic(key.tonic))
    elif name == "P:":
        reading = reading._replace(written=value)
    if clock.inside == "header":
        return reading
    plan = _plan(reading.written, value if name == "D:" else "")
    return _begun(reading._replace(plan=plan), reading.memory, None)


def _begun(reading: FormReading, memory: BarMemory, known: BarMemory | None) -> FormReading:
    """A bar begins, or what comes before its first sound goes on."""
    done, (section, bar, ending) = memory.done, memory.place
    related = (
        done.get(memory.last) if memory.last is not None else None,
        done.get((section, bar - 2, 0)) if bar >= 2 else None,
        done.get((section, bar - 4, 0)) if bar >= 4 else None,
        done.get((section, bar, 0) if ending else (0, bar, 0)) if section or ending else None,
        _origin(reading.plan, memory),
    )
    same = [one.same for one in reading.related]
    if known is not None and len(done) > len(known.done) and memory.last is not None:
        text = done[memory.last].text
        same = [2 if one.bar is None else int(one.bar.text == text) for one in reading.related]
    followers = tuple(map(Follower.of, related, same))
    return reading._replace(memory=memory, related=followers)


def _origin(plan: Plan, memory: BarMemory) -> RememberedBar | None:
    section, bar, ending = memory.place
    planned = plan.at(section, bar) if not ending else None
    if planned is None or planned.origin is None:
        return None
    return memory.done.get((*planned.origin, 0))


def _moved_downbeat(plan: Plan, memory: BarMemory, base: RememberedBar | None) -> int | None:
    """The first note of a bar whose shape is planned as that of ``base`` on another note."""
    section, bar, ending = memory.place
    here = plan.at(section, bar) if not ending else None
    if here is None or here.kind is not BarKind.SEQUENCE or base is None:
        return None
    return here.downbeat


def _planned(plan: Plan, memory: BarMemory) -> tuple[int, int]:
    """The ids of what is wanted of this bar, and of the note that is aimed at."""
    section, bar, ending = memory.place
    if section >= len(plan.bars):
        return 0, 0
    here, following = plan.at(section, bar), plan.at(section, bar + 1)
    left = min(3, max(0, len(plan.bars[section]) - 1 - bar))
    kind = BarKind.ANY if here is None or ending else here.kind
    if here is not None and not memory.notes and not ending:
        aim = _STEPS + _step(here.downbeat)
    elif following is not None:
        aim = _step(following.downbeat)
    else:
        aim = 2 * _STEPS + plan.end(section) if bar > PICKUP else 0
    return 4 * kind + left, aim


def _step(step: int | None) -> int:
    if step is None:
        return 0
    return 1 + min(max(step, _LOWEST_STEP), _HIGHEST_STEP) - _LOWEST_STEP


@lru_cache(maxsize=1024)
def _step_of(note: str) -> int | None:
    return next(iter(read_downbeats(note)), None)


def _tonic(tonic: str) -> int:
    """1 to 12, from C upwards; 0 for none."""
    letter = tonic[:1].upper()
    if letter not in NATURAL_SEMITONES:
        return 0
    sign = {"#": 1, "b": -1}.get(tonic[1:], 0)
    return 1 + (NATURAL_SEMITONES[letter] + sign) % 12


@lru_cache(maxsize=256)
def _plan(text: str, downbeats: str) -> Plan:
    """The plan of the header; none where there is none that can be read."""
    try:
        return parse_plan(text, downbeats) if text else Plan()
    except InputError:
        return Plan()


@lru_cache(maxsize=256)
def _sketched(text: str) -> tuple[tuple[int, int, int, int, tuple[int, int] | None], ...]:
    """Of each bar that wants a downbeat: section, number, kind, bars of the section, origin."""
    return tuple(
        (section, number, int(bar.kind), len(bars), bar.origin)
        for section, bars in enumerate(_plan(text, "").bars)
        for number, bar in enumerate(bars)
        if bar.kind is not BarKind.COPY
    )
