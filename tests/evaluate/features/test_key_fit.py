import pytest

from abclm.evaluate.features.key_fit import KeyProfiles, quarters
from abclm.notation.tune.line import MelodicLine
from tests.evaluate.conftest import parse
from tests.evaluate.music import line_of

MAJOR = "G2AB c2d2|e2dc B2A2|G2Bd g2fe|d2cA G4"
MINOR = "A2Bc d2e2|f2ed c2B2|A2ce a2ge|d2cB A4"


def line(body: str, key: str) -> MelodicLine:
    return line_of(parse(f"T:t\nM:4/4\nL:1/8\nK:{key}\n{body}|]\n"))


@pytest.fixture
def profiles() -> KeyProfiles:
    return KeyProfiles([line(MAJOR, "G")] * 10 + [line(MINOR, "Am")] * 10 + [line(MINOR, "Ador")])


def test_a_tune_in_its_key_fits_in_every_quarter(profiles: KeyProfiles) -> None:
    scale = "GBdGBdGA|"
    assert profiles.by_quarter(line(scale * 4, "G")) == [1, 1, 1, 1]


def test_a_tune_that_leaves_its_key_fits_no_longer(profiles: KeyProfiles) -> None:
    # The second half is about D, A and F sharp: in D.
    body = "GBdGBdGA|" * 2 + "AdfAdfde|" * 2
    assert profiles.by_quarter(line(body, "G")) == [1, 1, 0, 0]


def test_tonic_and_mode_must_be_the_declared_ones(profiles: KeyProfiles) -> None:
    minor = "Ace Aced|"
    assert profiles.by_quarter(line(minor * 4, "Am")) == [1, 1, 1, 1]
    assert profiles.by_quarter(line(minor * 4, "C")) == [0, 0, 0, 0]


def test_a_mode_of_few_tunes_has_no_profile(profiles: KeyProfiles) -> None:
    assert profiles.by_quarter(line(MINOR, "Ador")) is None
    assert KeyProfiles([]).by_quarter(line(MAJOR, "G")) is None


def test_quarters_are_of_equal_time_not_of_equal_notes() -> None:
    found = quarters(line("G4 ABcd|e8", "G"))
    assert [[note.degree for note in part] for part in found] == [[1], [2, 3, 4, 5], [6], []]


def test_a_quarter_in_which_no_note_begins_leaves_the_tune_out(profiles: KeyProfiles) -> None:
    assert profiles.by_quarter(line("G4 ABcd|e8", "G")) is None
