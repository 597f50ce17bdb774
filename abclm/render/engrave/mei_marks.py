"""Marks above and below the notes: ties, slurs, decorations, chord symbols, annotations.

Each becomes an MEI control event, which refers to its notes by their ids.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from abclm.notation.syntax.decorations import decoration_name
from abclm.notation.tune.bars import Bar
from abclm.notation.tune.music import BodyField, Event, Overlay
from abclm.render.engrave.mei_layer import event_id, piece_ids, pitch_id
from abclm.render.engrave.mei_values import plain_text

__all__ = ["Marks", "remove_unfinished"]

_EVENTS: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "fermata": ("fermata", {"place": "above"}),
    "invertedfermata": ("fermata", {"place": "below", "form": "inv"}),
    "trill": ("trill", {"place": "above"}),
    "roll": ("turn", {"place": "above"}),
    "turn": ("turn", {"place": "above"}),
    "turnx": ("turn", {"place": "above"}),
    "invertedturn": ("turn", {"place": "above", "form": "lower"}),
    "invertedturnx": ("turn", {"place": "above", "form": "lower"}),
    "mordent": ("mordent", {"place": "above", "form": "lower"}),
    "lowermordent": ("mordent", {"place": "above", "form": "lower"}),
    "uppermordent": ("mordent", {"place": "above", "form": "upper"}),
    "pralltriller": ("mordent", {"place": "above", "form": "upper"}),
    "arpeggio": ("arpeg", {}),
    "breath": ("breath", {}),
    "segno": ("repeatMark", {"func": "segno", "place": "above"}),
    "coda": ("repeatMark", {"func": "coda", "place": "above"}),
}
_WORDS: Final = {
    "D.S.": "D.S.",
    "D.C.": "D.C.",
    "D.C.alcoda": "D.C. al Coda",
    "D.C.alfine": "D.C. al Fine",
    "D.S.alcoda": "D.S. al Coda",
    "D.S.alfine": "D.S. al Fine",
    "dacapo": "D.C.",
    "dacoda": "To Coda",
    "fine": "Fine",
}
_DYNAMICS: Final = frozenset(
    ["pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff", "sf", "sfz"]
)
_HAIRPINS: Final = {"crescendo(": "cres", "<(": "cres", "diminuendo(": "dim", ">(": "dim"}
_HAIRPIN_ENDS: Final = {"crescendo)": "cres", "<)": "cres", "diminuendo)": "dim", ">)": "dim"}
_PLACES: Final = {"^": "above", "_": "below"}

_Tied = dict[tuple[str, int], tuple[Element, str]]
"""Open ties: letter and octave to the measure and the id of the note where the tie starts."""


class Marks:
    """Writes the control events of one voice, bar by bar; remembers ties and spans left open."""

    def __init__(self, staff: int, prefix: str) -> None:
        self._staff = {"staff": str(staff)}
        self._prefix = prefix
        self._last: tuple[Element, Event] | None = None
        self._tied: _Tied = {}
        self._slurs: list[Element] = []
        self._hairpins: dict[str, Element] = {}

    def add(self, measure: Element, bar: Bar) -> None:
        """Add the marks of ``bar`` to ``measure``."""
        if bar.before.ending and bar.before.ending[0] > 1:
            # The first ending comes in between, so no tie crosses into a later one.
            self._last, self._tied = None, {}
        for item in bar.items:
            if isinstance(item, Overlay):
                self._last, self._tied = None, {}
            elif isinstance(item, BodyField):
                self._change(measure, item)
            elif isinstance(item, Event):
                self._event(measure, item)

    def _change(self, measure: Element, change: BodyField) -> None:
        if change.name == "P":
            mark = SubElement(measure, "reh", self._staff | {"tstamp": "0"})
            mark.text = plain_text(change.value)
        elif change.name == "Q" and '"' in change.value:
            tempo = SubElement(measure, "tempo", self._staff | {"tstamp": "1"})
            tempo.text = plain_text(change.value.split('"')[1])

    def _event(self, measure: Element, event: Event) -> None:
        name = event_id(self._prefix, event)
        self._ties(measure, event)
        for _ in range(event.opens):
            slur = SubElement(measure, "slur", self._staff | {"startid": f"#{name}"})
            self._slurs.append(slur)
        for _ in range(min(event.closes, len(self._slurs))):
            self._close_slur(name)
        for decoration in event.decorations:
            self._decorate(measure, name, decoration_name(decoration))
        for text in filter(str.strip, event.strings):
            self._write(measure, name, plain_text(text))
        self._last = (measure, event)

    def _close_slur(self, name: str) -> None:
        slur = self._slurs.pop()
        if slur.get("startid") != f"#{name}":
            slur.set("endid", f"#{name}")

    def _ties(self, measure: Element, event: Event) -> None:
        pieces = piece_ids(self._prefix, event)
        tied, self._tied = self._tied, {}
        resolved = False
        for pitch in dict.fromkeys(event.pitches):
            ids = [pitch_id(piece, event, pitch) for piece in pieces]
            place = (pitch.letter, pitch.octave)
            if place in tied:
                self._span(*tied[place], ids[0], "tie")
                resolved = True
            for before, after in pairwise(ids):
                self._span(measure, before, after, "tie")
            if event.tie and (not event.tied or event.pitches.index(pitch) in event.tied):
                self._tied[place] = (measure, ids[-1])
        if tied and not resolved and event.pitches and self._last is not None:
            # A tie between different pitches is a slur (ABC 2.1 section 4.11).
            start, last = self._last
            own = event_id(self._prefix, event)
            self._span(start, event_id(self._prefix, last), own, "slur")

    def _span(self, measure: Element, start: str, end: str, kind: str) -> None:
        SubElement(measure, kind, {"startid": f"#{start}", "endid": f"#{end}"})

    def _decorate(self, measure: Element, name: str, decoration: str) -> None:
        at = self._staff | {"startid": f"#{name}"}
        if decoration in _EVENTS:
            kind, attributes = _EVENTS[decoration]
            SubElement(measure, kind, at | attributes)
        elif decoration in _DYNAMICS:
            SubElement(measure, "dynam", at | {"place": "below"}).text = decoration
        elif decoration in _WORDS:
            SubElement(measure, "dir", at | {"place": "above"}).text = _WORDS[decoration]
        elif decoration.isdigit():
            SubElement(measure, "fing", at | {"place": "above"}).text = decoration
        elif decoration in _HAIRPINS:
            form = _HAIRPINS[decoration]
            self._hairpins[form] = SubElement(measure, "hairpin", at | {"form": form})
        elif decoration in _HAIRPIN_ENDS:
            hairpin = self._hairpins.pop(_HAIRPIN_ENDS[decoration], None)
            if hairpin is not None:
                hairpin.set("endid", f"#{name}")

    def _write(self, measure: Element, name: str, text: str) -> None:
        at = self._staff | {"startid": f"#{name}"}
        if text[0] in "^_<>@":
            SubElement(measure, "dir", at | {"place": _PLACES.get(text[0], "above")}).text = text[
                1:
            ]
        else:
            SubElement(measure, "harm", at | {"place": "above"}).text = text


def remove_unfinished(measures: Iterable[Element]) -> None:
    """Remove slurs and hairpins that never end; verovio needs both ends of a span."""
    for measure in measures:
        measure[:] = [
            element
            for element in measure
            if element.tag not in {"slur", "hairpin"} or "endid" in element.attrib
        ]
