"""Pitches are named by the key, by modulations and by the notes around."""

import numpy as np
import pytest

from abclm.reading.centres import find_centres
from abclm.reading.score import QUARTER
from abclm.reading.spelling import spell
from abclm.reading.tones import Tone


def line(pitches: list[int]) -> list[Tone]:
    return [
        Tone(place * QUARTER, (place + 1) * QUARTER, pitch, 0)
        for place, pitch in enumerate(pitches)
    ]


C = [60, 64, 67, 72, 71, 67, 65, 62, 59, 60]
F_MINOR = [65, 68, 72, 77, 75, 73, 72, 70, 68, 67, 65, 68, 65]
A_FLAT = [68, 72, 75, 80, 79, 77, 75, 73, 72, 70, 68, 67, 68, 73, 77, 80, 79, 75, 72, 68] * 2
E_MAJOR = [64, 68, 71, 76, 75, 73, 71, 69, 68, 66, 64, 63, 64, 69, 73, 76, 75, 71, 68, 64] * 2


@pytest.mark.parametrize(
    ("pitches", "side"), [([*C, *F_MINOR, *A_FLAT], -1), ([*C, 62, 66, 69, *E_MAJOR], 1)]
)
def test_a_modulation_keeps_to_its_side(pitches: list[int], side: int) -> None:
    tones = line(pitches)
    names = spell(tones, [range(len(tones))], [0] * len(tones))
    far = names[-40:]
    assert {pitch.alteration for pitch in far} == {0, side}


def test_the_centre_moves_with_the_scale_and_comes_back() -> None:
    tones = line([*C * 2, *F_MINOR, *A_FLAT, *F_MINOR, *C * 3])
    centres = find_centres(tones, np.zeros(len(tones), dtype=np.int64))
    assert centres[0] == centres[-1] == 2
    assert set(centres[33:73]) == {-1}


def test_a_leading_note_in_unison_is_raised() -> None:
    """Four voices that share a note do not confirm each other's wrong name."""
    g_minor = [67, 70, 74, 75, 74, 72, 70, 69, 67, 62, 63, 63, 61, 62, 67, 66, 67]
    tones = [
        Tone(place * QUARTER, (place + 1) * QUARTER, pitch - 12 * part, part)
        for place, pitch in enumerate(g_minor)
        for part in (3, 2, 1, 0)
    ]
    names = spell(tones, [range(part, len(tones), 4) for part in range(4)], [-2] * len(tones))
    letters = [pitch.letter for pitch in names[::4]]
    assert letters == list("GBDEDCBAGDEECDGFG")
