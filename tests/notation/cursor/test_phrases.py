import pytest

from abclm.notation.cursor.ensemble import Ensemble
from abclm.notation.cursor.phrases import Phrases
from abclm.notation.cursor.time import WHOLE

QUARTER = WHOLE // 4


def after(body: str) -> Ensemble:
    here = Ensemble()
    for character in f"M:4/4\nL:1/4\nV:2\nK:G\n{body}":
        fed = here.feed(character)
        assert fed is not None, character
        here = fed[0]
    return here


def phrases(melody: str, used: int = 0) -> Phrases:
    """The phrases after complete bars of the first voice, and ``used`` quarters of the next."""
    bars = melody.split("|")
    here = after("".join(f"{bar}|z4\n" for bar in bars[:-1]) + bars[-1])
    return here.phrases.through(here.voices[0].sound.bar if bars[-1] else (), used * QUARTER)


def test_a_phrase_ends_with_a_fermata() -> None:
    assert phrases("GABc|dcHB") == Phrases(at=4 * QUARTER)
    assert phrases("GABc|dcHB", 3) == Phrases(0, 1, 7 * QUARTER, 71, paused=True)
    assert phrases("GABc|dcHBd", 4).at == QUARTER
    assert phrases("GABc|dcHBd|edcB|HA4|").number == 2
    assert phrases("GABc|dcHBd|edcB|HA4|").length == 9 * QUARTER


def test_without_fermatas_it_ends_with_a_long_note_or_a_rest() -> None:
    assert phrases("G2AB|").number == 0
    assert phrases("G2AB|c2dc|") == Phrases(2 * QUARTER, 1, 6 * QUARTER, 72)
    assert phrases("GABc|dBGz|") == Phrases(0, 1, 8 * QUARTER, None)
    # After a fermata, only others end a phrase.
    assert phrases("GABHc|dcB2|A4|").number == 1


def test_within_a_bar_it_is_the_moment_that_counts() -> None:
    here = after("GAHBc")
    bar = here.voices[0].sound.bar
    assert [here.phrases.through(bar, beat * QUARTER).at for beat in range(5)] == [
        0,
        QUARTER,
        2 * QUARTER,
        0,
        QUARTER,
    ]


@pytest.mark.parametrize("body", ["GABc|", "GABc|z4", "GABHc|z2"])
def test_they_move_on_when_the_row_is_complete(body: str) -> None:
    assert after(body).phrases == Phrases()
    ended = after("GABHc|z4\n")
    assert ended.phrases == ended.following == Phrases(0, 1, WHOLE, 72, paused=True)
