"""New voices in the text of a tune, and new bars of one voice; all else stays byte for byte."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate
from typing import Final

from abclm.compose.bar_choice import choose_bars
from abclm.compose.candidates import Candidate
from abclm.compose.chords import chord_symbols, with_chord_symbols
from abclm.compose.chosen import ChosenTune
from abclm.compose.harmonize import Voicing, Written, write_voices
from abclm.compose.network import Network
from abclm.compose.offers import Offer
from abclm.compose.onward import Draws
from abclm.compose.replacing import with_bars
from abclm.compose.revision import Revision
from abclm.compose.several import clef_of, given_rows, range_of
from abclm.constraint.pitch_range import PitchRange
from abclm.corpus.several import Piece, melody_piece, simple_piece
from abclm.errors import InputError
from abclm.notation.cursor.ensemble import score_places
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.meter import parse_unit
from abclm.notation.syntax.tokens import Context, Token, TokenKind
from abclm.notation.tune.bars import Bar, bars
from abclm.notation.write.rescale import in_unit

__all__ = ["add_chords", "harmonize", "known_unit", "redo_voice"]

_TWO: Final = 2
_STEP: Final = 2
"""A whole tone, in semitones."""
_ABOVE: Final = (3, 9)
_BELOW: Final = (-9, -3)
_TENOR: Final = (-16, -10)
_BASS: Final = (-26, -17)
"""How far the ends of a voice's range lie from those of the melody's, in semitones. With a soprano
from C4 to A5, the ranges are about those of a choir."""
_EIGHTH: Final = Fraction(1, 8)
_BARS_IN_LINE: Final = 4
"""Half of the eight-bar section usual in dances, as in the canonical form."""


def harmonize(
    network: Network,
    chosen: ChosenTune,
    voicing: Voicing,
    draws: Draws,
    *,
    above: bool = False,
) -> Revision:
    """Write further voices for a tune of one voice.

    Args:
        network: a network of several voices.
        chosen: the tune, whose own text stays as it is.
        voicing: how the voices are written.
        draws: how candidates are drawn.
        above: whether the tune is the lowest voice instead of the highest.

    Raises:
        InputError: the tune has several voices, or none can be written for it.
    """
    tune = chosen.tune
    if len(tune.voices) > 1:
        raise InputError(
            f"{chosen.name} has several voices: abclm redo --voice 2 rewrites one of them"
        )
    if not tune.events:
        raise InputError(f"{chosen.name} has no notes: abclm generate writes a piece")
    piece = melody_piece(tune, network.known, known_unit(network) or _EIGHTH)
    written = bars(tune)
    if len(piece.rows) != len(written):
        raise InputError(f"{chosen.name} has rests of several bars: write Z2 as Z|Z")
    place = voicing.voices - 1 if above else 0
    if not voicing.ranges:
        voicing = replace(voicing, ranges=_usual_ranges(piece, voicing.voices, above=above))
    given = given_rows(piece, voicing.voices, ends=True, places=(place,))
    offers = []
    for one in write_voices(network, piece, given, voicing, draws):
        others = [number for number in range(voicing.voices) if number != place]
        parts = [_part(one, number, written, piece, chosen) for number in others]
        clefs = [clef_of(one.rows[0].cells[number], piece) for number in others]
        text = _with_parts(chosen, parts, clefs)
        offers.append(Offer(one.candidate, tuple(parts), text))
    return _revision(chosen, offers)


def add_chords(chosen: ChosenTune, *, replaced: bool = False) -> Revision:
    """Write chord symbols over a tune, such as a guitarist plays.

    Args:
        chosen: the tune; all else in its text stays as it is.
        replaced: whether the chord symbols that it has are removed; otherwise its sections with
            chord symbols keep them.

    Raises:
        InputError: the tune has no notes or its key no tonic, or it needs no more chord symbols.
    """
    symbols = chord_symbols(chosen.tune, replace=replaced)
    text = with_chord_symbols(chosen.tune, symbols, replace=replaced)
    if text == chosen.text:
        raise InputError(f"{chosen.name} has its chord symbols: --replace writes others")
    names = " ".join(symbol.text for symbol in symbols)
    return _revision(chosen, [Offer(Candidate(0, text, 0.0, 0), (names,), text)])


def redo_voice(
    network: Network,
    chosen: ChosenTune,
    number: int,
    wanted: tuple[str | None, str | None],
    draws: Draws,
    *,
    voicing: Voicing | None = None,
) -> Revision:
    """Rewrite bars of one voice against the others.

    Args:
        network: a network of several voices.
        chosen: the piece.
        number: the number of the voice, from 1 for the highest.
        wanted: which bars, and the section in which they are counted, as for `choose_bars`.
        draws: how candidates are drawn.
        voicing: the ranges and the cost of parallels.

    Raises:
        InputError: there is no such voice or bar, or nothing new was written.
    """
    voices = chosen.tune.voices
    if not 1 <= number <= len(voices):
        raise InputError(f"{chosen.name} has no voice {number}; there are: 1 to {len(voices)}")
    voice = replace(chosen, tune=voices[number - 1].tune)
    place = choose_bars(voice, *wanted)
    piece = simple_piece(chosen.tune, unit=known_unit(network), written=True)
    if len(piece.rows) != len(bars(voice.tune)):
        raise InputError(f"{chosen.name} has rests of several bars: write Z2 as Z|Z")
    order = score_places(len(voices)).index(number - 1)
    rows = given_rows(piece, len(voices), ends=True)
    for at in range(place.first, place.last + 1):
        cells = list(rows[at].cells)
        cells[order] = None
        rows[at] = rows[at]._replace(cells=tuple(cells))
    voicing = replace(voicing or Voicing(), voices=len(voices))
    if not voicing.ranges:
        voicing = replace(voicing, ranges=_own_ranges(piece))
    offers = []
    for one in write_voices(network, piece, rows, voicing, draws):
        new = [row.cells[number - 1] for row in one.rows[place.first : place.last + 1]]
        old = [row.cells[number - 1] for row in piece.rows[place.first : place.last + 1]]
        if new != old:
            text, music = with_bars(voice.tune, place.first, new, piece.unit)
            offers.append(Offer(one.candidate, place.lines(music), text))
    return replace(_revision(chosen, offers), place=f"voice {number}, {place.name}")


def _own_ranges(piece: Piece) -> tuple[PitchRange, ...]:
    """The range of each voice of a piece, with a step above and below."""
    found = (range_of(piece, place) for place in range(len(piece.rows[0].cells)))
    return tuple(PitchRange(own.low - _STEP, own.high + _STEP) for own in found)


def known_unit(network: Network) -> Fraction | None:
    """The unit note length that the network knows best; None if it knows any."""
    units = network.usual.units
    return parse_unit(units[0]) if units else None


def _usual_ranges(piece: Piece, voices: int, *, above: bool) -> tuple[PitchRange, ...]:
    """The ranges of the voices beside a melody, from the top of the score."""
    own = range_of(piece)
    if above:
        distances = [_ABOVE] * (voices - 1)
    elif voices == _TWO:
        distances = [_BELOW]
    else:
        inner = [_BELOW, _TENOR] * voices
        distances = [*inner[: voices - 2], _BASS]
    others = [PitchRange(own.low + low, own.high + high) for low, high in distances]
    return (*others, own) if above else (own, *others)


def _revision(chosen: ChosenTune, offers: Sequence[Offer]) -> Revision:
    kept = [offer for offer in offers if chosen.is_no_worse(offer.text)]
    if not kept:
        raise InputError("nothing new was written: try another --seed or a higher --temperature")
    return Revision(kept)


def _part(
    written: Written, place: int, own: Sequence[Bar], piece: Piece, chosen: ChosenTune
) -> str:
    """The music of a voice in the unit and with the bar lines of the tune, in lines of bars."""
    end = chosen.line_end
    text = _signs(own[0].before.tokens, end)
    for number, (row, bar) in enumerate(zip(written.rows, own, strict=True), 1):
        music = in_unit(lex(row.cells[place], Context.BODY), piece.unit, chosen.tune.unit)
        text += music + _signs(bar.after.tokens, end)
        if number % _BARS_IN_LINE == 0 and number < len(own):
            text += end
    return text


def _signs(tokens: Sequence[Token], end: str) -> str:
    """The signs between two bars; of two bar lines, the second begins a line."""
    text = ""
    for before, token in zip([None, *tokens], tokens, strict=False):
        both = before is not None and before.kind == token.kind == TokenKind.BAR_LINE
        text += (end if both else "") + token.text
    return text


def _with_parts(chosen: ChosenTune, parts: Sequence[str], clefs: Sequence[str]) -> str:
    """The text of the tune, followed by further voices."""
    end = chosen.line_end
    text, own = _named(chosen)
    free = (name for name in map(str, range(1, len(parts) + 2)) if name != own)
    added = (
        f"V:{name}{clef}{end}{part}" for name, clef, part in zip(free, clefs, parts, strict=False)
    )
    return end.join([text.rstrip("\r\n"), *added])


def _named(chosen: ChosenTune) -> tuple[str, str]:
    """The text of the tune with a ``V:`` before its music, if it has none, and its id."""
    text, (voice,) = chosen.text, chosen.tune.voices
    if voice.id:
        return text, voice.id
    tokens = chosen.tokens.tokens
    offsets = list(accumulate((len(token.text) for token in tokens), initial=0))
    key = next(
        at
        for at, token in enumerate(tokens)
        if token.kind is TokenKind.FIELD and token.field == "K"
    )
    line = next(at for at in range(key, len(tokens)) if tokens[at].kind is TokenKind.NEWLINE)
    start = offsets[line + 1]
    return f"{text[:start]}V:1{chosen.line_end}{text[start:]}", "1"
