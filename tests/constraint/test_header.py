"""The header a user asks for."""

import pytest

from abclm.constraint.header import similar_rhythm


@pytest.mark.parametrize(
    ("rhythm", "known"),
    [
        ("waltzz", "waltz"),
        ("Slip-Jig", "slip jig"),
        ("hornpipes", "hornpipe"),
        ("reel", None),
        ("Hop Jig", None),
        ("gamelan", None),
    ],
)
def test_a_rhythm_that_may_be_misspelt(rhythm: str, known: str | None) -> None:
    assert similar_rhythm(rhythm) == known
