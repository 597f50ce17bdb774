"""Pieces of several voices: what a prompt gives of them, and what a user sees."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from abclm.compose.fermatas import with_common_fermatas
from abclm.compose.network import Network
from abclm.constraint.pitch_range import PitchRange
from abclm.constraint.prompt import Prompt
from abclm.constraint.requirements import Requirements
from abclm.constraint.voices_constraint import GivenRow, VoicesConstraint
from abclm.corpus.several import Piece, simple_piece
from abclm.errors import InputError
from abclm.model.rows_text import fed_unit, model_rows, normal_rows, read_rows
from abclm.model.text import Usual
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.ensemble import MOST_VOICES, score_places
from abclm.notation.cursor.rows import FINAL
from abclm.notation.cursor.sound import VoiceSound
from abclm.notation.cursor.time import ticks_of
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.meter import FREE, Meter, parse_meter, parse_unit
from abclm.notation.syntax.tokens import Context
from abclm.notation.write.rescale import in_unit
from abclm.notation.write.score_rows import Row, rows_body

__all__ = [
    "SeveralPresentation",
    "clef_of",
    "given_rows",
    "prompt_piece",
    "range_of",
    "several_constraint",
]

_ANY: Final = Usual()
_NUMBERS: Final = ("No", "One", "Two", "Three", "Four", "Five", "Six")
_EIGHTH: Final = Fraction(1, 8)
_MIDDLE_C: Final = 60
_BASS: Final = 57
"""A voice whose first bar lies, on average, below the A under middle C has a bass clef."""
_MODES: Final = {"": "Major", "m": "Minor", "dor": "Dorian", "mix": "Mixolydian", "phr": "Phrygian"}


@dataclass(frozen=True)
class SeveralPresentation:
    """Converts the rows that a network has written, complete or not, to the user's piece.

    Attributes:
        prompt: the given fields of the header.
        given: the number of rows that the prompt gave notes of; their fermatas stay.
    """

    prompt: Prompt
    given: int = 0

    def __call__(self, text: str) -> str:
        """Convert the network's ``text``: its complete rows; empty before the first of them."""
        fields, rows = read_rows(text)
        if not rows:
            return ""
        header = self.prompt.header
        name = header.key or fields["K"]
        key = parse_key(name)
        meter, unit = header.meter or fields["M"], header.unit or fields["L"]
        length = _length(unit)
        written = _in_unit(model_rows(rows, key), _length(fields["L"]), length)
        count = len(rows[0].cells)
        lines = [f"T:{header.title or _title(count, key)}"]
        lines += [line for line in self.prompt.aside if not line.startswith("V:")]
        lines += [f"M:{meter}", f"L:{unit}"]
        metre = parse_meter(meter) or FREE
        clefs = [_clef(cell, metre, length, key) for cell in written[0].cells]
        lines += [f"V:{number}{clef}" for number, clef in enumerate(clefs, 1)]
        lines.append(f"K:{name}")
        new = (with_common_fermatas(row, metre, length) for row in written[self.given :])
        rows = [*written[: self.given], *new]
        return "\n".join(lines) + "\n" + rows_body(rows)


def several_constraint(
    network: Network, prompt: Prompt, requirements: Requirements | None, limit: int
) -> VoicesConstraint:
    """Return the constraint of a new piece that begins with ``prompt``.

    Args:
        network: a network that writes several voices.
        prompt: its header and its first bars.
        requirements: what is required; None for the model alone.
        limit: the maximum length, in characters.

    Raises:
        InputError: a model of several voices cannot do it.
    """
    if requirements is None:
        raise InputError("a model of several voices writes no piece without its grammar: no --raw")
    if requirements.plan or requirements.outline.names or requirements.usual.bars:
        raise InputError("a model of several voices plans no sections: no --form, --bars, --plan")
    if prompt.header.rhythm is not None:
        raise InputError("a model of several voices knows no rhythms: leave --rhythm out")
    piece = prompt_piece(prompt, network.usual)
    voices = requirements.voices
    if piece is not None and voices is None:
        voices = max(network.usual.voices or (len(piece.rows[0].cells),))
    known = network.usual.voices
    if voices is not None and known and voices not in known:
        raise InputError(f"this model writes {', '.join(map(str, known))} voices, not {voices}")
    ranges = requirements.ranges
    if voices is not None and len(ranges) not in {0, voices}:
        raise InputError(f"--ranges has {len(ranges)} for {voices} voices: give one for each")
    if not ranges and requirements.range is not None:
        ranges = (requirements.range,) * (voices or MOST_VOICES)
    return VoicesConstraint(
        prompt,
        network.masks,
        network.voices_grammars,
        network.usual,
        limit,
        voices=voices,
        given=[] if piece is None or voices is None else given_rows(piece, voices),
        ranges=ranges,
        parallels=requirements.parallels,
    )


def prompt_piece(prompt: Prompt, known: Usual = _ANY) -> Piece | None:
    """Return the notes of a prompt as rows; None if it has none.

    Its notes are one voice, the highest, or several, each after ``V:`` or ``[V:…]``.

    Args:
        prompt: the prompt.
        known: the unit note lengths that the network knows, in one of which the piece is.

    Raises:
        InputError: the notes are not whole bars of voices that are aligned.
    """
    if not prompt.notes.strip():
        return None
    header = prompt.header
    if header.key is None or header.meter is None or header.unit is None:
        raise InputError("notes of several voices need a header with M:, L: and K:")
    fields = [f"M:{header.meter}", f"L:{header.unit}", *prompt.aside, f"K:{header.key}"]
    text = "X:1\nT:\n" + "\n".join(fields) + f"\n{prompt.notes}\n"
    tune = parse_tunebook(text)[0].tune
    return simple_piece(tune, unit=_length(fed_unit(header.unit, known) or header.unit))


def given_rows(
    piece: Piece, voices: int, *, ends: bool = False, places: Sequence[int] | None = None
) -> list[GivenRow]:
    """Return the rows of ``piece`` as a constraint feeds them; missing voices are to be written.

    Args:
        piece: a piece of up to ``voices`` voices.
        voices: the number of voices of the whole.
        ends: whether the piece ends with its last row; if not, its final bar line is plain, or that
            of a section after a short bar.
        places: the place of each of its voices in the whole score, 0 for the highest; None for the
            highest places.

    Raises:
        InputError: it has more voices, or its key cannot be transposed.
    """
    rows = normal_rows(piece.rows, piece.key)
    if rows and len(rows[0].cells) > voices:
        raise InputError(f"there are {len(rows[0].cells)} voices, more than {voices}")
    found = []
    for row, length in zip(rows, piece.lengths, strict=True):
        cells = dict(zip(places or range(len(row.cells)), row.cells, strict=True))
        ordered = tuple(cells.get(place) for place in score_places(voices))
        found.append(GivenRow(row.opening, ordered, row.closing, ticks_of(length)))
    if found and not ends and found[-1].closing == FINAL:
        # A short bar is the last of its section: the next one begins with its pickup.
        is_short = piece.meter.bar is not None and piece.lengths[-1] < piece.meter.bar
        closing = "||" if is_short and len(found) > 1 else "|"
        found[-1] = found[-1]._replace(closing=closing)
    return found


def _length(unit: str) -> Fraction:
    return parse_unit(unit) or _EIGHTH


def _in_unit(rows: Iterable[Row], before: Fraction, after: Fraction) -> list[Row]:
    """The rows in another unit note length."""
    return [
        row._replace(
            cells=tuple(in_unit(lex(cell, Context.BODY), before, after) for cell in row.cells)
        )
        for row in rows
    ]


def _title(count: int, key: Key | None) -> str:
    mode = _MODES.get(key.mode, "") if key is not None and key.tonic != "none" else ""
    tonic = f" in {key.tonic} {mode}".rstrip() if key is not None and mode else ""
    return f"Piece for {_NUMBERS[count]} Voices{tonic}"


def clef_of(cell: str, piece: Piece) -> str:
    """The clef, as in a ``V:`` field, of a voice that begins with a bar; empty for treble.

    Args:
        cell: the music of the bar.
        piece: the piece; only its header is used.
    """
    return _clef(cell, piece.meter, piece.unit, piece.key)


def range_of(piece: Piece, place: int = 0) -> PitchRange:
    """The lowest and the highest pitch of a voice; middle C if it has none.

    Args:
        piece: the piece.
        place: the place of the voice in the score.
    """
    header = piece.meter, piece.unit, piece.key
    found = [pitch for row in piece.rows for pitch in _pitches(row.cells[place], *header)]
    return PitchRange(min(found, default=_MIDDLE_C), max(found, default=_MIDDLE_C))


def _pitches(cell: str, meter: Meter, unit: Fraction, key: Key | None) -> list[int]:
    """The pitches of a bar, as MIDI note numbers, in order."""
    sound, here = VoiceSound(), Cursor.begin(meter, unit, *(() if key is None else (key,)))
    for character in cell:
        after = here.feed(character)
        if after is None:
            break
        sound, here = sound.after(character, here, after), after
    return [pitch for attack in sound.bar for pitch in attack.pitches]


def _clef(cell: str, meter: Meter, unit: Fraction, key: Key | None) -> str:
    pitches = _pitches(cell, meter, unit, key)
    return " clef=bass" if pitches and sum(pitches) / len(pitches) < _BASS else ""
