import math

import numpy as np
import pytest

from abclm.evaluate.features.averages import entropy, known, mean
from abclm.evaluate.features.music_features import feature_table, has_features, music_features
from abclm.notation.tune.music import Tune
from tests.evaluate.conftest import parse
from tests.evaluate.music import line_of, tune_with_form, tune_without_form

A = "G2AB c2d2|e2dc B2A2|G2Bd g2fe|d4 A4|G2AB c2d2|e2dc B2A2|GABc d2^c2|d4 G4"
B = "g2fe d2B2|c2Bc d4|z2g2 f2e2|d4 (3ABc d2|g2fe d2B2|c2Bc d4|GABc d2c2|B4 G4"
BOTH = f"T:t\nM:4/4\nL:1/8\nK:G\n{A}:|{B}:|\n"


def features(text: str) -> dict[str, float]:
    return music_features(line_of(parse(text)))


@pytest.fixture(scope="module")
def found() -> dict[str, float]:
    return features(BOTH)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sections", 2),
        ("bars", 16),
        ("bars of A", 8),
        ("starts with a pickup", 0),
        ("bar 5 is bar 1", 1),
        ("bars 5-6 are bars 1-2", 1),
        ("bars 5-6 like 1-2", 1),
        # Bars 1, 2, 5 and 6 of both sections come twice: 12 of 16 are distinct.
        ("distinct bars", 12 / 16),
        # The last bars share G4; the last but one GABc d2 and nothing of the last two eighths.
        ("last bar of B like A's", 0.5),
        ("last two bars of B like A's", (0.5 + 0.75) / 2),
        ("last bar but one of B is A's", 0),
        ("bars of B that stand in A", 0),
        ("endings agree", 1),
        ("ends on 1", 1),
        ("ends on 5", 0),
        ("A ends on 1", 1),
        ("length of the last note", 0.5),
        ("last note but one is 3", 1),
        ("interval to the last note", -4),
        ("ends by step", 0),
        ("notes in the last bar", 2),
        # Bar 4 of A ends on A, that of B on d.
        ("bar 4 ends on 2", 0.5),
        ("bar 4 ends on 5", 0.5),
        ("A opens on 1", 1),
        ("sections open in the triad", 1),
        ("last full bar is I", 1),
        ("range", 12),
        # From the last note of A to the first of B.
        ("largest interval", 12),
        ("has a tritone", 0),
        ("has a chromatic note", 1),
        ("has a needless accidental", 0),
        ("bars with two forms of a degree", 1 / 16),
        ("shortest note", 1 / 12),
        ("longest note", 0.5),
        # Eighths, eighths of a triplet, quarters, halves.
        ("kinds of lengths", 4),
        ("rests per bar", 1 / 16),
        ("decorated notes", 0),
        ("syncopated notes", 0),
    ],
)  # fmt: skip
def test_features_by_hand(found: dict[str, float], name: str, value: float) -> None:
    assert found[name] == pytest.approx(value)


def test_counts_by_hand() -> None:
    found = features("T:t\nM:2/4\nL:1/8\nK:C\nCDEF|GABc|CDEF|.c2 (3cde|{d}e3f-|f4|]\n")
    # C D E F and G A B c move alike, and C D E F comes again where it was.
    assert found["motifs heard again elsewhere"] > 0
    assert found["motifs heard again"] > 0
    notes = 4 + 4 + 4 + 4 + 2
    assert found["notes in tuplets"] == pytest.approx(3 / notes)
    assert found["notes with grace notes"] == found["decorated notes"] == pytest.approx(1 / notes)
    assert found["ties"] == pytest.approx(1 / notes)
    assert found["dotted notes"] == pytest.approx(1 / notes)
    assert found["repeated notes"] == pytest.approx(2 / (notes - 1))
    # f begins a beat before the bar line and sounds on into the next bar.
    assert found["syncopated notes"] == pytest.approx(1 / notes)


def test_what_a_tune_has_nothing_to_tell_by_is_nan() -> None:
    found = features(f"T:t\nM:4/4\nL:1/8\nK:G\n{A}|]\n")
    unknown = {name for name, value in found.items() if math.isnan(value)}
    assert {"endings agree", "last two bars of B like A's", "B above A"} <= unknown
    assert "bars 5-6 like 1-2" not in unknown


def test_a_transposed_tune_has_the_same_features() -> None:
    up = str.maketrans("GABcdefg", "ABcdefga")
    higher = BOTH.replace("K:G", "K:A").partition("K:A\n")
    moved = higher[0] + "K:A\n" + higher[2].translate(up)
    assert features(moved) == pytest.approx(features(BOTH), nan_ok=True)


def test_there_are_about_140_features_and_each_is_a_number() -> None:
    rng = np.random.default_rng(0)
    names, table = feature_table([line_of(tune_with_form(rng)) for _ in range(3)])
    assert table.shape == (3, len(names))
    assert 130 <= len(names) <= 150
    assert len(set(names)) == len(names)
    assert not np.isnan(table).any()


@pytest.mark.parametrize(
    ("body", "enough"), [("GABcdefg|" * 4, True), ("GABcdefg|" * 3, False), ("d8|" * 8, False)]
)
def test_a_tune_is_compared_from_16_notes_and_4_full_bars_on(body: str, enough: bool) -> None:
    assert has_features(line_of(parse(f"T:t\nM:4/4\nL:1/8\nK:G\n{body}\n"))) is enough


def test_form_is_what_tells_tunes_with_form_from_others() -> None:
    rng = np.random.default_rng(1)

    def shown(tune: Tune) -> tuple[float, float]:
        found = music_features(line_of(tune))
        return found["bar 5 is bar 1"], found["endings agree"]

    assert shown(tune_with_form(rng)) == (1, 1)
    assert shown(tune_without_form(rng))[0] == 0


def test_means_and_entropies() -> None:
    assert mean([1, 2, 6]) == 3
    assert math.isnan(mean([]))
    assert math.isnan(known(None))
    assert entropy("aabb") == 1
    assert entropy("") == 0
