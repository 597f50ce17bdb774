"""Cues of the form: related bars, the plan, and the line of the notes.

- ``place``: what the bars two and four before, and the same bar of the first section (in a second
  ending, of the first ending) have at this position, as long as this bar agrees with them from its
  start.
- ``plan``: the same for the bar that the plan names, which is still followed after a difference if
  it is to be varied or moved; what the plan asks of this bar, the number of bars left in the
  section, and near its end the degree on which it ends. While the plan itself is written, the
  position in it.
- ``line``: the last two notes as steps of the staff, the beats left in the bar, the mode, the tonic
  in which the tune is played, and its rhythm: the network forgets the header over time.

More was tried and left out: what the previous bar has, and what related bars have at this moment
where they differ from this one. It made held-out tunes easier to predict and new tunes worse (see
`checkpoints/README.md`): the network's own deviations came back to it as if they were given.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import ClassVar, Final

from abclm.model.cues.followers import PARTED, RUNS, STATES
from abclm.model.cues.progress import RELATED, Progress, planned_here
from abclm.notation.cursor.bar_memory import PICKUP
from abclm.notation.cursor.plan import BarKind
from abclm.notation.cursor.state import State
from abclm.notation.cursor.time import WHOLE
from abclm.notation.syntax.accidentals import TONIC_ALTERATIONS
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.tables import NATURAL_SEMITONES

__all__ = [
    "CHARACTER",
    "MODES",
    "TONICS",
    "LineCue",
    "PlaceCue",
    "PlanCue",
    "mode_and_tonic",
]

CHARACTER: Final = -1
"""Stands for the size of a column of characters: the size of the vocabulary."""
_LOWEST_STEP, _HIGHEST_STEP = -7, 22
"""From ``C,``, an octave below middle C, to ``d''``, as staff steps."""
_STEPS: Final = 2 + _HIGHEST_STEP - _LOWEST_STEP
"""Number of ids of a step; 0 is no step."""
_DEGREES: Final = 8
"""Number of ids of a degree; 0 is none."""
_KINDS: Final = 4 * len(BarKind)
"""Each kind of bar with none, one, two, or more bars of its section left."""
_MODES: Final = {"": 1, "m": 2, "dor": 3, "mix": 4}
_OTHER_MODE: Final = 5
"""Ids of the modes; 0 is no key. Trained networks depend on them."""
MODES: Final = 1 + _OTHER_MODE
"""Number of ids of a mode; 0 is no key."""
TONICS: Final = 13
"""Number of ids of a tonic; 0 is none."""
_RHYTHM_NAMES: Final = (
    "air,barndance,clog,fling,gavotte,hornpipe,jig,march,mazurka,minuet,polka,reel,schottische,"
    "set dance,slide,slip jig,strathspey,walkaround,waltz"
)
_RHYTHMS: Final = {name: place for place, name in enumerate(_RHYTHM_NAMES.split(","), 1)}
"""Ids of the rhythms; 0 is no rhythm. Trained networks depend on this order."""
_OTHER_RHYTHM: Final = 1 + len(_RHYTHMS)
_BEATS: Final = 18
"""Number of ids of the time left in a bar: 0 for none, then 0 to 16 eighths."""
_TICKS_OF_EIGHTH: Final = WHOLE // 8
_NAME = re.compile(r"[A-Za-z](?:'+|\^+)?")
_PLAN: Final = "P:"
_TRUSTED: Final = 3
"""The number of ways to follow a planned bar: as a copy, a variation or a sequence."""


class PlaceCue:
    """What related bars have at this position.

    Args:
        characters: the id of each character.
    """

    columns: ClassVar[Mapping[str, int]] = {
        column: size
        for name in RELATED
        for column, size in ((name, CHARACTER), (f"{name}_state", STATES))
    }

    def __init__(self, characters: Mapping[str, int]) -> None:
        self._ids = characters

    def ids(self, progress: Progress) -> tuple[int, ...]:
        """The ids of the columns."""
        cursor = progress.cursor
        if cursor.state is State.HEADER:
            return self._in_plan(cursor.text)
        moment = progress.used
        found: list[int] = []
        for one in progress.related[: len(RELATED)]:
            found.append(self._ids.get(one.character(moment) if one.whole else "", 0))
            found.append(one.state if one.whole or not one.bar else PARTED)
        return tuple(found)

    def _in_plan(self, line: str) -> tuple[int, ...]:
        """In the plan: the names two and four bars before, and that of the first section's bar."""
        if not line.startswith(_PLAN):
            return (0,) * len(self.columns)
        first, names = _names(line)
        found: list[int] = []
        for row, at in ((names, len(names) - 2), (names, len(names) - 4), (first, len(names))):
            if 0 <= at < len(row):
                found += [self._ids.get(row[at][0], 0), min(len(row[at]), STATES - 1)]
            else:
                found += [0, 0]
        return tuple(found)


class PlanCue:
    """What the plan asks for.

    Args:
        characters: the id of each character.
    """

    columns: ClassVar[Mapping[str, int]] = {
        "planned": CHARACTER,
        "planned_state": _TRUSTED * STATES,
        "kind": _KINDS,
        "end": _DEGREES,
        "moved": _STEPS,
        "moved_run": RUNS,
    }

    def __init__(self, characters: Mapping[str, int]) -> None:
        self._ids = characters

    def ids(self, progress: Progress) -> tuple[int, ...]:
        """The ids of the columns."""
        cursor = progress.cursor
        if cursor.state is State.HEADER:
            named = len(_names(cursor.text)[1]) if cursor.text.startswith(_PLAN) else 0
            return (0, 0, min(named, _KINDS - 1), 0, 0, 0)
        moment = progress.used
        memory, plan = progress.memory, progress.plan
        follower = progress.related[-1]
        here = planned_here(plan, memory)
        kind = BarKind.ANY if here is None else here.kind
        trust = max(0, kind - BarKind.COPY)
        step, run = follower.moved(memory, moment) if kind is BarKind.SEQUENCE else (None, 0)
        section, bar, _ = memory.place
        left = plan.lengths[section] - 1 - bar if section < len(plan.bars) else 0
        return (
            self._ids.get(follower.character(moment), 0),
            follower.state + STATES * trust,
            4 * kind + min(3, max(0, left)),
            plan.end(section) if bar > PICKUP and left <= 1 else 0,
            _step(step),
            run,
        )


class LineCue:
    """The line of the notes, with the mode, tonic and rhythm of the header."""

    columns: ClassVar[Mapping[str, int]] = {
        "step": _STEPS,
        "step_before": _STEPS,
        "mode": MODES,
        "tonic": TONICS,
        "beats_left": _BEATS,
        "rhythm": 1 + _OTHER_RHYTHM,
    }

    def ids(self, progress: Progress) -> tuple[int, ...]:
        """The ids of the columns."""
        cursor = progress.cursor
        fields = cursor.fields
        mode, tonic = mode_and_tonic(fields["K"]) if "K" in fields else (0, 0)
        rhythm = _RHYTHMS.get(fields["R"], _OTHER_RHYTHM) if "R" in fields else 0
        if cursor.state is State.HEADER:
            first = _names(cursor.text)[0] if cursor.text.startswith(_PLAN) else ()
            return (min(len(first), _STEPS - 1), 0, mode, tonic, 0, rhythm)
        left = progress.left
        beats = 0 if left < 0 else min(1 + left // _TICKS_OF_EIGHTH, _BEATS - 1)
        step, before = _step(progress.memory.step), _step(progress.step_before)
        return (step, before, mode, tonic, beats, rhythm)


def _names(line: str) -> tuple[list[str], list[str]]:
    """The names of the plan's first section, if it is complete, and those of its last one."""
    names = _NAME.findall(line.rpartition("/")[2].removeprefix(_PLAN))
    first, over, _ = line.removeprefix(_PLAN).partition("/")
    return _NAME.findall(first) if over else [], names


def _step(step: int | None) -> int:
    if step is None:
        return 0
    return 1 + min(max(step, _LOWEST_STEP), _HIGHEST_STEP) - _LOWEST_STEP


@lru_cache(maxsize=256)
def mode_and_tonic(value: str) -> tuple[int, int]:
    """The ids of a key: its mode, and its tonic from C upwards, 1 to 12; 0 for none."""
    key = parse_key(value)
    if key is None:
        return 0, 0
    mode = _MODES.get(key.mode, _OTHER_MODE)
    letter = key.tonic[:1].upper()
    if letter not in NATURAL_SEMITONES:
        return mode, 0
    sign = TONIC_ALTERATIONS.get(key.tonic[1:], 0)
    return mode, 1 + (NATURAL_SEMITONES[letter] + sign) % 12
