"""The sound font TimGM6mb, with its samples that are out of tune corrected in memory.

TimGM6mb by Tim Brechbill (GPL-2, 6 MB) comes in the package pretty_midi. Its free reeds are up to
68 cents flat, because their loops are not a whole number of samples long; the corrections below
are 1,200 log2(wanted frequency / (sample rate / length of the loop)). Its whistle is a human one,
nine semitones flat: the recorder takes its place. ``tests/render/sound/test_instruments.py``
measures the result.
"""

import importlib.util
import struct
from pathlib import Path
from typing import Final

from abclm.errors import MissingExtraError
from abclm.files import read_bytes

__all__ = ["CENTS", "bundled_sound_font", "in_tune", "read_sound_font"]

CENTS: Final = {
    b"Accordion Gb2": 15,
    b"Accordion Bb2": 20,
    b"Accordion D4": 44,
    b"Accordion Gb4": 55,
    b"Accordion Bb4": 68,
    b"Accordion D5": 68,
    b"FluteE5": -10,
    b"Glockenspiel D5": -12,
    b"Glockenspiel D6": -20,
    b"Harmonica A3": 29,
    b"Harmonica C4": 36,
}
"""Name of a sample to the cents that are added to its pitch.

The bandoneon shares the samples of the accordion."""
_REPLACED: Final = {b"Whistle": b"Recorder"}
"""Preset to the preset whose instrument it gets."""

_SAMPLE: Final = struct.Struct("<20s5IBbHH")
_PRESET: Final = struct.Struct("<20s3H3I")
_PAIR: Final = struct.Struct("<HH")
"""The records of samples and presets, and a bag or a generator (SoundFont 2.04 section 7)."""
_CORRECTION: Final = 41
"""The offset of the pitch correction in the record of a sample: a signed byte, in cents."""
_INSTRUMENT: Final = 41
"""The generator that names the instrument of a preset."""


def read_sound_font(path: Path | None = None, command: str = "sound") -> bytes:
    """Return a sound font: the file ``path``, or TimGM6mb in tune.

    Raises:
        InputError: the file cannot be read.
        MissingExtraError: TimGM6mb is not installed; ``command`` names what needs it.
    """
    if path is not None:
        return read_bytes(path)
    return in_tune(bundled_sound_font(command))


def bundled_sound_font(command: str = "sound") -> bytes:
    """Return TimGM6mb as it is.

    Raises:
        MissingExtraError: it is not installed; ``command`` names what needs it.
    """
    found = importlib.util.find_spec("pretty_midi")
    path = Path(found.origin).with_name("TimGM6mb.sf2") if found and found.origin else None
    if path is None or not path.is_file():
        raise MissingExtraError(command, "pretty_midi (its sound font)", "audio")
    return read_bytes(path)


def in_tune(font: bytes) -> bytes:
    """Return TimGM6mb with its samples in tune, and a recorder for the whistle.

    Samples and presets with other names stay as they are.
    """
    data = bytearray(font)
    for at in _records(font, b"shdr", _SAMPLE):
        cents = CENTS.get(_name(font, at))
        if cents is not None:
            (own,) = struct.unpack_from("<b", font, at + _CORRECTION)
            struct.pack_into("<b", data, at + _CORRECTION, own + cents)
    places = {_name(font, at): _instrument_of(font, at) for at in _presets(font)}
    for old, new in _REPLACED.items():
        target, source = places.get(old), places.get(new)
        if target is not None and source is not None:
            data[target : target + 2] = font[source : source + 2]
    return bytes(data)


def _presets(font: bytes) -> list[int]:
    """The offsets of the melodic presets, without the one that ends the list."""
    return [
        at for at in _records(font, b"phdr", _PRESET)[:-1] if _PRESET.unpack_from(font, at)[2] == 0
    ]


def _instrument_of(font: bytes, preset: int) -> int | None:
    """The offset of the index of the first instrument of a preset."""
    bags = _records(font, b"pbag", _PAIR)
    generators = _records(font, b"pgen", _PAIR)
    zones = range(*(_PRESET.unpack_from(font, preset + size)[3] for size in (0, _PRESET.size)))
    for zone in zones:
        first, last = (_PAIR.unpack_from(font, bags[bag])[0] for bag in (zone, zone + 1))
        for at in generators[first:last]:
            if _PAIR.unpack_from(font, at)[0] == _INSTRUMENT:
                return at + 2
    return None


def _records(font: bytes, chunk: bytes, record: struct.Struct) -> range:
    """The offsets of the records of a chunk; none if there is no such chunk."""
    at = font.rfind(chunk)  # these chunks follow the samples
    if at < 0:
        return range(0)
    (size,) = struct.unpack_from("<I", font, at + 4)
    return range(at + 8, min(at + 8 + size, len(font)) - record.size + 1, record.size)


def _name(font: bytes, at: int) -> bytes:
    return font[at : at + 20].split(b"\0")[0]
