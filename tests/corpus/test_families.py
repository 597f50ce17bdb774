from collections import Counter

import pytest

from abclm.corpus.families import MelodyFingerprint, find_families, near_duplicates
from abclm.corpus.split import draw
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.titles import normalise_title

ONE = ["GABc dedB", "dedB dedB", "c2ec B2dB", "ABAF GABc", "g2fe d2ef", "G2BG A2cA"]
LOW = {"4/4": "G,4", "3/4": "D,3"}
TWO = ["A2AB c2cd", "e2ed c2BA", "E4 A4", "a3g e2d2", "f2ef d2cB", "A8"]


def melody(bars: list[str], title: str = "t", key: str = "G") -> MelodyFingerprint:
    text = f"X:1\nT:{title}\nM:4/4\nL:1/8\nK:{key}\n{'|'.join(bars)}|]\n"
    return MelodyFingerprint.of(parse_tunebook(text)[0].tune)


def setting(
    soprano: str, meter: str = "4/4", key: str = "G", title: str = "t"
) -> MelodyFingerprint:
    """A piece of two voices; the lower one is the same everywhere."""
    upper = soprano.split("|")
    body = "\n".join(f"[V:1]{bar}|[V:2]{LOW[meter]}|" for bar in upper)
    text = f"X:1\nT:{title}\nM:{meter}\nL:1/4\nV:1\nV:2\nK:{key}\n{body}\n"
    return MelodyFingerprint.of_melody(parse_tunebook(text)[0].tune.voices[0].tune)


def families(*melodies: MelodyFingerprint) -> list[int]:
    return find_families(melodies, MelodyFingerprint.overlaps(melodies))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Old Maids Of Galway", "Old Maids of Galway -- Reel"),
        ("Lass of Gowrie, The", "the LASS of Gowrie"),
        ('"Miss Thornton\'s Reel"', "Miss Thorntons"),
        ("The Quick Step", "Jig"),
    ],
)
def test_titles_of_one_tune_are_alike(one: str, other: str) -> None:
    assert normalise_title(one) == normalise_title(other)


def test_a_title_that_names_a_dance_only_makes_no_family() -> None:
    assert families(melody(ONE, "Quick Step"), melody(TWO, "Quick Step")) == [0, 1]
    assert families(melody(ONE, "The Rose"), melody(TWO, "Rose, The -- Reel")) == [0, 0]


def test_a_third_of_the_shorter_tune_makes_relatives_in_any_key() -> None:
    # Two bars of six side by side: the first one's approach differs, the second one is shared.
    lower = ["D,E,F,G, A,B,A,F,", "A,B,A,F, A,B,A,F,", "G,2B,G, F,2A,F,", *TWO[3:]]
    assert families(melody(ONE, "a"), melody(lower, "b", "D")) == [0, 0]
    assert families(melody(ONE, "a"), melody(TWO, "b")) == [0, 1]


def test_relatives_of_relatives_are_one_family() -> None:
    between = melody([*ONE[:3], *TWO[3:]], "c")
    assert families(melody(ONE, "a"), melody(TWO, "b"), between) == [0, 0, 0]


def test_the_later_of_two_nearly_equal_tunes_is_the_duplicate() -> None:
    again = melody([*ONE[:5], "G2BG A2c2"], "b")
    tunes = [melody(TWO, "x"), melody(ONE, "a"), again]
    assert near_duplicates(tunes, MelodyFingerprint.overlaps(tunes)) == {2}


@pytest.mark.parametrize(
    ("bars", "other_bars", "shared", "twice"),
    [(5, 5, 4, {1}), (5, 5, 3, set()), (5, 6, 4, set()), (4, 4, 4, {1}), (3, 3, 3, set())],
)
def test_four_fifths_of_the_longer_tune_make_a_duplicate(
    bars: int, other_bars: int, shared: int, twice: set[int]
) -> None:
    tunes = [
        MelodyFingerprint(name, frozenset((bar, 0) for bar in range(count)))
        for name, count in (("a", bars), ("b", other_bars))
    ]
    assert near_duplicates(tunes, {(0, 1): shared}) == twice


def test_pickups_and_short_bars_do_not_count() -> None:
    assert len(melody(["D2", *ONE, "G6"]).bars) == 6


def test_settings_of_one_melody_are_relatives_in_any_meter_and_with_passing_notes() -> None:
    plain = setting("GABG|cBA2|dcBA|BAG2|dedc|BAG2")
    waltz = setting("D2E|F2D|G2F|E3|A2G|F2E|F2E|D3|A2B|A2G|F2E|D3", "3/4", "D")
    passing = setting("GAB/A/G|cBA2|dc/d/BA|B/G/AG2|dedc|BAG2")
    other = setting("GGDG|BcdB|GFED|EFG2|EDCB,|A,DG2")
    assert families(plain, waltz, other, passing) == [0, 0, 2, 0]


def test_excerpts_of_one_piece_are_a_family_and_titles_of_scores_tell_nothing() -> None:
    one, other = setting("GABG|cBA2|dcBA|BAG2"), setting("GGDG|BcdB|GFED|EFG2")
    assert families(one, other) == [0, 1]
    assert find_families([one, other], MelodyFingerprint.overlaps([one, other]), [7, 7]) == [0, 0]


def test_a_missing_title_makes_no_family() -> None:
    assert families(melody(ONE, "Untitled"), melody(TWO, "Untitled")) == [0, 1]


@pytest.mark.parametrize("seed", range(20))
def test_no_family_is_on_both_sides(seed: int) -> None:
    names = [place // 3 for place in range(90)] + list(range(100, 130))
    by_family, by_tune = draw(names, 0.1, 0.05, seed)
    assert not by_family & by_tune
    assert 10 <= len(by_family) <= 12
    assert len(by_tune) == 6
    outside = Counter(name for place, name in enumerate(names) if place not in by_family)
    assert not {names[place] for place in by_family} & set(outside)


@pytest.mark.parametrize("names", [[0, 0], [0, 1], [0, 0, 0, 1], [0, 0, 0, 0, 4, 4, 4]])
def test_something_is_held_out_and_something_left(names: list[int]) -> None:
    by_family, by_tune = draw(names, 0.05, 0.0, 1)
    assert 0 < len(by_family) < len(names)
    assert not by_tune
