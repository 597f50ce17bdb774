"""Tunes that follow well: one rhythm, related keys, growing energy, one range."""

import pytest

from abclm.compose.set_features import SetFeatures, key_step, set_features
from abclm.compose.set_proposals import propose_sets
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.key import parse_key


def features(number: int, key: str, body: str, title: str = "", rhythm: str = "jig") -> SetFeatures:
    text = f"X:{number}\nT:{title or f'Name{number}'}\nR:{rhythm}\nM:6/8\nL:1/8\nK:{key}\n{body}\n"
    found = set_features(parse_tunebook(text)[0].tune)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("G", "D", "up a fifth (G to D)"),
        ("D", "G", "down a fifth (D to G)"),
        ("G", "Em", "relative key (G to Em)"),
        ("Edor", "D", "relative key (Edor to D)"),
        ("D", "Dmix", "same tonic, other mode (D to Dmix)"),
        ("G", "G", "same key (G)"),
        ("G", "A", "up a tone (G to A)"),
        ("Gm", "D", ""),  # a fifth, but four sharps apart
        ("G", "F#", ""),
    ],
)
def test_keys_that_follow(before: str, after: str, reason: str) -> None:
    first, second = parse_key(before), parse_key(after)
    assert first is not None
    assert second is not None
    score, found = key_step(first, second)
    assert found == reason
    assert bool(score) == bool(reason)


LOW, HIGH = "D3 E3|G3 D3|", "dfa dfa|agf d3|"


def test_a_set_rises_through_related_keys() -> None:
    tunes = [
        features(1, "D", HIGH),
        features(2, "G", LOW),
        features(3, "D", "DFA DFA|AGF D3|"),
        features(4, "Eb", HIGH),
    ]
    (best,) = propose_sets(tunes)
    assert best.numbers == "2,3,1"
    assert best.reasons[0][0] == "up a fifth (G to D)"
    assert any(reason.startswith("busier") for reason in best.reasons[0])
    assert any(reason.startswith("higher by") for reason in best.reasons[1])


def test_a_set_has_one_rhythm_and_no_title_twice() -> None:
    tunes = [features(n, "G", LOW, title="The Same") for n in (1, 2)]
    tunes += [features(3, "G", LOW), features(4, "G", LOW, rhythm="slide")]
    assert propose_sets(tunes) == []
    tunes.append(features(5, "D", HIGH))
    (best,) = propose_sets(tunes, 5)
    assert {tune.number for tune in best.tunes} < {1, 2, 3, 5}
    assert not {1, 2} <= {tune.number for tune in best.tunes}


def test_sets_share_only_the_tune_with_which_they_start() -> None:
    tunes = [features(n, "GDAE"[n % 4], HIGH if n % 2 else LOW) for n in range(1, 10)]
    sets = propose_sets(tunes, 9)
    numbers = [tune.number for one in sets for tune in one.tunes]
    assert len(numbers) == len(set(numbers)) == 9
    started = propose_sets(tunes, 2, start=4)
    assert [one.tunes[0].number for one in started] == [4, 4]
    rest = [tune.number for one in started for tune in one.tunes[1:]]
    assert len(set(rest)) == 4


def test_what_cannot_be_named_or_heard_is_left_out() -> None:
    for text in (
        "T:No number\nK:G\nG|\n",
        "X:1\nK:none\nG|\n",
        "X:1\nK:G\nz4|\n",
        "X:1\nK:HP\na|\n",
    ):
        (parsed,) = parse_tunebook(text)
        assert set_features(parsed.tune) is None
