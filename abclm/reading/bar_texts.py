"""The measures of one voice as ABC, each with the syllables below it."""

from collections.abc import Sequence
from typing import NamedTuple

from abclm.notation.syntax.meter import parse_meter
from abclm.notation.syntax.tables import DECORATION_LETTERS, DECORATION_NAMES
from abclm.reading.abc_strings import quoted, syllable
from abclm.reading.lengths import WHOLE, length_text
from abclm.reading.pieces import Piece, pieces_by_measure
from abclm.reading.pitch_texts import BarPitches
from abclm.reading.score import QUARTER, Measure, Note, Pitch, ScoreVoice
from abclm.reading.tuplets import Span, spans

__all__ = ["BarText", "VoiceWriter"]


class BarText(NamedTuple):
    """A measure of one voice.

    Attributes:
        music: its notes, without bar lines.
        syllables: for each verse the syllables of its notes, to be joined.
        moved: whether some of its times could not be written exactly.
    """

    music: str
    syllables: tuple[str, ...]
    moved: bool


class VoiceWriter:
    """Writes one voice, measure by measure.

    Args:
        voice: the voice.
        unit: the unit note length in ticks.
        marks: texts to write into it, by tick and in order, such as changes of tempo.
    """

    def __init__(self, voice: ScoreVoice, unit: int, marks: Sequence[tuple[int, str]]) -> None:
        self._voice = voice
        self._unit = unit
        self._pitches = BarPitches(voice.clef)
        self._key = ""
        self._verses = max((len(note.lyrics) for note in voice.notes), default=0)
        self._sung = [False] * self._verses
        self._slurs = _Slurs(voice.notes)
        self._chords = _Waiting([(one.start, quoted(one.text)) for one in voice.chords])
        self._marks = _Waiting(marks)
        self._held: dict[int, tuple[Pitch, ...]] = _held(voice.notes)

    def bars(self, measures: Sequence[Measure]) -> list[BarText]:
        """Return the text of each measure."""
        return [
            self._bar(measure, pieces)
            for measure, pieces in zip(
                measures, pieces_by_measure(self._voice, measures), strict=True
            )
        ]

    def _bar(self, measure: Measure, pieces: Sequence[Piece]) -> BarText:
        if measure.key != self._key:
            self._key = measure.key
            self._pitches.in_key(measure.key)
        self._pitches.new_bar()
        found = spans(pieces)
        texts: list[str] = []
        syllables: list[list[str]] = [[] for _ in range(self._verses)]
        beat, alone = _beam(measure.meter, pieces)
        last = length = 0
        for span in found:
            for place, (piece, written) in enumerate(zip(span.pieces, span.written, strict=True)):
                opening = _tuplet_mark(span) if not place and span.notes > 1 else ""
                start = piece.start
                if texts and (
                    opening
                    or (
                        span.notes == 1
                        and (start // beat != last // beat or max(length, piece.length) >= alone)
                    )
                ):
                    texts.append(" ")
                last, length = start, piece.length
                texts.append(opening + self._symbol(measure.start, piece, written))
                if self._verses and piece.note is not None and piece.note.pitches:
                    self._sing(piece, len(written), syllables)
            last = -1 if span.notes > 1 else last
        return BarText(
            "".join(texts),
            tuple(map(_joined, syllables)),
            any(span.moved for span in found),
        )

    def _symbol(self, begin: int, piece: Piece, written: Sequence[int]) -> str:
        """A piece: what stands before it, its notes, and the ties between them."""
        unit = self._unit
        note = piece.note
        start = begin + piece.start
        before = self._marks.until(start + 1) + self._chords.until(start + piece.length)
        if note is None or not note.pitches:
            rest = "".join("z" + length_text(length, unit) for length in written)
            if note is not None and piece.begins:
                before += _decorations(note) + _annotations(note)
            return before + rest
        pitches = note.pitches
        whole = len(pitches) == 1
        after = ""
        if piece.begins and (note.opens or note.closes or note.graces or note.symbols):
            before = "(" * self._slurs.opens(note) + self._graces(note) + before
            before += _decorations(note)
        if piece.begins and note.texts:
            before += _annotations(note)
        held = () if piece.continues else self._held.get(id(note), ())
        if not piece.continues and note.closes:
            after = ")" * self._slurs.closes(note)
        write = self._pitches.write
        texts: list[str] = []
        end = len(written) - 1
        for place, length in enumerate(written):
            tie = "-" if place < end or piece.continues else ""
            if whole:
                text = write(pitches[0]) + length_text(length, unit)
                tie = tie or ("-" if held else "")
            elif tie or not held or set(held) >= set(pitches):
                text = f"[{''.join(map(write, pitches))}]{length_text(length, unit)}"
                tie = tie or ("-" if held else "")
            else:
                inner = "".join(write(one) + ("-" if one in held else "") for one in pitches)
                text = f"[{inner}]{length_text(length, unit)}"
            texts.append(text + tie)
        return before + "".join(texts) + after

    def _graces(self, note: Note) -> str:
        if not note.graces:
            return ""
        write = self._pitches.write
        groups = ("".join(map(write, grace.pitches)) for grace in note.graces)
        texts = (
            f"[{text}]" if len(grace.pitches) > 1 else text
            for grace, text in zip(note.graces, groups, strict=True)
        )
        return "{" + "".join(texts) + "}"

    def _sing(self, piece: Piece, written: int, syllables: list[list[str]]) -> None:
        note = piece.note
        if note is None:
            return
        for verse, row in enumerate(syllables):
            text = ""
            if piece.begins and verse < len(note.lyrics):
                text = syllable(note.lyrics[verse])
                self._sung[verse] = bool(text)
            elif piece.begins:
                self._sung[verse] = False
            more = "_" if self._sung[verse] else "*"
            row += [text or ("*" if piece.begins else more), *[more] * (written - 1)]


class _Waiting:
    """Texts by tick, each to be written once."""

    def __init__(self, texts: Sequence[tuple[int, str]]) -> None:
        self._texts = texts
        self._next = 0

    def until(self, end: int) -> str:
        """Return those before tick ``end`` that have not been written yet."""
        first = self._next
        while self._next < len(self._texts) and self._texts[self._next][0] < end:
            self._next += 1
        return "".join(text for _, text in self._texts[first : self._next])


class _Slurs:
    """The slurs of a voice that open and close."""

    def __init__(self, notes: Sequence[Note]) -> None:
        self._opens: dict[int, int] = {}
        self._closes: dict[int, int] = {}
        waiting: list[int] = []
        for note in notes:
            if not note.opens and not note.closes:
                continue
            for _ in range(note.closes):
                if waiting and note.pitches:
                    opened = waiting.pop()
                    self._opens[opened] = self._opens.get(opened, 0) + 1
                    self._closes[id(note)] = self._closes.get(id(note), 0) + 1
            if note.pitches:
                waiting += [id(note)] * note.opens

    def opens(self, note: Note) -> int:
        return self._opens.get(id(note), 0)

    def closes(self, note: Note) -> int:
        return self._closes.get(id(note), 0)


def _held(notes: Sequence[Note]) -> dict[int, tuple[Pitch, ...]]:
    """The pitches of a note that are tied, where the next note has them and follows at once."""
    held: dict[int, tuple[Pitch, ...]] = {}
    for index in range(len(notes) - 1):
        note = notes[index]
        if note.held and notes[index + 1].start == note.end:
            following = notes[index + 1].pitches
            kept = tuple(pitch for pitch in note.held if pitch in following)
            if kept:
                held[id(note)] = kept
    return held


def _decorations(note: Note) -> str:
    texts: list[str] = []
    for symbol in note.symbols:
        if symbol in DECORATION_LETTERS:
            texts.append(symbol)
        elif symbol in DECORATION_NAMES:
            texts.append(f"!{symbol}!")
    return "".join(texts)


def _annotations(note: Note) -> str:
    return "".join(quoted(f"^{text}") for text in note.texts)


def _tuplet_mark(span: Span) -> str:
    if (span.notes, span.times, span.size) == (3, 2, 3):
        return "(3"
    return f"({span.notes}:{span.times}:{span.size}"


def _beam(meter: str, pieces: Sequence[Piece]) -> tuple[int, int]:
    """The length of a beam group in ticks, and the length from which a note stands alone."""
    known = parse_meter(meter)
    if known is None:
        return QUARTER, QUARTER
    group = int(known.group * WHOLE)
    if known.compound:
        return group, group
    if group > QUARTER and any(piece.length < QUARTER // 2 for piece in pieces):
        group = QUARTER
    return group, QUARTER


def _joined(row: Sequence[str]) -> str:
    """The syllables of a bar; those that are missing at its end need no sign."""
    last = len(row)
    while last and row[last - 1] == "*":
        last -= 1
    text = ""
    for one in row[:last]:
        text += one if not text or (text.endswith("-") and one not in "_*") else f" {one}"
    return text
