"""The canonical header, and the spelling of keys and meters there and within the music."""

from collections.abc import Iterator, Sequence

from abclm.notation.syntax.instructions import changes_sound
from abclm.notation.syntax.key import Key, parse_key, split_key
from abclm.notation.syntax.meter import parse_meter
from abclm.notation.syntax.tables import CANONICAL_FIELD_ORDER
from abclm.notation.tune.music import BodyField, Tune, Voice

__all__ = ["change_text", "header_lines"]


def header_lines(tune: Tune, voices: Sequence[Voice]) -> Iterator[str]:
    """Yield the lines of the header in the order X T … R … M L K, with canonical values.

    Args:
        tune: the tune.
        voices: its voices.
    """
    values: dict[str, list[str]] = {}
    for token in tune.fields:
        values.setdefault(token.text[0], []).append(token.value)
    values["M"] = [str(tune.meter)]
    values["L"] = [f"{tune.unit.numerator}/{tune.unit.denominator}"]
    values["K"] = [_key_text(tune.key, values.get("K", [""])[-1])]
    values["V"] = [field for voice in voices for field in _voice_fields(voice)]
    values["I"] = list(dict.fromkeys([*values.get("I", []), *_instructions(tune)]))
    for name in CANONICAL_FIELD_ORDER:
        for value in values.get(name, []):
            yield f"{name}:{value}"


def change_text(change: BodyField) -> str:
    """Return the value of a field within the music; keys and meters in canonical spelling."""
    if change.name == "K":
        return _key_text(parse_key(change.value), change.value)
    meter = parse_meter(change.value) if change.name == "M" else None
    return change.value if meter is None else str(meter)


def _instructions(tune: Tune) -> Iterator[str]:
    """The instructions of both headers that change the sound or define a decoration."""
    for instruction in tune.instructions:
        # A directive may contain a percent sign; in a field it starts a comment.
        said = instruction.partition("%")[0].strip()
        if changes_sound(said) or said.startswith("deco "):
            yield said


def _voice_fields(voice: Voice) -> list[str]:
    """The values of the ``V:`` fields of a voice that have properties; else its id alone."""
    telling = [field for field in dict.fromkeys(voice.fields) if field.split() != [voice.id]]
    return telling or [voice.id] * bool(voice.id)


def _key_text(key: Key | None, value: str) -> str:
    """A key with the clef and properties in ``value``; without a key, those alone."""
    _, properties = split_key(value)
    if key is None:
        return properties or value or "none"
    return f"{key} {properties}".strip()
