import numpy as np
import pytest

from abclm.evaluate.apart.effects import feature_effects, telling_ngrams
from abclm.notation.tune.line import MelodicLine
from tests.evaluate.conftest import parse
from tests.evaluate.music import line_of, tune_with_form, tune_without_form


@pytest.fixture(scope="module")
def sides() -> tuple[list[MelodicLine], list[MelodicLine]]:
    rng = np.random.default_rng(3)
    real = [line_of(tune_with_form(rng)) for _ in range(20)]
    return real, [line_of(tune_without_form(rng)) for _ in range(20)]


def test_the_strongest_effect_comes_first(
    sides: tuple[list[MelodicLine], list[MelodicLine]],
) -> None:
    found = feature_effects(*sides)
    sizes = [abs(effect.effect) for effect in found]
    assert sizes == sorted(sizes, reverse=True)
    by_name = {effect.feature: effect for effect in found}
    form = by_name["bar 5 is bar 1"]
    assert (form.real, form.written) == (1, 0)
    assert form.low <= form.effect <= form.high < 0
    assert by_name["sections"].effect == 0


def test_an_effect_by_hand() -> None:
    # Of A and B of eight bars and of A alone of eight: bars 16 16 against 8 8.
    both = "G2AB c2d2|" * 8
    text = "T:t\nM:4/4\nL:1/8\nK:G\n"
    two = line_of(parse(f"{text}{both[:-1]}||{both[:-1]}|]\n"))
    one = line_of(parse(f"{text}{both[:-1]}|]\n"))
    found = {each.feature: each for each in feature_effects([two, one], [one, one])}
    # Means 12 and 8, variances 16 and 0: -4 over the root of 8; the error is 1.96 times that.
    effect = found["bars"]
    assert (effect.real, effect.written) == (12, 8)
    assert effect.effect == pytest.approx(-4 / 8**0.5)
    assert effect.high - effect.low == pytest.approx(2 * 1.96)
    assert effect.as_dict()["effect"] == pytest.approx(-1.4142)
    # A feature that one tune alone of a side has is left out.
    assert "endings agree" not in found


def test_ngrams_come_with_weights_and_shares(
    sides: tuple[list[MelodicLine], list[MelodicLine]],
) -> None:
    found = telling_ngrams(*sides, 5)
    assert len(found) == 10
    assert [each.weight > 0 for each in found] == [True] * 5 + [False] * 5
    # All tunes with form end G4 G4.
    known = {each.ngram: each for each in found}
    assert any("+0:1/2" in ngram and known[ngram].real == 1 for ngram in known)
    assert all(0 <= each.real <= 1 and 0 <= each.written <= 1 for each in found)
    assert found[0].weight >= found[1].weight
    assert found[5].weight <= found[6].weight
    assert set(found[0].as_dict()) == {"ngram", "weight", "real", "written"}
