"""One part of MusicXML, measure by measure, before its notes become voices."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from abclm.reading.fifths import UNMOVED, Transposition
from abclm.reading.score import QUARTER, Ending, Grace
from abclm.reading.xml_attributes import (
    clef_of,
    endings_of,
    meter_of,
    number,
    transposition_of,
)
from abclm.reading.xml_harmony import chord_text
from abclm.reading.xml_note import RawNote, exact_duration, read_note
from abclm.reading.xml_signs import sign_in_words, signs_of

__all__ = ["PartReader", "RawMeasure"]

_BEATS: Final = {
    "long": 16 * QUARTER,
    "breve": 8 * QUARTER,
    "whole": 4 * QUARTER,
    "half": 2 * QUARTER,
    "quarter": QUARTER,
    "eighth": QUARTER // 2,
    "16th": QUARTER // 4,
    "32nd": QUARTER // 8,
}
_DYNAMICS: Final = frozenset(["ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "sfz"])
_STYLES: Final = {
    "light-light": Ending.DOUBLE,
    "light-heavy": Ending.FINAL,
    "heavy-heavy": Ending.FINAL,
}
_PER_MINUTE: Final = re.compile(r"\d{1,4}(?:\.\d{1,4})?")
_MOST_WORDS: Final = 80
_MOST_TIMES: Final = 9
_MOST_STAVES: Final = 16


@dataclass(slots=True)
class RawMeasure:
    """What one part says of a measure; times are units from its start.

    Attributes:
        end: where its music ends; ``rest_end`` that of a rest marked as a whole measure.
        implicit: whether it is not counted, as a pickup is.
        meter, fifths, mode: if they change here.
        chords: chord symbols, by time.
        tempos: beats a minute and the ticks of a beat, by time.
        signs: decorations that control the order of playing, by time.
        number: as the file counts it; -1 if that is not a number.
    """

    notes: list[RawNote] = field(default_factory=list)
    end: int = 0
    rest_end: int = 0
    implicit: bool = False
    meter: str | None = None
    fifths: int | None = None
    mode: str = "major"
    opens: bool = False
    closes: bool = False
    times: int = 2
    endings: tuple[int, ...] = ()
    right: Ending = Ending.PLAIN
    chords: list[tuple[int, int, str]] = field(default_factory=list)
    tempos: list[tuple[int, float, int]] = field(default_factory=list)
    signs: list[tuple[int, str]] = field(default_factory=list)
    number: int = -1


class PartReader:
    """Reads the measures of a part.

    Args:
        quarter: units of time in a quarter note, a multiple of all divisions.
        drums: MIDI numbers by the id of a percussion instrument.

    Attributes:
        measures: those read so far.
        clefs: how many notes of each staff stand under each clef.
        staves: the number of staves.
    """

    def __init__(self, quarter: int, drums: dict[str, int]) -> None:
        self.measures: list[RawMeasure] = []
        self.clefs: dict[int, Counter[str]] = {}
        self._clef: dict[int, str] = {}
        self.staves = 1
        self._quarter = quarter
        self._drums = drums
        self._units = quarter
        self._moved: Transposition = UNMOVED
        self._now = self._filed = 0
        self._exact: dict[int, int] = {}
        self._graces: dict[tuple[int, str], list[Grace]] = {}
        self._waiting: list[tuple[int, str, bool]] = []
        self._opens_next = False

    def read(self, element: Element) -> None:
        """Read the next ``measure`` element."""
        measure = RawMeasure(
            implicit=element.get("implicit") == "yes",
            opens=self._opens_next,
            number=number(element.get("number"), -1),
        )
        self._opens_next = False
        self.measures.append(measure)
        self._now = self._filed = 0
        self._exact.clear()
        last: RawNote | None = None
        for child in element:
            tag = child.tag
            if tag == "note":
                last = self._note(measure, child, last)
            elif tag == "backup":
                self._move(-self._duration(child))
            elif tag == "forward":
                self._move(self._duration(child))
                measure.end = max(measure.end, self._now)
            elif tag == "attributes":
                self._attributes(measure, child)
            elif tag == "barline":
                self._barline(measure, child)
            elif tag == "harmony":
                self._harmony(measure, child)
            elif tag == "direction":
                self._direction(measure, child)
            elif tag == "sound":
                self._sound(measure, child, self._now)
                measure.signs += [(self._now, sign) for sign in signs_of(child)]

    def _duration(self, element: Element) -> int:
        return max(0, min(10**9, number(element.findtext("duration")))) * self._units

    def _move(self, duration: int) -> None:
        """Go back or forward by a duration of the file, to the exact time of that place."""
        exact = self._now + duration
        self._filed = max(0, self._filed + duration)
        self._now = max(0, self._exact.get(self._filed, exact if duration > 0 else self._filed))

    def _note(self, measure: RawMeasure, element: Element, last: RawNote | None) -> RawNote | None:
        note = read_note(element, self._units, self._moved, self._drums)
        place = (note.staff, note.voice)
        if note.grace:
            self._grace(note, place)
            return last
        if note.chord and last is not None:
            note.start = last.start
            # The first note of a chord is its longest; others differ by rounding, or are shorter.
            if note.duration > last.duration - self._units:
                note.duration = last.duration
            if note.duration == last.duration and note.pitches and not last.rest:
                _join(last, note)
                return last
            note.voice, note.staff = last.voice, note.staff
            if note.pitches:
                measure.notes.append(note)
                measure.end = max(measure.end, note.start + note.duration)
            return last
        self._place(measure, note)
        if note.unsounded or not note.duration:
            note.pitches.clear()
            note.rest = True
        elif note.pitches:
            note.graces = self._graces.pop(place, []) if self._graces else []
            self._attach(note)
            measure.notes.append(note)
        return note

    def _place(self, measure: RawMeasure, note: RawNote) -> None:
        """Set the time of a note, and go on behind it.

        Programs round the notes of tuplets to their divisions. They are taken as they are meant,
        and both times are kept so that ``backup`` finds its place.
        """
        note.start = self._now
        self._filed += note.duration
        if note.tuplet != (1, 1) and note.duration:
            note.duration = exact_duration(note, self._quarter, self._units)
        self._now += note.duration
        if self._now != self._filed:
            self._exact[self._filed] = self._now
        if note.measure_rest:
            measure.rest_end = max(measure.rest_end, self._now)
        else:
            measure.end = max(measure.end, self._now)

    def _grace(self, note: RawNote, place: tuple[int, str]) -> None:
        if not note.pitches or note.unsounded:
            return
        graces = self._graces.setdefault(place, [])
        if note.chord and graces:
            pitches = sorted({*graces[-1].pitches, *note.pitches}, key=lambda one: one[2])
            graces[-1] = graces[-1]._replace(pitches=tuple(pitches))
        else:
            graces.append(Grace(tuple(note.pitches), QUARTER // 2))

    def _attach(self, note: RawNote) -> None:
        """Give a note what the directions before it in its staff say, and count its clef."""
        clef = self._clef.get(note.staff, "treble")
        self.clefs.setdefault(note.staff, Counter())[clef] += 1
        if not self._waiting:
            return
        for staff, text, is_symbol in self._waiting:
            if staff == note.staff:
                (note.symbols if is_symbol else note.texts).append(text)
        self._waiting = [one for one in self._waiting if one[0] != note.staff]

    def _attributes(self, measure: RawMeasure, element: Element) -> None:
        for child in element:
            tag = child.tag
            if tag == "divisions":
                self._units = self._quarter // max(1, _divisions(child.text))
            elif tag == "key" and child.find("fifths") is not None:
                fifths = max(-12, min(12, number(child.findtext("fifths"))))
                measure.fifths = fifths + self._moved.fifths
                measure.mode = (child.findtext("mode") or "major").strip().lower()
            elif tag == "time" and child.get("print-object") != "no":
                measure.meter = meter_of(child) or measure.meter
            elif tag == "staves":
                self.staves = max(1, min(_MOST_STAVES, number(child.text, 1)))
            elif tag == "clef":
                self._clef[number(child.get("number"), 1)] = clef_of(child)
            elif tag == "transpose":
                before = self._moved
                self._moved = transposition_of(child)
                if measure.fifths is not None:
                    measure.fifths += self._moved.fifths - before.fifths

    def _barline(self, measure: RawMeasure, element: Element) -> None:
        left = element.get("location") == "left"
        style = _STYLES.get(element.findtext("bar-style") or "", Ending.PLAIN)
        if style:
            target = self.measures[-2:][0] if left else measure
            if target is not measure or not left:
                target.right = max(target.right, style)
        repeat = element.find("repeat")
        if repeat is not None:
            self._repeat(measure, repeat, left=left)
        now = 0 if left else self._now
        measure.signs += [(now, sign) for sign in signs_of(element)]
        ending = element.find("ending")
        if ending is not None and ending.get("type") == "start" and not measure.endings:
            measure.endings = endings_of(ending)

    def _repeat(self, measure: RawMeasure, repeat: Element, *, left: bool) -> None:
        if repeat.get("direction") == "forward":
            if left or measure.end == 0:
                measure.opens = True
            else:
                self._opens_next = True
            return
        if left and len(self.measures) > 1:
            measure = self.measures[-2]
        elif left:
            return
        measure.closes = True
        measure.times = max(2, min(_MOST_TIMES, number(repeat.get("times"), 2)))

    def _harmony(self, measure: RawMeasure, element: Element) -> None:
        text = chord_text(element, self._moved)
        if text:
            now = max(0, self._now + number(element.findtext("offset")) * self._units)
            measure.chords.append((now, number(element.findtext("staff"), 1), text))

    def _direction(self, measure: RawMeasure, element: Element) -> None:
        offset = number(element.findtext("offset")) * self._units
        staff = number(element.findtext("staff"), 1)
        known = len(measure.tempos)
        for kind in element.iterfind("direction-type/*"):
            if kind.tag == "words":
                words = " ".join((kind.text or "").split())
                if words and len(words) <= _MOST_WORDS and not sign_in_words(words):
                    self._waiting.append((staff, words, False))
            elif kind.tag == "dynamics":
                self._waiting += [(staff, one.tag, True) for one in kind if one.tag in _DYNAMICS]
            elif kind.tag == "metronome":
                _metronome(measure, kind, max(0, self._now + offset))
        measure.signs += [(max(0, self._now + offset), sign) for sign in signs_of(element)]
        sound = element.find("sound")
        if sound is not None and len(measure.tempos) == known:
            self._sound(measure, sound, max(0, self._now + offset))

    def _sound(self, measure: RawMeasure, element: Element, now: int) -> None:
        match = _PER_MINUTE.match(element.get("tempo", ""))
        if match and float(match[0]) >= 1:
            measure.tempos.append((now, float(match[0]), QUARTER))


def _divisions(text: str | None) -> int:
    return number(text, 1)


def _join(chord: RawNote, note: RawNote) -> None:
    """Add a note to the chord it sounds in."""
    chord.pitches += note.pitches
    chord.held += note.held
    chord.symbols += [one for one in note.symbols if one not in chord.symbols]
    chord.opens += note.opens
    chord.closes += note.closes
    chord.lyrics |= note.lyrics
    chord.extends |= note.extends


def _metronome(measure: RawMeasure, element: Element, now: int) -> None:
    """Read ``beat-unit = per-minute``; other forms, such as note = note, say no tempo."""
    units: list[Element] = element.findall("beat-unit")
    match = _PER_MINUTE.search(element.findtext("per-minute") or "")
    if len(units) != 1 or not match or float(match[0]) < 1:
        return
    beat = _BEATS.get((units[0].text or "").strip())
    if beat is not None:
        ticks = beat * 3 // 2 if element.find("beat-unit-dot") is not None else beat
        measure.tempos.append((now, float(match[0]), ticks))
