"""The changes to an existing tune: write its rest, rewrite some bars, or add a part."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from abclm.compose.bar_choice import choose_bars
from abclm.compose.candidates import Candidate
from abclm.compose.chosen import ChosenTune, read_for_model
from abclm.compose.insertion import Insertion, after_music, at_end
from abclm.compose.network import Network
from abclm.compose.offers import Offer, offer_all
from abclm.compose.onward import Draws, first_section, write_bars, write_rest, write_section
from abclm.compose.replacing import old_music, with_bars
from abclm.compose.rework import redo
from abclm.compose.unfinished import given_notes, is_finished, section_notes, unit_at_end
from abclm.constraint.grammars import check_metre
from abclm.errors import InputError
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.tokens import Context
from abclm.notation.tune.bars import bars
from abclm.notation.write.rescale import in_unit

__all__ = ["UNFINISHED", "Begin", "Revision", "add_part", "continue_tune", "redo_bars"]

Begin = Callable[[Insertion, Fraction], Callable[[str], None]]
"""Called with the position and the unit note length; returns what receives the music."""

UNFINISHED: Final = frozenset({"repeat", "ending"})
"""Rules that an unfinished tune may break."""


@dataclass(frozen=True, slots=True)
class Revision:
    """The result of a change.

    Attributes:
        offers: the candidates, best first.
        taken: number of characters after the tune that the text of each offer includes.
        place: the name of the bars that the offers replace.
        before: the existing bars, if the offers replace any.
        remark: what else changes.
    """

    offers: list[Offer]
    taken: int = 0
    place: str = ""
    before: Offer | None = None
    remark: str = ""


def continue_tune(
    network: Network,
    chosen: ChosenTune,
    count: int | None,
    draws: Draws,
    begin: Begin | None = None,
) -> Revision:
    """Write the rest of the tune, or ``count`` whole bars of it.

    Raises:
        InputError: the tune is finished, or cannot be continued.
    """
    if len(chosen.tune.voices) > 1:
        raise InputError(f"{chosen.name} has several voices: --checkpoint chorales continues it")
    if chosen.tune.key is None:
        raise InputError(
            f"{chosen.name} has no key (K:): to continue half a header, give it to abclm generate"
        )
    simple = read_for_model(chosen.tune, chosen.name)
    if is_finished(chosen.tune):
        raise InputError(f"{chosen.name} is finished: abclm second-part adds a part to it")
    check_metre(simple)
    insertion = at_end(chosen)
    notes = given_notes(chosen.tune, simple, line_ended=insertion.starts_line)
    draws = _shown(draws, begin, insertion, simple.unit)
    draws = _in_unit_of(chosen, draws, simple.unit)
    if count is None:
        found = write_rest(network, simple, notes, draws)
    else:
        found = write_bars(network, simple, notes, count, draws)
    allowed = frozenset() if count is None else UNFINISHED
    offers = offer_all(chosen, insertion, found, simple.unit, allowed)
    return Revision(offers, insertion.taken)


def add_part(
    network: Network,
    chosen: ChosenTune,
    count: int | None,
    draws: Draws,
    begin: Begin | None = None,
) -> Revision:
    """Write another part after the last one, with ``count`` bars or as many as the first.

    Raises:
        InputError: the tune has no notes, or a bar of the wrong length.
    """
    simple = read_for_model(chosen.tune, chosen.name)
    if not simple.events:
        raise InputError(f"{chosen.name} has no notes: abclm generate writes a tune")
    check_metre(simple)
    section = first_section(simple)
    if count is not None:
        section = section._replace(bars=count)
    insertion = after_music(chosen)
    draws = _shown(draws, begin, insertion, simple.unit)
    draws = _in_unit_of(chosen, draws, simple.unit)
    found = write_section(network, simple, section_notes(simple), section, draws)
    offers = offer_all(chosen, insertion, found, simple.unit)
    return Revision(offers, insertion.taken, remark=_remark(insertion))


def redo_bars(
    network: Network, chosen: ChosenTune, wanted: str | None, section: str | None, draws: Draws
) -> Revision:
    """Rewrite bars, without making the tune worse.

    ``wanted`` and ``section`` say which bars, as for `choose_bars`.

    Raises:
        InputError: there are no such bars, or nothing new was written.
    """
    if len(chosen.tune.voices) > 1:
        raise InputError(f"{chosen.name} has several voices: say which with --voice")
    place = choose_bars(chosen, wanted, section)
    simple = read_for_model(chosen.tune, chosen.name)
    if len(bars(simple)) != len(bars(chosen.tune)):
        raise InputError(f"{chosen.name} has rests of several bars: write Z2 as Z|Z to redo bars")
    result = redo(
        network,
        simple,
        place.first,
        place.last,
        sampling=draws.sampling,
        seed=draws.seed,
        count=draws.count,
        on_candidate=draws.on_candidate,
    )

    def offer(candidate: Candidate) -> Offer:
        text, music = with_bars(chosen.tune, place.first, candidate.bars, simple.unit)
        return Offer(candidate, place.lines(music), text)

    offers = [offer(candidate) for candidate in result.candidates]
    offers = [one for one in offers if chosen.is_no_worse(one.text)]
    if not offers:
        raise InputError("nothing new was written: try another --seed or a higher --temperature")
    music = old_music(chosen.tune, place.first, place.last)
    before = Offer(result.before, place.lines(music), chosen.text)
    return Revision(offers, place=place.name, before=before)


def _shown(draws: Draws, begin: Begin | None, insertion: Insertion, unit: Fraction) -> Draws:
    """The same ``draws``, whose music goes to ``begin``, if given, while it is written."""
    return draws if begin is None else replace(draws, on_music=begin(insertion, unit))


def _in_unit_of(chosen: ChosenTune, draws: Draws, unit: Fraction) -> Draws:
    """The same ``draws``, whose candidates are passed on in the unit note length of the tune."""
    pass_on = draws.on_candidate
    if pass_on is None:
        return draws
    own = unit_at_end(chosen.tune)
    return replace(
        draws, on_candidate=lambda music: pass_on(in_unit(lex(music, Context.BODY), unit, own))
    )


def _remark(insertion: Insertion) -> str:
    """What happens to the bar line before the new part."""
    if insertion.bar_line is None:
        return ""
    old, new = insertion.bar_line
    return f"the last {old} is {new} now" if old else f"{new} added"
