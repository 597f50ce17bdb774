"""Chord symbols of MusicXML as text: ``Am7/C``."""

from typing import Final
from xml.etree.ElementTree import Element

from abclm.notation.syntax.chord_symbols import QUALITIES
from abclm.reading.fifths import Transposition
from abclm.reading.xml_attributes import number

__all__ = ["chord_text"]

_KINDS: Final = {name: quality.spellings[0] for name, quality in QUALITIES.items()}
_SIGNS: Final = {-2: "bb", -1: "b", 0: "", 1: "#", 2: "##"}


def chord_text(harmony: Element, moved: Transposition) -> str:
    """Return the text of a ``harmony`` element; empty if it names no chord.

    Args:
        harmony: the element.
        moved: how far the instrument sounds from what is written.
    """
    kind = harmony.find("kind")
    value = (kind.text or "").strip() if kind is not None else ""
    if value == "none":
        return "N.C."
    root = _name(harmony.find("root"), "root", moved)
    if not root:
        return ""
    shown = kind.get("text", "") if kind is not None else ""
    text = root + _KINDS.get(value, shown if value != "other" or len(shown) < 10 else "")
    text += "".join(_degree(one) for one in harmony.findall("degree"))
    bass = _name(harmony.find("bass"), "bass", moved)
    return f"{text}/{bass}" if bass else text


def _name(element: Element | None, kind: str, moved: Transposition) -> str:
    """A note such as ``Bb``; empty if the element is missing or says none."""
    if element is None:
        return ""
    letter = (element.findtext(f"{kind}-step") or "").strip()
    if letter not in tuple("ABCDEFG"):
        return ""
    alteration = max(-2, min(2, number(element.findtext(f"{kind}-alter"))))
    pitch = moved.pitch(letter, alteration, 4)
    return pitch.letter + _SIGNS[pitch.alteration]


def _degree(element: Element) -> str:
    value = number(element.findtext("degree-value"))
    sign = _SIGNS.get(number(element.findtext("degree-alter")), "")
    kind = (element.findtext("degree-type") or "").strip()
    if not 0 < value < 20:
        return ""
    if kind == "subtract":
        return f"no{value}"
    return f"add{value}" if kind == "add" and not sign else f"{sign}{value}"
