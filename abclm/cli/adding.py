"""What the commands share that add to a tune: candidates as offers, and the one that is taken."""

import json
import sys
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from abclm.cli.candidates import Offer
    from abclm.cli.insertion import Insertion
    from abclm.cli.reading import ChosenTune
    from abclm.compose.candidates import Candidate

__all__ = ["Wanted", "check_outputs", "deliver", "offer_all"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done with the candidates.

    Attributes:
        file: the tunebook.
        output: another file to write, or None.
        in_place: whether to write ``file``.
        pick: which candidate to take; None for the likeliest.
        show: whether to show them, and at a terminal to ask which to take.
        as_json: whether to print them as JSON.
        seed: what they were drawn with.
        tells_seed: whether nobody gave the seed.
    """

    file: Path
    output: Path | None
    in_place: bool
    pick: int | None
    show: bool
    as_json: bool
    seed: int
    tells_seed: bool


def check_outputs(file: Path, output: Path | None, count: int, *, in_place: bool) -> None:
    """See that the options can be followed.

    Raises:
        InputError: they cannot.
    """
    from abclm.cli.outputs import check_in_place
    from abclm.errors import InputError

    check_in_place(file, output, in_place=in_place)
    if count < 1:
        raise InputError(f"-n must be 1 or more, not {count}")


def offer_all(
    chosen: "ChosenTune",
    insertion: "Insertion",
    candidates: "list[Candidate]",
    unit: Fraction,
    allowed: frozenset[str] = frozenset(),
) -> "list[Offer]":
    """The candidates as they would stand in the tune, without those that have new problems.

    Args:
        chosen: the tune.
        insertion: where they go.
        candidates: the likeliest first.
        unit: the unit note length that they are written in.
        allowed: rules that may be broken, because the tune is not at its end.

    Raises:
        InputError: none is left.
    """
    from abclm.cli.candidates import Offer
    from abclm.compose.unfinished import unit_at_end
    from abclm.errors import InputError
    from abclm.notation.lexer import Place, lex
    from abclm.notation.rescale import in_unit

    own = unit_at_end(chosen.tune)
    old = chosen.problems(chosen.text)
    offers: list[Offer] = []
    for candidate in candidates:
        music = in_unit(lex(candidate.text, Place.BODY), unit, own)
        text = insertion.put(music, chosen)
        new = chosen.problems(text) - old
        if allowed.issuperset(new):
            offers.append(Offer(candidate, tuple(filter(None, music.split("\n"))), text))
    if not offers:
        raise InputError("nothing came out that could be kept: take another --seed")
    return offers


def deliver(
    chosen: "ChosenTune", insertion: "Insertion", offers: "list[Offer]", wanted: Wanted
) -> bool:
    """Show the offers, or write the tune with the one that is taken.

    Returns:
        Whether one was taken.
    """
    from abclm.cli.candidates import ask, pick, rows, show
    from abclm.cli.outputs import write_result

    taken: Offer | None = pick(offers, wanted.pick or 1)
    writes = wanted.output is not None or wanted.in_place
    if wanted.as_json:
        table: dict[str, Any] = {"seed": wanted.seed, "candidates": rows(offers)}
        table["abc"] = taken.text if taken is not None else None
        typer.echo(json.dumps(table, indent=2, ensure_ascii=False))
        taken = taken if writes else None
    elif wanted.show and wanted.pick is None:
        asks = sys.stdin.isatty() and str(wanted.file) != "-"
        show(offers, to_stderr=asks)
        taken = ask(offers) if asks else None
    if wanted.tells_seed:
        print(f"seed {wanted.seed}", file=sys.stderr)
    if taken is None:
        return False
    result = chosen.replaced(taken.text, insertion.taken)
    write_result(wanted.file, chosen.source.data, result, wanted.output, in_place=wanted.in_place)
    return True
