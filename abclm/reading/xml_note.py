"""The ``note`` elements of MusicXML, each read in one pass over its children."""

from collections.abc import Callable
from typing import Final
from xml.etree.ElementTree import Element

from abclm.reading.fifths import Transposition, pitch_of
from abclm.reading.score import Grace, Pitch
from abclm.reading.xml_attributes import number

__all__ = ["RawNote", "exact_duration", "read_note"]

_LETTERS: Final = frozenset("ABCDEFG")
_MOST_ALTERATION: Final = 2
_OCTAVES: Final = range(-1, 10)
_MOST_SYLLABLE: Final = 60
_SYMBOLS: Final = {
    "staccato": ".",
    "staccatissimo": "wedge",
    "accent": "accent",
    "strong-accent": "marcato",
    "tenuto": "tenuto",
    "trill-mark": "trill",
    "turn": "turn",
    "inverted-turn": "invertedturn",
    "mordent": "lowermordent",
    "inverted-mordent": "uppermordent",
    "fermata": "fermata",
    "up-bow": "upbow",
    "down-bow": "downbow",
    "open-string": "open",
    "thumb-position": "thumb",
    "breath-mark": "breath",
    "arpeggiate": "arpeggio",
    "plus": "plus",
}
"""Articulations, ornaments and technical signs, with the decorations of ABC."""
_KINDS: Final = {
    "breve": 32,
    "whole": 16,
    "half": 8,
    "quarter": 4,
    "eighth": 2,
    "16th": 1,
    "32nd": 1 / 2,
    "64th": 1 / 4,
}
"""The types of notes, in sixteenths."""
_GROUPS: Final = frozenset({"articulations", "ornaments", "technical"})


class RawNote:
    """A note, chord or rest of one measure.

    Attributes:
        start: in the time of its measure; set when it is placed.
        duration: as the file says, in units of time.
        kind, dots: the type of the note, such as ``eighth``, and its dots.
        lyrics: for each verse, by its number, the syllable.
        extends: the verses whose syllable goes on over the following notes.
        tied: whether a tie starts at it.
        unpitched: the element that places it on the staff, of a drum.
        grace: whether it is a grace note, ``chord`` whether it sounds with the note before.
        unsounded: whether it is a cue note, which is not played here.
    """

    __slots__ = (
        "chord", "closes", "dots", "duration", "extends", "grace", "graces", "held", "instrument",
        "kind", "lyrics", "measure_rest", "opens", "pitches", "rest", "staff", "start", "symbols",
        "texts", "tied", "tuplet", "unpitched", "unsounded", "voice",
    )  # fmt: skip

    def __init__(self) -> None:
        self.start = 0
        self.duration = 0
        self.pitches: list[Pitch] = []
        self.held: list[Pitch] = []
        self.staff = 1
        self.voice = ""
        self.tied = False
        self.unpitched: Element | None = None
        self.tuplet = (1, 1)
        self.graces: list[Grace] = []
        self.symbols: list[str] = []
        self.texts: list[str] = []
        self.opens = 0
        self.closes = 0
        self.lyrics: dict[str, str] = {}
        self.extends: set[str] = set()
        self.grace = False
        self.chord = False
        self.rest = False
        self.measure_rest = False
        self.unsounded = False
        self.instrument = ""
        self.kind = ""
        self.dots = 0


def read_note(element: Element, units: int, moved: Transposition, drums: dict[str, int]) -> RawNote:
    """Read a ``note`` element.

    Args:
        element: the element.
        units: time units of its part in one of the current divisions.
        moved: how far the instrument sounds from what is written.
        drums: MIDI numbers by the id of a percussion instrument.
    """
    note = RawNote()
    for child in element:
        tag = child.tag
        if tag == "pitch":
            _read_pitch(note, child, moved)
        elif tag == "duration":
            note.duration = _duration(child.text, units)
        elif tag == "voice":
            note.voice = child.text or ""
        elif tag == "type":
            note.kind = child.text or ""
        elif tag in _READERS:
            _READERS[tag](note, child)
    if note.unpitched is not None:
        _read_unpitched(note, note.unpitched, drums)
    if note.tied and not note.grace:
        note.held = list(note.pitches)
    return note


def exact_duration(note: RawNote, quarter: int, units: int) -> int:
    """Return the duration of a note of a tuplet that its file has rounded to ``units``.

    Args:
        note: the note.
        quarter: units of time in a quarter note.
        units: those in one of the divisions that durations are counted in.
    """
    actual, normal = note.tuplet
    plain = _KINDS.get(note.kind, 0) * quarter / 4
    dotted = plain * (2 - 0.5 ** min(note.dots, 4))
    exact = round(dotted * normal / actual)
    return exact if abs(exact - note.duration) < units else note.duration


def _duration(text: str | None, units: int) -> int:
    try:
        value = int(text or "")
    except ValueError:
        try:
            return max(0, min(10**9, round(float(text or "") * units)))
        except (ValueError, OverflowError):
            return 0
    return max(0, min(10**9, value) * units)


def _read_pitch(note: RawNote, element: Element, moved: Transposition) -> None:
    letter, alteration, octave = "", 0, 4
    for child in element:
        tag = child.tag
        if tag == "step":
            letter = (child.text or "").strip()
        elif tag == "octave":
            octave = number(child.text, 4)
        elif tag == "alter":
            alteration = number(child.text)
    if letter not in _LETTERS or octave not in _OCTAVES:
        note.rest = True
        return
    if moved.steps or moved.semitones or not -2 <= alteration <= _MOST_ALTERATION:
        alteration = max(-4, min(4, alteration))
        note.pitches.append(moved.pitch(letter, alteration, octave))
    else:
        note.pitches.append(Pitch(letter, alteration, octave))


def _read_unpitched(note: RawNote, element: Element, drums: dict[str, int]) -> None:
    midi = drums.get(note.instrument)
    if midi is None and len(drums) == 1:
        (midi,) = drums.values()
    if midi is not None:
        note.pitches.append(pitch_of(midi))
        return
    letter = (element.findtext("display-step") or "B").strip()
    octave = number(element.findtext("display-octave"), 4)
    if letter in _LETTERS and octave in _OCTAVES:
        note.pitches.append(Pitch(letter, 0, octave))


def _read_rest(note: RawNote, element: Element) -> None:
    note.rest = True
    note.measure_rest = element.get("measure") == "yes"


def _read_tuplet(note: RawNote, element: Element) -> None:
    actual = number(element.findtext("actual-notes"), 1)
    normal = number(element.findtext("normal-notes"), 1)
    if 0 < actual < 100 and 0 < normal < 100:
        note.tuplet = (actual, normal)


def _read_lyric(note: RawNote, element: Element) -> None:
    verse = element.get("number") or element.get("name") or "1"
    text = ""
    syllabic = "single"
    for child in element:
        if child.tag == "text":
            text += child.text or ""
        elif child.tag == "elision":
            text += (child.text or "").strip() or " "
        elif child.tag == "syllabic":
            syllabic = (child.text or "").strip()
        elif child.tag == "extend" and child.get("type") != "stop":
            note.extends.add(verse)
    text = text.strip()[:_MOST_SYLLABLE]
    if text:
        note.lyrics[verse] = text + "-" * (syllabic in {"begin", "middle"})


def _read_tie(note: RawNote, element: Element) -> None:
    note.tied = note.tied or element.get("type") == "start"


def _read_drum(note: RawNote, element: Element) -> None:
    note.unpitched = element


def _read_grace(note: RawNote, _: Element) -> None:
    note.grace = True


def _read_chord(note: RawNote, _: Element) -> None:
    note.chord = True


def _read_staff(note: RawNote, element: Element) -> None:
    note.staff = number(element.text, 1)


def _read_dot(note: RawNote, _: Element) -> None:
    note.dots += 1


def _read_cue(note: RawNote, _: Element) -> None:
    note.unsounded = True


def _read_instrument(note: RawNote, element: Element) -> None:
    note.instrument = element.get("id", "")


def _read_notations(note: RawNote, element: Element) -> None:
    for child in element:
        tag = child.tag
        if tag == "tied":
            _read_tie(note, child)
        elif tag == "slur":
            kind = child.get("type")
            note.opens += kind == "start"
            note.closes += kind == "stop"
        elif tag in _GROUPS:
            note.symbols += [_SYMBOLS[sign.tag] for sign in child if sign.tag in _SYMBOLS]
        elif tag in _SYMBOLS:
            note.symbols.append(_SYMBOLS[tag])


_READERS: Final[dict[str, Callable[[RawNote, Element], None]]] = {
    "staff": _read_staff,
    "dot": _read_dot,
    "notations": _read_notations,
    "tie": _read_tie,
    "rest": _read_rest,
    "chord": _read_chord,
    "grace": _read_grace,
    "lyric": _read_lyric,
    "time-modification": _read_tuplet,
    "cue": _read_cue,
    "instrument": _read_instrument,
    "unpitched": _read_drum,
}
