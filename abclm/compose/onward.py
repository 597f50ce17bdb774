"""Continues an existing tune: writes its rest, some more bars, or another section."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from abclm.compose.candidates import Candidate, count_notes, ranked
from abclm.compose.network import HEADER_CHARACTERS, Network
from abclm.compose.onward_text import kept, showing
from abclm.compose.presentation import Presentation
from abclm.compose.reasons import Reasons
from abclm.compose.settings import CANDIDATES, MAX_CHARACTERS, TEMPERATURE
from abclm.constraint.continuation import ContinuationConstraint
from abclm.constraint.header import Header
from abclm.constraint.prompt import Prompt
from abclm.constraint.requirements import Requirements
from abclm.constraint.section_plan import SectionPlan
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.tune.music import Tune
from abclm.notation.tune.numbering import number_bars
from abclm.notation.tune.structure import explicit_repeats

__all__ = ["Draws", "first_section", "write_bars", "write_rest", "write_section"]

_MOST_GIVEN: Final = 8000
"""The most characters of notes that are read; no tune that a person plays has as many."""
_CHARACTERS_IN_BAR: Final = 24
"""In the shipped corpus, 999 of 1,000 bars have no more."""
_RESERVE: Final = 200
"""About what `TuneConstraint` keeps free for the end of a tune; the bars asked for come before."""
_MOST_ROUNDS: Final = 4
"""The most candidates drawn, as a multiple of those requested, since some cannot be used."""


@dataclass(frozen=True)
class Draws:
    """How candidates are drawn."""

    seed: int = 0
    """The random seed, 0 or more."""
    count: int = 1
    """How many candidates to draw."""
    sampling: Sampling = field(default_factory=lambda: Sampling(TEMPERATURE))
    """How characters are drawn."""
    on_music: Callable[[str], None] | None = None
    """Called with the music of the only candidate while it is written. If that candidate cannot be
    used, the result is another one."""
    on_candidate: Callable[[str], None] | None = None
    """Called with the music of each candidate as soon as it is written, in no certain order."""

    def __post_init__(self) -> None:
        if self.on_music is not None and self.count != 1:
            raise InputError("only one candidate at a time can be shown while it is written")


class _Task(NamedTuple):
    """What to write: after which notes, under which requirements, up to which limits."""

    notes: str
    requirements: Requirements
    limit: int
    bars: int | None = None


def write_rest(network: Network, tune: Tune, notes: str, draws: Draws) -> list[Candidate]:
    """Write a tune to its end.

    Args:
        network: the network.
        tune: the tune, simplified for the model; only its header is used.
        notes: the existing notes, in the model's form.
        draws: how candidates are drawn.

    Returns:
        The candidates, best first.

    Raises:
        InputError: the notes cannot be continued in their metre.
    """
    task = _Task(notes, Requirements(), len(notes) + MAX_CHARACTERS)
    return _write(network, tune, task, draws)


def write_bars(
    network: Network, tune: Tune, notes: str, count: int, draws: Draws
) -> list[Candidate]:
    """Write ``count`` more whole bars, after the end of an unfinished one.

    The other arguments and the result are those of `write_rest`.
    """
    # The tune cannot end before the limit; what is too much is cut off.
    limit = len(notes) + (count + 1) * _CHARACTERS_IN_BAR + _RESERVE
    task = _Task(notes, Requirements(min_characters=limit), limit, count)
    return _write(network, tune, task, draws)


def write_section(
    network: Network, tune: Tune, notes: str, section: SectionPlan, draws: Draws
) -> list[Candidate]:
    """Write one more section, and with it the end of the tune.

    ``section`` gives its number of bars and whether it is repeated; the other arguments and the
    result are those of `write_rest`.
    """
    here = Cursor.begin(tune.meter, tune.unit).through(notes)
    given = here.form.sections if here is not None else 0
    requirements = Requirements(plan=(*[SectionPlan()] * given, section))
    return _write(network, tune, _Task(notes, requirements, len(notes) + MAX_CHARACTERS), draws)


def first_section(tune: Tune) -> SectionPlan:
    """The form of the first section: whether it is repeated, and its bars without the pickup.

    Bars of later endings are not counted. In ``|:GABc|1d4:|2e4||`` it is repeated, with 2 bars.
    """
    written = explicit_repeats(bars(tune))
    numbers = number_bars(written)
    repeated, count, again = False, 0, False
    for bar, number in zip(written, numbers, strict=True):
        if number.section:
            break
        again = _is_in_later_ending(bar, again)
        repeated = repeated or bar.after.closes
        count += not (number.pickup or again)
    return SectionPlan(repeated=repeated, bars=count)


def _is_in_later_ending(bar: Bar, before: bool) -> bool:  # noqa: FBT001 - a state, no switch
    return bar.before.ending[0] > 1 if bar.before.ending else before


def _write(network: Network, tune: Tune, task: _Task, draws: Draws) -> list[Candidate]:
    network.check_single()
    if len(task.notes) > _MOST_GIVEN:
        raise InputError(
            f"the tune has {len(task.notes)} characters of notes, more than {_MOST_GIVEN}: "
            "shorten it"
        )
    found: dict[str, Candidate] = {}
    prompt = _prompt(network, tune, task)
    present = Presentation(prompt)
    opening = present.opening

    def report(_place: int, text: str) -> None:
        music = kept(opening, present(text), task.bars, ended=True)
        if music and draws.on_candidate is not None:
            draws.on_candidate(music)

    for first in range(0, _MOST_ROUNDS * draws.count, draws.count):
        written = network.write(
            [_constraint(network, prompt, task) for _ in range(draws.count)],
            seed=draws.seed,
            numbers=range(first, first + draws.count),
            sampling=draws.sampling,
            max_characters=HEADER_CHARACTERS + task.limit,
            present=lambda _number: present,
            on_character=showing(opening, task.bars, draws.on_music) if first == 0 else None,
            rivals=CANDIDATES,
            on_end=None if draws.on_candidate is None else report,
        )
        for number, one in enumerate(written, first):
            text = kept(opening, present(one.text), task.bars, ended=one.ended)
            if text and len(found) < draws.count:
                notes = count_notes(text, tune.meter, tune.unit)
                reasons = Reasons.of(opening + text)
                bits = -one.log2_probability
                found.setdefault(text, Candidate(number, text, bits, notes, reasons=reasons))
        if len(found) == draws.count:
            break
    if not found:
        raise InputError("no continuation in metre was found: try another --seed")
    return ranked(found.values())


def _prompt(network: Network, tune: Tune, task: _Task) -> Prompt:
    notes = task.notes if " " in network.known else task.notes.replace(" ", "")
    return Prompt(Header.of(tune), notes)


def _constraint(network: Network, prompt: Prompt, task: _Task) -> ContinuationConstraint:
    try:
        return ContinuationConstraint(
            prompt,
            network.masks,
            network.grammars,
            task.requirements,
            HEADER_CHARACTERS + task.limit,
            known=network.usual,
            planned=network.planned,
        )
    except InputError as error:
        raise InputError(
            "the tune cannot be continued in its metre from its end: fix it (abclm validate)"
        ) from error
