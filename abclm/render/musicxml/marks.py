"""What stands above and below the notes: decorations, slurs, hairpins, lyrics, chord symbols."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from abclm.notation.syntax.chord_symbols import is_no_chord, parse_chord_symbol
from abclm.notation.syntax.decorations import decoration_name
from abclm.notation.tune.music import Event
from abclm.render.engrave.lyrics import Syllable
from abclm.render.musicxml.signs import text_of

__all__ = ["Marks"]

_ARTICULATIONS: Final = {
    "staccato": "Staccato",
    "accent": "Accent",
    ">": "Accent",
    "emphasis": "Accent",
    "tenuto": "Tenuto",
    "marcato": "StrongAccent",
    "^": "StrongAccent",
    "wedge": "Staccatissimo",
    "upbow": "UpBow",
    "downbow": "DownBow",
    "open": "OpenString",
    "snap": "SnapPizzicato",
    "thumb": "StringThumbPosition",
    "plus": "Stopped",
    "+": "Stopped",
    "breath": "BreathMark",
}
_EXPRESSIONS: Final = {
    "fermata": "Fermata",
    "invertedfermata": "Fermata",
    "trill": "Trill",
    "roll": "Turn",
    "turn": "Turn",
    "turnx": "Turn",
    "invertedturn": "InvertedTurn",
    "invertedturnx": "InvertedTurn",
    "mordent": "Mordent",
    "lowermordent": "Mordent",
    "uppermordent": "InvertedMordent",
    "pralltriller": "InvertedMordent",
    "arpeggio": "ArpeggioMark",
}
_NAVIGATION: Final = {
    "segno": "Segno",
    "coda": "Coda",
    "fine": "Fine",
    "D.C.": "DaCapo",
    "dacapo": "DaCapo",
    "D.C.alfine": "DaCapoAlFine",
    "D.C.alcoda": "DaCapoAlCoda",
    "D.S.": "DalSegno",
    "D.S.alfine": "DalSegnoAlFine",
    "D.S.alcoda": "DalSegnoAlCoda",
}
_DYNAMICS: Final = frozenset(
    ["pppp", "ppp", "pp", "p", "mp", "mf", "f", "ff", "fff", "ffff", "sf", "sfz"]
)
_OPENING: Final = {"crescendo(", "<(", "diminuendo(", ">("}
_CLOSING: Final = {"crescendo)", "<)", "diminuendo)", ">)"}
_SYLLABIC: Final = {"s": "single", "i": "begin", "m": "middle", "t": "end"}
_PLACES: Final = {"^": "above", "_": "below"}
_ABOVE: Final = "^_<>@"


class Marks:
    """Adds the marks of one voice to its notes.

    Attributes:
        spanners: the slurs and hairpins that have both ends.
    """

    def __init__(self) -> None:
        self.spanners: list[Any] = []
        self._slurs: list[Any] = []
        self._hairpins: dict[str, Any] = {}
        self._last: Any = None

    def add(
        self,
        event: Event,
        pieces: Sequence[Any],
        sung: Sequence[Syllable],
        *,
        slurred: bool,
    ) -> list[Any]:
        """Add the marks of ``event`` to its notes; return what stands beside them.

        Args:
            event: the event.
            pieces: the notes, chords or rests that it is written as.
            sung: its syllables.
            slurred: whether a slur from the event before ends here.
        """
        first, last = pieces[0], pieces[-1]
        if slurred and self._last is not None:
            self._span(self._last, first)
        self._last = last
        self._slurs += [first] * event.opens
        for _ in range(min(event.closes, len(self._slurs))):
            start = self._slurs.pop()
            if start is not last:
                self._span(start, last)
        self._sing(first, sung)
        beside = [mark for text in event.strings for mark in _strings(text)]
        for decoration in event.decorations:
            beside += self._decorate(first, decoration_name(decoration))
        return beside

    def _span(self, start: Any, end: Any) -> None:
        from music21 import spanner  # noqa: PLC0415 - heavy

        self.spanners.append(spanner.Slur(start, end))

    def _sing(self, note: Any, sung: Sequence[Syllable]) -> None:
        from music21 import note as notes  # noqa: PLC0415 - heavy

        for syllable in sung:
            note.lyrics.append(
                notes.Lyric(
                    text=text_of(syllable.text),
                    number=syllable.verse,
                    syllabic=_SYLLABIC[syllable.place],
                    applyRaw=True,
                )
            )

    def _decorate(self, note: Any, name: str) -> Iterator[Any]:
        from music21 import dynamics, expressions, repeat  # noqa: PLC0415 - heavy

        if name in _NAVIGATION:
            yield getattr(repeat, _NAVIGATION[name])()
        elif name == "dacoda":
            yield expressions.TextExpression("To Coda")
        elif name in _DYNAMICS:
            yield dynamics.Dynamic(name)
        elif name in _OPENING:
            self._hairpins[_form(name)] = note
        elif name in _CLOSING:
            start = self._hairpins.pop(_form(name), note)
            kind = dynamics.Crescendo if _form(name) == "<" else dynamics.Diminuendo
            if start is not note:
                self.spanners.append(kind(start, note))
        else:
            _attach(note, name)


def _attach(note: Any, name: str) -> None:
    """Add the decoration ``name`` to a note, if MusicXML has it."""
    from music21 import articulations, expressions  # noqa: PLC0415 - heavy

    if name in _ARTICULATIONS:
        note.articulations.append(getattr(articulations, _ARTICULATIONS[name])())
    elif name.isdigit():
        note.articulations.append(articulations.Fingering(int(name)))
    elif name in _EXPRESSIONS:
        made = getattr(expressions, _EXPRESSIONS[name])()
        if name == "invertedfermata":
            made.type = "inverted"
        note.expressions.append(made)


def _form(name: str) -> str:
    return "<" if name[0] in "<c" else ">"


def _strings(text: str) -> Iterator[Any]:
    """Yield the chord symbol or the annotation that a string between quotation marks is."""
    from music21 import expressions, harmony  # noqa: PLC0415 - heavy

    chord = parse_chord_symbol(text)
    if chord is not None:
        made = harmony.ChordSymbol(
            root=chord.root.replace("b", "-"),
            bass=chord.bass.replace("b", "-") or None,
            kind=chord.quality,
        )
        for degree in chord.degrees:
            change = harmony.ChordStepModification(*degree)
            made.addChordStepModification(change, updatePitches=False)
        yield made
        return
    if is_no_chord(text):
        yield harmony.NoChord()
        return
    words = text_of(text[text[0] in _ABOVE :] if text else "").strip()
    if words:
        expression = expressions.TextExpression(words)
        expression.placement = _PLACES.get(text[0], "above")
        yield expression
