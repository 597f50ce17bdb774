"""The key that the notes suggest."""

import pytest

from abclm.reading.key import guess_key
from abclm.reading.score import QUARTER
from abclm.reading.tones import Tone

HOME = [60, 64, 67, 72, 71, 67, 65, 62, 59, 60, 64, 67, 65, 62, 59, 60]


@pytest.mark.parametrize("tonic", range(-5, 7))
def test_beginning_and_end_outweigh_a_longer_middle(tonic: int) -> None:
    dominant = [pitch + 7 for pitch in HOME * 3]
    pitches = [*HOME, *HOME, *dominant, *HOME]
    tones = [
        Tone(place * QUARTER, (place + 1) * QUARTER, pitch + tonic, 0)
        for place, pitch in enumerate(pitches)
    ]
    names = ("C", "Db", "D", "Eb", "E", "F", "Gb", "G", "Ab", "A", "Bb", "B")
    assert guess_key(tones) == names[tonic % 12]
