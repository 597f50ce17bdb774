"""Da capo, dal segno, fine and coda in the elements of MusicXML, as ABC decorations."""

import re
from typing import Final
from xml.etree.ElementTree import Element

__all__ = ["sign_in_words", "signs_of"]

_WORDS: Final = re.compile(
    r"(?:m|men[a-z]*?|min[a-z]*?)?(?P<jump>dc|dacapo|ds|dalsegno)(?:al(?:la)?(?P<until>fine|coda))?"
    r"(?:senzari(?:tornello|petizioni?))?|(?P<fine>fine)|(?P<leaves>to(?:the)?(?:coda)?)"
)
"""What the letters of such words are, as in *D.C. al Fine* or *Menuetto da capo*."""
_OTHERS: Final = re.compile(r"[^a-z]+")
_SOUNDS: Final = {
    "dacapo": "D.C.",
    "dalsegno": "D.S.",
    "fine": "fine",
    "tocoda": "dacoda",
    "segno": "segno",
    "coda": "coda",
}
"""Attributes of ``sound``, with the decorations of ABC."""


def sign_in_words(text: str) -> str:
    """Return the decoration that words stand for, such as ``D.C.alfine``; empty if for none."""
    match = _WORDS.fullmatch(_OTHERS.sub("", text.lower()))
    if match is None:
        return ""
    if match["jump"]:
        until = f"al{match['until']}" if match["until"] else ""
        return ("D.C." if match["jump"] in {"dc", "dacapo"} else "D.S.") + until
    return "fine" if match["fine"] else "dacoda"


def signs_of(element: Element) -> tuple[str, ...]:
    """Return the decorations that a ``direction``, ``sound`` or ``barline`` stands for.

    What the element tells a player counts; where it tells nothing, what it prints.
    """
    sound = element if element.tag == "sound" else element.find("sound")
    heard = _heard(sound) if sound is not None else []
    kinds = [*element.iterfind("direction-type/*"), *element]
    printed = [one.tag for one in kinds if one.tag in {"segno", "coda"}]
    texts = [one.text or "" for one in kinds if one.tag == "words"]
    words = [sign for text in texts if (sign := sign_in_words(text))]
    if not heard:
        # "To" and the sign of the coda stand side by side.
        return tuple(words if "dacoda" in words else [*printed, *words])
    return tuple(next((one for one in words if one.startswith(sign)), sign) for sign in heard)


def _heard(sound: Element) -> list[str]:
    values = {name: sound.get(name, "") for name in _SOUNDS}
    return [_SOUNDS[name] for name, value in values.items() if value not in {"", "no"}]
