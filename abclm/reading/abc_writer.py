"""A score as the text of one ABC tune: header, then systems with a line for each voice."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from abclm.notation.syntax.meter import parse_meter
from abclm.notation.syntax.tables import BAR_END_SIGNS
from abclm.reading.abc_strings import field_text, quoted
from abclm.reading.bar_texts import BarText, VoiceWriter
from abclm.reading.legal_measures import legal_measures
from abclm.reading.lengths import WHOLE, best_unit, whole_notes
from abclm.reading.score import Ending, Measure, Part, Remark, Score, Tempo

__all__ = ["Written", "write_abc"]

_BARS_A_LINE = 4
_LINE = 96
"""Characters of the longest voice after which a system ends before its fourth bar."""
_STYLES = {Ending.PLAIN: "|", Ending.DOUBLE: "||", Ending.FINAL: "|]"}


@dataclass(frozen=True, slots=True)
class Written:
    """A score as ABC.

    Attributes:
        text: one tune, which ends in a line end.
        remarks: those of the score, and what could not be written exactly.
    """

    text: str
    remarks: tuple[Remark, ...]


def write_abc(score: Score, *, number: int = 1, every_meter: bool = False) -> Written:
    """Write a score as one tune.

    A measure whose length is not that of its meter gets a meter of its own, unless it stands where
    a short one is usual: at the beginning, the end, or beside a repeat or a double bar.

    Args:
        score: what to write; it has a measure and a voice at least.
        number: the reference number of the tune.
        every_meter: whether each such measure gets its own meter, wherever it stands.
    """
    measures, remarks = legal_measures(score.measures)
    lengths = Counter(note.duration for voice in score.voices for note in voice.notes)
    unit = best_unit(lengths)
    meters = list(_meters(measures, every=every_meter))
    marks = sorted([*_tempo_marks(score.tempos), *_starting_signs(measures)])
    voices: list[list[BarText]] = []
    for place, voice in enumerate(score.voices):
        writer = VoiceWriter(voice, unit, () if place else marks)
        voices.append(writer.bars(measures))
    lines = [*_header(score, meters[0], unit, number)]
    for start, end in _systems(measures, voices):
        lines += _system(measures, meters, voices, start, end)
    moved = sum(any(bars[place].moved for bars in voices) for place in range(len(measures)))
    if moved:
        remarks.append(
            Remark(f"times that no note has were moved a little in {_count(moved, 'measure')}")
        )
    return Written("\n".join(lines) + "\n", (*score.remarks, *remarks))


def _meters(measures: Sequence[Measure], *, every: bool) -> Iterator[str]:
    """The meter to write for each measure."""
    for place, measure in enumerate(measures):
        known = parse_meter(measure.meter)
        bar = known.bar if known is not None else None
        if known is None or bar is None:
            yield "none"
            continue
        full = int(bar * WHOLE)
        if measure.length == full or (
            not every and measure.length < full and _is_at_boundary(measures, place)
        ):
            yield measure.meter
        else:
            yield whole_notes(measure.length, known.beat_unit)


def _is_at_boundary(measures: Sequence[Measure], place: int) -> bool:
    if place in (0, len(measures) - 1):
        return True
    one, before, after = measures[place], measures[place - 1], measures[place + 1]
    return bool(
        one.opens
        or one.closes
        or one.endings
        or one.right is not Ending.PLAIN
        or before.closes
        or before.right is not Ending.PLAIN
        or after.opens
        or after.endings
    )


def _header(score: Score, meter: str, unit: int, number: int) -> Iterator[str]:
    yield f"X:{number}"
    yield f"T:{field_text(score.title) or 'Untitled'}"
    for letter, value in (("C", score.composer), ("S", score.source), ("N", score.rights)):
        for line in filter(None, map(field_text, value.splitlines())):
            yield f"{letter}:{line}"
    yield f"M:{meter}"
    yield f"L:{whole_notes(unit)}"
    first = [tempo for tempo in score.tempos if tempo.start <= 0]
    if first:
        yield f"Q:{_tempo(first[-1])}"
    key = score.measures[0].key
    voices = score.voices
    if len(voices) == 1:
        clef = voices[0].clef
        yield from _sound(score.parts[0])
        yield f"K:{key}" + (f" clef={clef}" if clef != "treble" else "")
        return
    yield from _staves(score.parts)
    ids = iter(range(1, len(voices) + 1))
    for part in score.parts:
        for place, voice in enumerate(part.voices):
            name = f" name={quoted(part.name)}" if part.name.strip() and not place else ""
            # abc2midi overlooks the octave of a clef that other properties follow.
            yield f"V:{next(ids)}{name} clef={voice.clef}"
            yield from _sound(part)
    yield f"K:{key}"


def _staves(parts: Sequence[Part]) -> Iterator[str]:
    """The grouping of voices to staves, if it differs from a staff for each."""
    if all(len(part.voices) == 1 for part in parts):
        return
    texts: list[str] = []
    number = 0
    for part in parts:
        staves: list[str] = []
        for staff in part.staves:
            ids = range(number + 1, number + len(staff) + 1)
            number += len(staff)
            text = " ".join(map(str, ids))
            staves.append(f"({text})" if len(ids) > 1 else text)
        joined = " | ".join(staves)
        texts.append(f"{{{joined}}}" if len(staves) > 1 else joined)
    yield f"%%score {' '.join(texts)}"


def _sound(part: Part) -> Iterator[str]:
    if part.drums:
        yield "%%MIDI channel 10"
    elif part.program is not None:
        yield f"%%MIDI program {part.program}"


def _tempo(tempo: Tempo) -> str:
    beats = max(1, round(tempo.beats))
    return f"{whole_notes(tempo.beat)}={beats}"


def _tempo_marks(tempos: Sequence[Tempo]) -> Iterator[tuple[int, str]]:
    """The changes of tempo, by tick."""
    for one in tempos:
        if one.start > 0:
            yield one.start, f"[Q:{_tempo(one)}]"


def _starting_signs(measures: Sequence[Measure]) -> Iterator[tuple[int, str]]:
    """The signs of navigation at the beginning of measures, by tick."""
    for one in measures:
        for sign in one.signs:
            if sign not in BAR_END_SIGNS:
                yield one.start, f"!{sign}!"


def _ending_signs(measure: Measure) -> str:
    """The other signs, to be written before the bar line."""
    return "".join(f"!{sign}! " for sign in measure.signs if sign in BAR_END_SIGNS)


def _systems(
    measures: Sequence[Measure], voices: Sequence[Sequence[BarText]]
) -> Iterator[tuple[int, int]]:
    """The first measure of each system, and the one behind its last."""
    start = 0
    width = 0
    for place, measure in enumerate(measures):
        longest = max(len(bars[place].music) for bars in voices)
        if place > start and (
            place - start == _BARS_A_LINE
            or width + longest > _LINE
            or measure.opens
            or measures[place - 1].closes
            or measures[place - 1].right is not Ending.PLAIN
        ):
            yield start, place
            start, width = place, 0
        width += longest + 3
    yield start, len(measures)


def _system(
    measures: Sequence[Measure],
    meters: Sequence[str],
    voices: Sequence[Sequence[BarText]],
    start: int,
    end: int,
) -> Iterator[str]:
    """The lines of a system, each voice with the words below it."""
    around = [_around(measures, meters, place) for place in range(start, end)]
    signs = [_ending_signs(measure) for measure in measures[start:end]]
    for number, bars in enumerate(voices, 1):
        cells = [
            f"{before}{bar.music} {'' if number > 1 else sign}{after}"
            for (before, after), sign, bar in zip(around, signs, bars[start:end], strict=True)
        ]
        yield (f"[V:{number}] " if len(voices) > 1 else "") + " ".join(cells)
        verses = list(zip(*(bar.syllables for bar in bars[start:end]), strict=True))
        while verses and not any(verses[-1]):
            verses.pop()
        for verse in verses:
            words = " ".join(" | ".join(verse).split()).rstrip(" |")
            yield f"w: {words or '*'}"


def _around(measures: Sequence[Measure], meters: Sequence[str], place: int) -> tuple[str, str]:
    """What stands before and after the notes of a measure in every voice."""
    measure = measures[place]
    before = "|" + ":" * (_times_of(measures, place) - 1) + " " if measure.opens else ""
    if measure.endings:
        before += f"[{','.join(map(str, measure.endings))} "
    if place and meters[place] != meters[place - 1]:
        before += f"[M:{meters[place]}]"
    if place and measure.key != measures[place - 1].key:
        before += f"[K:{measure.key}]"
    if measure.closes:
        return before, ":" * max(1, measure.times - 1) + "|"
    last = place == len(measures) - 1
    return before, "|]" if last else _STYLES[measure.right]


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


def _times_of(measures: Sequence[Measure], place: int) -> int:
    """How often the repeat that opens at ``place`` is played."""
    closing = next((one for one in measures[place:] if one.closes), None)
    return max(2, closing.times) if closing is not None else 2
