"""Three tunes whose figures are worked out by hand, beside each test that uses them."""

import pytest

from abclm.model.text import model_text, usual
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.music import Tune

ONE = "T:One\nM:2/4\nL:1/8\nK:G\n|:D|G4|A4|B4|G4|A4|B4|A4|G3:|\n"
"""Right in everything: a pickup of one eighth, and a last bar that is one eighth short."""

TWO = "T:Two\nM:3/4\nL:1/4\nK:Am\nABc|A2|e3:|\n"
"""A bar of two beats in 3/4, and a repeat that the start of the tune opens."""

THREE = "T:Three\nM:2/4\nL:1/8\nK:D\n|:d4|[df]4|{g}a2z2|d4||[M:3/4]d6|]\n"
"""Every bar is full, but the repeat stays open and the meter changes."""

TUNES = (ONE, TWO, THREE)

READ = tuple(model_text(text, usual([text]), planned=False) for text in TUNES)
"""The three as a network reads them: without a title, and with G as the tonic."""


def parse(text: str) -> Tune:
    return parse_tunebook(f"X:1\n{text}")[0].tune


@pytest.fixture
def three() -> list[Tune]:
    return [parse(text) for text in TUNES]
