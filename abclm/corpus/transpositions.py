"""Other keys for the tunes of a training text, so that a model learns a turn of phrase in all."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from abclm.errors import InputError
from abclm.notation.key import Key
from abclm.notation.music import Pitch, Tune
from abclm.notation.parser import parse_tunebook
from abclm.notation.transpose import Direction, ToKey, transpose

__all__ = ["Version", "versions"]

_USUAL = 0.01
"""Share of the tunes in a mode from which on a key is one that the mode is played in."""
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


def versions(texts: Sequence[str]) -> list[tuple[Version, ...]]:
    """Each tune in the keys that its mode is usually in here; as it stands first.

    A version is left out where it leaves the range of a fiddle in first position, from its open G
    string to the c'' above the stave, or needs double accidentals. The tune as it stands is kept
    in any case.

    Args:
        texts: the model's text of each tune (see `abclm.corpus.store.model_text`).
    """
    tunes = [parse_tunebook(f"X:1\n{text}")[0].tune for text in texts]
    usual = _usual_keys(tune.key for tune in tunes)
    return [_versions(text, tune, usual) for text, tune in zip(texts, tunes, strict=True)]


def _usual_keys(keys: Iterable[Key | None]) -> dict[str, dict[str, int]]:
    """For each mode the tonics that are usual in it, and how many tunes have them."""
    counts: dict[str, Counter[str]] = {}
    for key in keys:
        if key is not None and key.tonic not in _NO_KEY:
            counts.setdefault(key.mode, Counter())[key.tonic] += 1
    return {
        mode: {tonic: n for tonic, n in tonics.items() if n >= _USUAL * tonics.total()}
        for mode, tonics in counts.items()
    }


def _versions(text: str, tune: Tune, usual: dict[str, dict[str, int]]) -> tuple[Version, ...]:
    key = tune.key
    if key is None or key.tonic in _NO_KEY or key.accidentals:
        return (Version(text, 1.0),)
    tonics = usual[key.mode]
    moved = {
        tonic: other
        for tonic in tonics
        if tonic != key.tonic and (other := _moved(text, tune, tonic)) is not None
    }
    counts = [max(1, tonics.get(key.tonic, 1)), *(tonics[tonic] for tonic in moved)]
    return tuple(
        Version(version, count / sum(counts))
        for version, count in zip((text, *moved.values()), counts, strict=True)
    )


def _moved(text: str, tune: Tune, tonic: str) -> str | None:
    """The text with another tonic, in the octave nearest to where it is that can be played."""
    for direction in (Direction.NEAREST, Direction.UP, Direction.DOWN):
        target = ToKey(tonic, None, direction)
        try:
            steps = target.interval(tune.key).steps
            if not _playable(tune, steps):
                continue
            moved = transpose(f"X:1\n{text}", target).partition("\n")[2]
        except InputError:
            continue
        doubled = any(sign in moved and sign not in text for sign in ("^^", "__"))
        return None if doubled else moved
    return None


def _playable(tune: Tune, steps: int) -> bool:
    """Whether all notes are in range when moved by so many letters."""
    heights = [_height(pitch) + steps for pitch in _pitches(tune)]
    return _height(_LOWEST) <= min(heights, default=0) and max(heights, default=0) <= _height(
        _HIGHEST
    )


def _pitches(tune: Tune) -> Iterator[Pitch]:
    for sound in tune.sounds:
        yield from sound.pitches
        yield from (grace.pitch for grace in sound.graces)


def _height(pitch: Pitch) -> int:
    return 7 * pitch.octave + _LETTERS.index(pitch.letter)
