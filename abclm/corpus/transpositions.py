"""Other keys for the tunes of a training text, so that a model learns a turn of phrase in all."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from abclm.errors import InputError
from abclm.notation.music import Pitch, Sound, Tune
from abclm.notation.parser import parse_tunebook
from abclm.notation.transpose import Direction, ToKey, transpose

__all__ = ["Version", "versions"]

_USUAL = 0.01
"""Share of the tunes in a mode from which on a key is one that the mode is played in."""
_FARTHEST = 2.0
"""Letters by which the notes of a version may lie, on average, from those of tunes in that key."""
_LOWEST = Pitch("", "G", -1)
_HIGHEST = Pitch("", "C", 2)
_LETTERS = "CDEFGAB"
_NO_KEY = frozenset({"none", "HP", "Hp"})


@dataclass(frozen=True, slots=True)
class Version:
    """A tune in one key.

    Attributes:
        text: the model's text of it.
        weight: how likely the key is among the tunes in that mode; the weights of all versions of
            a tune make 1.
    """

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class _Usual:
    """A key as tunes here are in it: how many, and how high their notes are on average."""

    tunes: int
    height: float


class _Read(NamedTuple):
    """A tune as text and as music, and how high its notes are on average."""

    text: str
    tune: Tune
    height: float


def versions(texts: Sequence[str]) -> list[tuple[Version, ...]]:
    """Each tune in the keys that its mode is usually in here; as it stands first.

    A version lies where tunes in that key lie, by their notes' mean height, an octave higher or
    lower. It is left out where it cannot, where it leaves the range of a fiddle in first position,
    from its open G string to the c'' above the stave, or needs double accidentals. The tune as it
    stands is kept in any case.

    Args:
        texts: the model's text of each tune (see `abclm.corpus.store.model_text`).
    """
    tunes = [_read(text) for text in texts]
    usual = _usual_keys(tunes)
    return [_versions(tune, usual) for tune in tunes]


def _read(text: str) -> _Read:
    tune = parse_tunebook(f"X:1\n{text}")[0].tune
    return _Read(text, tune, _mean_height(tune))


def _usual_keys(tunes: Iterable[_Read]) -> dict[str, dict[str, _Usual]]:
    """For each mode the tonics that are usual in it."""
    heights: dict[str, dict[str, list[float]]] = {}
    for _, tune, height in tunes:
        if tune.key is not None and tune.key.tonic not in _NO_KEY:
            tonics = heights.setdefault(tune.key.mode, {})
            tonics.setdefault(tune.key.tonic, []).append(height)
    return {
        mode: {
            tonic: _Usual(len(each), sum(each) / len(each))
            for tonic, each in tonics.items()
            if len(each) >= _USUAL * sum(map(len, tonics.values()))
        }
        for mode, tonics in heights.items()
    }


def _versions(read: _Read, usual: dict[str, dict[str, _Usual]]) -> tuple[Version, ...]:
    text, key = read.text, read.tune.key
    if key is None or key.tonic in _NO_KEY or key.accidentals:
        return (Version(text, 1.0),)
    tonics = usual[key.mode]
    moved = {
        tonic: other
        for tonic, there in tonics.items()
        if tonic != key.tonic and (other := _moved(read, tonic, there.height)) is not None
    }
    own = tonics[key.tonic].tunes if key.tonic in tonics else 1
    counts = [own, *(tonics[tonic].tunes for tonic in moved)]
    return tuple(
        Version(version, count / sum(counts))
        for version, count in zip((text, *moved.values()), counts, strict=True)
    )


def _moved(read: _Read, tonic: str, height: float) -> str | None:
    """The text with another tonic, its notes on average as near to ``height`` as can be played."""
    text, tune, own_height = read
    targets = []
    for direction in (Direction.UP, Direction.DOWN):
        target = ToKey(tonic, None, direction)
        try:
            steps = target.interval(tune.key).steps
        except InputError:
            return None
        distance = abs(own_height + steps - height)
        if distance <= _FARTHEST and _playable(tune, steps):
            targets.append((distance, target))
    if not targets:
        return None
    try:
        nearest = min(targets, key=lambda each: each[0])[1]
        moved = transpose(f"X:1\n{text}", nearest).partition("\n")[2]
    except InputError:
        return None
    doubled = any(sign in moved and sign not in text for sign in ("^^", "__"))
    return None if doubled else moved


def _mean_height(tune: Tune) -> float:
    """In letters above middle C, each note as long as it lasts."""
    spans = [(sound.duration, max(map(_height, sound.pitches))) for sound in _struck(tune)]
    total = sum(duration for duration, _ in spans)
    return float(sum(duration * height for duration, height in spans) / total) if total else 0.0


def _struck(tune: Tune) -> list[Sound]:
    return [sound for sound in tune.sounds if sound.pitches]


def _playable(tune: Tune, steps: int) -> bool:
    """Whether all notes are in range when moved by so many letters."""
    heights = [_height(pitch) + steps for pitch in _pitches(tune)] or [0]
    return _height(_LOWEST) <= min(heights) and max(heights) <= _height(_HIGHEST)


def _pitches(tune: Tune) -> Iterator[Pitch]:
    for sound in tune.sounds:
        yield from sound.pitches
        yield from (grace.pitch for grace in sound.graces)


def _height(pitch: Pitch) -> int:
    return 7 * pitch.octave + _LETTERS.index(pitch.letter)
