"""Rewritten bars of a tune: in metre, different, and judged by the music around them."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abclm.compose.network import Network
from abclm.compose.replacing import check_bars, old_music, with_bars
from abclm.compose.rework import redo
from abclm.compose.surprise import surprise
from abclm.corpus.simplify import simplify
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bar_texts import bar_texts
from abclm.notation.tune.bars import bars
from abclm.notation.tune.hearing import needless_accidental
from abclm.notation.tune.line import melodic_line
from abclm.notation.tune.music import Tune
from abclm.notation.write.writer import write_tune

TUNE = (
    "X:1\nT:Ab\nM:6/8\nL:1/8\nK:D\nA|ABc def|gfe d3|(3ABc A B3|d>ef [Ad]3-|\n"
    "d2A e/f/gf|A4 A:|\n|:c|def A3|Bcd e2d|1f3 d2:|2f3 d2||\ndef c3|e6|]\n"
)
BARS = 13


@pytest.fixture(scope="module", params=[False, True], ids=["unplanned", "planned"])
def network(request: pytest.FixtureRequest, random_model: Callable[..., Checkpoint]) -> Network:
    return Network(random_model(planned=request.param))


def parsed(text: str) -> Tune:
    return parse_tunebook(text)[0].tune


def durations(text: str) -> list[Fraction]:
    return [bar.duration for bar in bars(parsed(text))]


@pytest.mark.slow
@settings(max_examples=50)
@given(first=st.integers(0, BARS - 1), more=st.integers(0, 4), seed=st.integers(0, 9))
def test_new_bars_last_as_long_as_the_old_ones(
    network: Network, first: int, more: int, seed: int
) -> None:
    last = min(first + more, BARS - 1)
    tune = parsed(TUNE)
    simple = simplify(tune, 1)
    result = redo(network, simple, first, last, seed=seed, count=2)
    assert {one.bars for one in result.candidates}.isdisjoint({result.before.bars})
    for candidate in result.candidates:
        assert len(candidate.bars) == last - first + 1
        text, _ = with_bars(tune, first, candidate.bars, simple.unit)
        assert durations(text) == durations(TUNE)
        assert not validate(text)


def test_the_old_bars_put_back_make_the_same_text() -> None:
    tune = parsed(TUNE)
    assert with_bars(tune, 3, old_music(tune, 3, 7), tune.unit)[0] == TUNE.rstrip("\n")


def test_the_model_writes_what_it_finds_likeliest(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    model_text = "M:2/4\nL:1/8\nK:G\nABcd|efga|ABcd|e4|]\n"
    network = Network(spelling_model(model_text, "b"))
    old = simplify(parsed("X:1\n" + model_text.replace("efga|ABcd", "a2a2|b4")), 1)
    best = redo(network, old, 1, 2, seed=3, sampling=Sampling(0)).candidates[0]
    assert best.bars == ("efga", "ABcd")
    assert best.bits == pytest.approx(0, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["D", "F#m", "C#dor", "HP", "none", "Am"])
@pytest.mark.parametrize("title", ["T:Größe\n", ""])
def test_all_that_is_around_the_bars_stays_byte_for_byte(
    network: Network, key: str, title: str
) -> None:
    """The candidates are in the key of the tune, whatever the network reads."""
    source = TUNE.replace("T:Ab\n", title).replace("K:D", f"K:{key}").replace("B3|d", 'B3|"G"d')
    tune = parsed(source)
    simple = simplify(tune, 1)
    places = bar_texts(tune, bars(tune))
    for first, last in ((0, 0), (2, 3), (7, BARS - 1)):
        start, stop = places[first].start, places[last].stop
        for candidate in redo(network, simple, first, last, count=2).candidates:
            text, _ = with_bars(tune, first, candidate.bars, simple.unit)
            assert text.startswith(source[:start])
            assert text.endswith(source[stop:].rstrip("\n"))
            assert text != source.rstrip("\n")
            assert not {problem.rule for problem in validate(text)} - {"missing-field"}


PLANNED = "M:2/4\nL:1/8\nK:G\nP:abac1\nGABc|d2cA|GABc|G4|]\n"


@pytest.mark.parametrize(
    ("first", "last", "old", "expected"),
    [
        (1, 1, "DEFG|A4|DEFG|D4|]", ("A2GE",)),
        (2, 2, "DEFG|A2GE|D4|D4|]", ("DEFG",)),
        (1, 3, "DEFG|A4|D4|FED2|]", ("A2GE", "DEFG", "D4")),
    ],
)
def test_bars_are_planned_before_they_are_written(
    first: int,
    last: int,
    old: str,
    expected: tuple[str, ...],
    spelling_model: Callable[..., Checkpoint],
) -> None:
    network = Network(spelling_model(PLANNED, "DEFefgab"))
    tune = simplify(parsed(f"X:1\nT:t\nM:2/4\nL:1/8\nK:D\n{old}\n"), 1)
    best = redo(network, tune, first, last, sampling=Sampling(0)).candidates[0]
    assert best.bars == expected
    assert best.bits == pytest.approx(0, abs=0.01)


TWO_PARTS = "X:1\nT:t\nM:2/4\nL:1/8\nK:D\n|:DEFG|A2F2|GFED|E4:|\n|:f2ed|c2BA|G2EC|D4:|\n"


@pytest.mark.parametrize(("first", "close"), [(2, ("G2 EC", "D4")), (6, ("GF ED", "E4"))])
def test_every_other_close_is_that_of_the_other_part(
    random_model: Callable[..., Checkpoint], first: int, close: tuple[str, str]
) -> None:
    network = Network(random_model(planned=True))
    tune = simplify(parsed(TWO_PARTS), 1)
    found = redo(network, tune, first, first + 1, count=4).candidates
    assert any(one.bars == close for one in found)
    assert not all(one.bars == close for one in found)


def test_new_bars_have_no_needless_accidentals(network: Network) -> None:
    tune = simplify(parsed(TUNE), 1)
    for first in range(0, BARS, 3):
        for candidate in redo(network, tune, first, first, count=4).candidates:
            text, _ = with_bars(parsed(TUNE), first, candidate.bars, tune.unit)
            line = melodic_line(parsed(text))
            assert line is not None
            assert not needless_accidental(line)


def test_the_bits_are_those_of_the_whole_tune(network: Network) -> None:
    tune = simplify(parsed(TUNE), 1)
    whole = surprise(network, write_tune(tune), places=0)
    for first, last in ((0, 0), (2, 3), (5, BARS - 1)):
        before = redo(network, tune, first, last, count=1).before
        assert before.bits == pytest.approx(whole.bits, rel=1e-4)
        assert before.notes == whole.written


def test_texts_read_together_have_the_bits_they_have_alone(network: Network) -> None:
    start, texts = TUNE[4:60], ["AB", "ABc def|", "", "zz"]
    together = network.likelihood(start).bits(texts)
    for text, bits in zip(texts, together, strict=True):
        alone = network.likelihood(start + text[:1]).bits([text[1:]])[0]
        assert np.allclose(bits[1:] if text else bits, alone, atol=1e-3)


def test_the_same_seed_gives_the_same_candidates(network: Network) -> None:
    tune = simplify(parsed(TUNE), 1)
    first = redo(network, tune, 4, 5, seed=8, count=4)
    assert redo(network, tune, 4, 5, seed=8, count=4) == first
    assert redo(network, tune, 4, 5, seed=9, count=4).candidates != first.candidates
    numbers = sorted(one.number for one in first.candidates)
    assert numbers == [0, 1, 2, 3]
    assert first.candidates == tuple(
        sorted(first.candidates, key=lambda one: (-round(one.score, 6), one.number))
    )


def test_a_tie_into_the_bars_is_kept(network: Network) -> None:
    tune = simplify(parsed("X:1\nT:t\nM:2/4\nL:1/8\nK:D\nABc^g-|g4|d4|e4|]\n"), 1)
    for candidate in redo(network, tune, 1, 1, count=6).candidates:
        assert candidate.bars[0].startswith("g")


def test_a_bar_that_changes_the_key_inside_is_left_alone() -> None:
    tune = parsed("X:1\nT:t\nM:2/4\nL:1/8\nK:D\nABcd|AB[K:G]cd|e4|]\n")
    with pytest.raises(InputError, match="bar 2 has a K: field inside it"):
        check_bars(tune, 1, 2, [1, 2, 3])
    check_bars(tune, 0, 0, [1, 2, 3])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('"D"AB"G"cd|"A"e4|]', '"D"zz|"A"yy|]'),
        ("A(Bcd|e)dcB|(e4|d4)|]", "zz|yy|(e4|d4)|]"),
        ("AB\nw:la la\ncd|e4|]", "zz\nw:la la\n|yy|]"),
        ("AB!fine!cd|!segno!e4|]", "zz!fine!|!segno!yy|]"),
        ("[K:G] ABcd % a\n| e4 |]", "[K:G] zz % a\n| yy |]"),
    ],
)
def test_what_is_around_the_music_stays(body: str, expected: str) -> None:
    header = "X:1\nT:t\nM:2/4\nL:1/8\nK:D\n"
    tune = parsed(header + body)
    text, _ = with_bars(tune, 0, ["zz", "yy"], tune.unit)
    assert text == header + expected


@pytest.mark.parametrize(("first", "expected"), [(0, "(zz|e)dcB|]"), (1, "(ABcd|zz)|]")])
def test_a_slur_keeps_its_other_end(first: int, expected: str) -> None:
    header = "X:1\nT:t\nM:2/4\nL:1/8\nK:D\n"
    tune = parsed(header + "(ABcd|e)dcB|]")
    assert with_bars(tune, first, ["zz"], tune.unit)[0] == header + expected


def test_lengths_are_written_in_the_unit_of_the_file() -> None:
    tune = parsed("X:1\nT:t\nM:2/4\nL:1/4\nK:D\nAB|[L:1/16]c8|]\n")
    text, music = with_bars(tune, 0, ["A2Bc", "d4"], tune.unit / 2)
    assert text.endswith("AB/c/|[L:1/16]d8|]")
    assert music == ["AB/c/", "d8"]
