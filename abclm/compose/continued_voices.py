"""Continues a piece of several voices, whose own text stays byte for byte."""

from abclm.compose.chosen import ChosenTune
from abclm.compose.harmonize import Voicing, Written, write_voices
from abclm.compose.network import Network
from abclm.compose.offers import Offer
from abclm.compose.onward import Draws
from abclm.compose.revision import UNFINISHED, Revision
from abclm.compose.several import given_rows
from abclm.compose.unfinished import is_finished
from abclm.compose.voice_parts import known_unit
from abclm.corpus.several import Piece, simple_piece
from abclm.errors import InputError
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.tokens import Context
from abclm.notation.tune.bars import bars
from abclm.notation.write.rescale import in_unit
from abclm.notation.write.score_rows import rows_body

__all__ = ["continue_voices"]


def continue_voices(
    network: Network,
    chosen: ChosenTune,
    count: int | None,
    draws: Draws,
    voicing: Voicing | None = None,
) -> Revision:
    """Write the rest of a piece, or ``count`` bars of it, bar by bar in all voices.

    Args:
        network: a network of several voices.
        chosen: the piece, all voices of which end together.
        count: the number of bars; None to write to its end.
        draws: how candidates are drawn.
        voicing: the ranges and the cost of parallels.

    Raises:
        InputError: it is finished, has one voice, or cannot be continued.
    """
    voices = chosen.tune.voices
    if len(voices) == 1:
        raise InputError(
            f"{chosen.name} has one voice: abclm harmonize adds voices, "
            "and --checkpoint irish continues it"
        )
    if is_finished(voices[0].tune):
        raise InputError(f"{chosen.name} is finished: it ends with |] or a repeat")
    _check_last_bars(chosen)
    piece = simple_piece(chosen.tune, unit=known_unit(network), written=True)
    given = given_rows(piece, len(voices))
    own = voicing or Voicing()
    wanted = Voicing(len(voices), own.ranges, own.parallels)
    offers = []
    for written in write_voices(network, piece, given, wanted, draws, ends=False):
        lines = _new_lines(written, piece, chosen, count)
        if lines:
            end = chosen.line_end
            text = end.join([chosen.text.rstrip("\r\n"), *lines])
            offers.append(Offer(written.candidate, lines, text))
    allowed = frozenset() if count is None else UNFINISHED
    old = chosen.problems(chosen.text)
    kept = [offer for offer in offers if allowed.issuperset(chosen.problems(offer.text) - old)]
    if not kept:
        raise InputError("no candidate could be kept: try another --seed")
    return Revision(kept)


def _check_last_bars(chosen: ChosenTune) -> None:
    """Check that new bars may follow those that are there.

    Raises:
        InputError: the last bar of a voice is begun only.
    """
    for voice in chosen.tune.voices:
        written = bars(voice.tune)
        if not written:
            raise InputError(f"{chosen.name}: voice {voice.id} has no notes")
        last = written[-1]
        full = last.meter.bar
        is_short = full is not None and last.duration < full and len(written) > 1
        ends_section = last.after.closes or last.after.style != "|"
        if not last.after.tokens or (is_short and not ends_section):
            raise InputError(
                f"{chosen.name}: the last bar of voice {voice.id} is only begun: complete it and "
                "end it with |, or with || if the section ends there"
            )


def _new_lines(
    written: Written, piece: Piece, chosen: ChosenTune, count: int | None
) -> tuple[str, ...]:
    """The new bars as lines of ABC, each with the bar of every voice."""
    first = len(piece.rows)
    rows = written.rows[first : None if count is None else first + count]
    voices = chosen.tune.voices
    moved = [
        row._replace(
            cells=tuple(
                in_unit(lex(cell, Context.BODY), piece.unit, voice.tune.unit)
                for cell, voice in zip(row.cells, voices, strict=True)
            )
        )
        for row in rows
    ]
    names = [voice.id for voice in voices]
    return tuple(rows_body(moved, names).splitlines()) if moved else ()
