"""Tunes made by rule: some with the form of a dance tune, some without any."""

import numpy as np

from abclm.notation.tune.line import MelodicLine, melodic_line
from abclm.notation.tune.music import Tune
from tests.evaluate.conftest import parse

NOTES = "GABcdefg"
HEADER = "T:{}\nM:4/4\nL:1/8\nK:G\n"


def tune_with_form(rng: np.random.Generator, title: str = "with") -> Tune:
    """Sections of eight bars: bars 5 and 6 are bars 1 and 2, and both end alike, on the tonic."""
    end = [_bar(rng), "G4 G4"]
    sections = []
    for _ in range(2):
        question = [_bar(rng), _bar(rng)]
        sections.append("|".join([*question, _bar(rng), _bar(rng), *question, *end]))
    return parse(f"{HEADER.format(title)}{':|'.join(sections)}:|\n")


def tune_without_form(rng: np.random.Generator, title: str = "without") -> Tune:
    """Sixteen bars that have nothing to do with each other."""
    bars = [_bar(rng) for _ in range(16)]
    return parse(f"{HEADER.format(title)}{'|'.join(bars[:8])}:|{'|'.join(bars[8:])}:|\n")


def line_of(tune: Tune) -> MelodicLine:
    line = melodic_line(tune)
    assert line is not None
    return line


def _bar(rng: np.random.Generator) -> str:
    return "".join(rng.choice(list(NOTES), 8))
