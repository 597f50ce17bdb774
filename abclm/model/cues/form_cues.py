"""What the network is given of a tune's form: related bars, the plan, and the line of its notes.

- ``place``: what the bars two and four before and the same bar of the first section (in a second
  ending, of the first) have at this place, as long as this bar agrees with them from its start.
- ``plan``: the same of the bar that the plan names, also where the two differ in the midst if it is
  to be varied or moved; what the plan wants of this bar, how many bars are left in the section, and
  near its end the degree that it ends on. While the plan itself is written, where in it that is.
- ``line``: the last two notes as steps of the staff, the beats left in the bar, the mode, the
  tonic that the tune is played in, and its rhythm: the header alone fades on the way.

More was tried and left out: what the bar before has, and what related bars have at this moment
where they differ from this one. It made held-out tunes easier to predict and tunes worse (see
`checkpoints/README.md`): what a tune has of its own comes back to the network as if it were given.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from abclm.errors import InputError
from abclm.model.cues.followers import PARTED, RUNS, STATES, Follower
from abclm.notation.cursor.bar_clock import BarClock
from abclm.notation.cursor.bar_memory import PICKUP, BarMemory, RememberedBar
from abclm.notation.cursor.plan import BarKind, Plan, PlannedBar, parse_plan
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.tables import NATURAL_SEMITONES

__all__ = ["FORM_COLUMNS", "NOTHING", "FormReader", "FormReading"]

_LOWEST_STEP, _HIGHEST_STEP = -7, 22
_STEPS: Final = 2 + _HIGHEST_STEP - _LOWEST_STEP
"""Ids of a step, 0 where there is none."""
_DEGREES: Final = 8
_KINDS: Final = 4 * len(BarKind)
_MODES: Final = {"": 1, "m": 2, "dor": 3, "mix": 4}
_OTHER_MODE: Final = 5
_RHYTHM_NAMES: Final = (
    "air,barndance,clog,fling,gavotte,hornpipe,jig,march,mazurka,minuet,polka,reel,schottische,"
    "set dance,slide,slip jig,strathspey,walkaround,waltz"
)
_RHYTHMS: Final = {name: place for place, name in enumerate(_RHYTHM_NAMES.split(","), 1)}
"""Ids of the rhythms, 0 where there is none. The order is part of what a network has learnt."""
_OTHER_RHYTHM: Final = 1 + len(_RHYTHMS)
_BEATS: Final = 18
_TICKS_OF_EIGHTH: Final = 16 * 40320 // 8
_NAME = re.compile(r"[A-Za-z](?:'+|\^+)?")
_RELATED: Final = ("two", "four", "first")
_TRUSTED: Final = 3
"""A planned bar is a copy, a variation or moved."""
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
        "planned_state": _TRUSTED * STATES,
        "kind": _KINDS,
        "end": _DEGREES,
        "moved": _STEPS,
        "moved_run": RUNS,
    },
    "line": {
        "step": _STEPS,
        "step_before": _STEPS,
        "mode": 1 + _OTHER_MODE,
        "tonic": 13,
        "beats_left": _BEATS,
        "rhythm": 1 + _OTHER_RHYTHM,
    },
}
"""The columns of each cue with their sizes; -1 stands for the size of the vocabulary."""
NOTHING: Final = {column: 0 for columns in FORM_COLUMNS.values() for column in columns}


class FormReading(NamedTuple):
    """How far the form of a tune has been read. Immutable: a kept one stays valid.

    Attributes:
        memory: the bars.
        related: followers of the bars two and four before, of the first section's, and of the
            plan's.
        written: the plan's line of the header.
        plan: what is planned.
        mode, tonic, rhythm: ids of those.
        before: the step of the last note but one.
    """

    memory: BarMemory = BarMemory()
    related: tuple[Follower, ...] = (Follower(),) * (len(_RELATED) + 1)
    written: str = ""
    plan: Plan = Plan()
    mode: int = 0
    tonic: int = 0
    rhythm: int = 0
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
        *related, planned = reading.related
        for name, one in zip(_RELATED, related, strict=True):
            found[name] = self._ids.get(one.character(moment) if one.whole else "", 0)
            found[f"{name}_state"] = one.state if one.whole or not one.bar else PARTED
        here = _here(plan, memory)
        kind = BarKind.ANY if here is None else here.kind
        trust = max(0, kind - BarKind.COPY)
        found["planned"] = self._ids.get(planned.character(moment), 0)
        found["planned_state"] = planned.state + STATES * trust
        step, run = planned.moved(memory, moment) if kind is BarKind.SEQUENCE else (None, 0)
        found["moved"], found["moved_run"] = _step(step), run
        section, bar, _ = memory.place
        left = plan.lengths[section] - 1 - bar if section < len(plan.bars) else 0
        found["kind"] = 4 * kind + min(3, max(0, left))
        found["end"] = plan.end(section) if bar > PICKUP and left <= 1 else 0
        found["step"], found["step_before"] = _step(memory.step), _step(reading.before)
        found["mode"], found["tonic"] = reading.mode, reading.tonic
        found["rhythm"] = reading.rhythm
        left = clock.bar - moment
        found["beats_left"] = 0 if left < 0 else min(1 + left // _TICKS_OF_EIGHTH, _BEATS - 1)
        return found

    def _header_ids(self, reading: FormReading, text: str) -> dict[str, int]:
        found = {**NOTHING, "mode": reading.mode, "tonic": reading.tonic}
        found["rhythm"] = reading.rhythm
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
                    found[f"{name}_state"] = min(len(row[at]), STATES - 1)
            found["step"] = min(len(first), _STEPS - 1)
        return found


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
    elif name == "R:":
        reading = reading._replace(rhythm=_RHYTHMS.get(value, _OTHER_RHYTHM))
    if clock.inside == "header":
        return reading
    return _begun(reading._replace(plan=_plan(reading.written)), reading.memory, None)


def _begun(reading: FormReading, memory: BarMemory, known: BarMemory | None) -> FormReading:
    """A bar begins, or what comes before its first sound goes on."""
    done, (section, bar, ending) = memory.done, memory.place
    related = (
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


def _here(plan: Plan, memory: BarMemory) -> PlannedBar | None:
    """What is planned of the bar that is being written; None in a pickup or a second ending."""
    section, bar, ending = memory.place
    return None if ending else plan.at(section, bar)


def _step(step: int | None) -> int:
    if step is None:
        return 0
    return 1 + min(max(step, _LOWEST_STEP), _HIGHEST_STEP) - _LOWEST_STEP


def _tonic(tonic: str) -> int:
    """1 to 12, from C upwards; 0 for none."""
    letter = tonic[:1].upper()
    if letter not in NATURAL_SEMITONES:
        return 0
    sign = {"#": 1, "b": -1}.get(tonic[1:], 0)
    return 1 + (NATURAL_SEMITONES[letter] + sign) % 12


@lru_cache(maxsize=256)
def _plan(text: str) -> Plan:
    """The plan of the header; none where there is none that can be read."""
    try:
        return parse_plan(text) if text else Plan()
    except InputError:
        return Plan()
