"""``abclm redo``: some bars of a tune written anew, everything else byte for byte."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from abclm.cli import options
from abclm.cli.preparing import pick_seed, use_one_thread
from abclm.cli.task import Task, Written

if TYPE_CHECKING:
    from abclm.cli.reading import ChosenTune
    from abclm.cli.stream import Stream
    from abclm.compose.candidates import Candidate

__all__ = ["redo", "write_anew"]

_BARS_IN_LINE = 4
_BARS = re.compile(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?")


def redo(
    file: options.File,
    bars: Annotated[
        str | None,
        typer.Option("--bars", help="Which, such as 5-8 or 3; the pickup is bar 0."),
    ] = None,
    section: Annotated[
        str | None,
        typer.Option("--section", help="Count in this section (A, B, …); alone, all of it."),
    ] = None,
    count: Annotated[int, typer.Option("-n", "--count", help="How many candidates.")] = 6,
    tune: options.OneTune = None,
    pick: options.Pick = None,
    temperature: options.Temperature = 0.85,
    seed: options.Seed = None,
    checkpoint: options.Checkpoint = "irish",
    output: options.Output = None,
    in_place: options.InPlace = False,
    as_json: options.CandidatesAsJson = False,
) -> None:
    """Write some bars of a tune anew; everything else stays as it is, byte for byte.

    Bars are counted as musicians do: a short bar that opens the tune is bar 0, a pickup inside it
    belongs to the bar before, and second endings count on. Each new bar lasts as long as the one
    it stands for. The candidates are sorted by what is heard in the tune with them: where it ends,
    what it answers, what rhymes; then by how likely the model finds them. At a terminal you are
    asked which to take; elsewhere --pick takes one. Without -o or --in-place the whole file goes to
    stdout.
    """
    use_one_thread()

    from abclm.cli.taking import Wanted, carry_out

    task = Task("redo", file, tune, pick_seed(seed), count, temperature, checkpoint, bars, section)
    wanted = Wanted(output, in_place, pick, True, as_json, seed is None, usual=None)
    carry_out(write_anew, task, wanted)


def write_anew(chosen: "ChosenTune", task: Task, _stream: "Stream | None" = None) -> Written:
    """Write the bars anew, none of them so that the tune is worse.

    Raises:
        InputError: there are no such bars, or nothing new came out.
    """
    from abclm.cli.candidates import Offer
    from abclm.cli.checkpoint import load
    from abclm.cli.reading import read_for_model
    from abclm.compose.replacing import old_music, with_bars
    from abclm.compose.rework import redo as rework
    from abclm.compose.workshop import Workshop
    from abclm.errors import InputError
    from abclm.notation.tune.bars import bars

    place = _find(chosen, None if task.bars is None else str(task.bars), task.section)
    simple = read_for_model(chosen.tune, chosen.name)
    if len(bars(simple)) != len(bars(chosen.tune)):
        raise InputError(f"{chosen.name} has rests of several bars: write Z2 as Z|Z to redo bars")
    model, draws = load(task.checkpoint), task.draws()
    result = rework(
        Workshop(model),
        simple,
        place.first,
        place.last,
        sampling=draws.sampling,
        seed=draws.seed,
        count=draws.count,
    )

    def offer(candidate: "Candidate") -> Offer:
        text, music = with_bars(chosen.tune, place.first, candidate.bars, simple.unit)
        return Offer(candidate, _lines(music, place), text)

    offers = [offer(candidate) for candidate in result.candidates]
    offers = [one for one in offers if chosen.is_no_worse(one.text)]
    if not offers:
        raise InputError("nothing new came out: take another --seed or a higher --temperature")
    music = old_music(chosen.tune, place.first, place.last)
    before = Offer(result.before, _lines(music, place), chosen.text)
    return Written(offers, model.sha256, place=place.name, before=before)


@dataclass(frozen=True, slots=True)
class _Place:
    """Which bars: their name for messages, the first and the last index, the number of each."""

    name: str
    first: int
    last: int
    numbers: tuple[int, ...]


def _find(chosen: "ChosenTune", wanted: str | None, section: str | None) -> _Place:
    """The bars that ``--bars`` and ``--section`` ask for."""
    from abclm.compose.replacing import check_bars
    from abclm.errors import InputError
    from abclm.notation.tune.bars import bars
    from abclm.notation.tune.numbering import find_bars, number_bars, section_name

    match = _BARS.fullmatch((wanted or "").strip())
    if wanted is not None and (match is None or int(match[2] or match[1]) < int(match[1])):
        raise InputError(f"--bars wants numbers such as 5-8 or 3, not {wanted!r}")
    if wanted is None and section is None:
        raise InputError("say which bars: --bars 5-8, or --section B")
    numbers = number_bars(bars(chosen.tune))
    names = list(dict.fromkeys(section_name(number.section) for number in numbers))
    if section is not None and section.upper() not in names:
        raise InputError(
            f"{chosen.name} has no section {section}; there are: {', '.join(names) or 'none'}"
        )
    low, high = (int(match[1]), int(match[2] or match[1])) if match else (None, None)
    number = None if section is None else names.index(section.upper())
    found = find_bars(numbers, low, high, number)
    counted = [
        bar.number if number is None else bar.in_section
        for bar in numbers
        if number in {None, bar.section}
    ]
    if found is None or (low is not None and low < counted[0]) or (high or 0) > counted[-1]:
        there_are = f"{counted[0]} to {counted[-1]}" if counted else "none"
        raise InputError(f"{chosen.name} has no bars {wanted}; there are: {there_are}")
    first, last = found
    called = [bar.number for bar in numbers]
    check_bars(chosen.tune, first, last, called)
    parts = [f"section {names[number]}" if number is not None else "", f"bars {wanted}"]
    name = ", ".join(filter(None, parts if wanted else parts[:1]))
    return _Place(name, first, last, tuple(called[first : last + 1]))


def _lines(music: Sequence[str], place: _Place) -> tuple[str, ...]:
    """The bars four to a line, the number of the first before them."""
    from abclm.notation.syntax.source import readable

    starts = range(0, len(music), _BARS_IN_LINE)
    return tuple(
        f"{place.numbers[at]:>3}  {readable(' | '.join(music[at : at + _BARS_IN_LINE]))}"
        for at in starts
    )
