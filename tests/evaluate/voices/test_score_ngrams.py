from abclm.evaluate.voices.score_ngrams import score_ngrams
from abclm.evaluate.voices.slices import slices
from tests.evaluate.voices.pieces import parsed


def ngrams(*voices: str, key: str) -> tuple[list[str], list[str]]:
    tune = parsed(*voices, meter="2/4", key=key)
    return score_ngrams(slices(tune), tune.key)


def test_words_of_chords_and_lines() -> None:
    vertical, horizontal = ngrams("e d|", "C G,|", key="C")
    assert vertical == [
        *("0:0.4", "7:2.7", "|]"),
        *("0:0.4 7:2.7", "7:2.7 |]"),
        "0:0.4 7:2.7 |]",
    ]
    assert horizontal[:3] == ["1+0:1/4", "1-2:1/4", "|]"]
    assert "2+0:1/4 2-5:1/4 |]" in horizontal


def test_they_are_the_same_in_every_key() -> None:
    assert ngrams("e d|", "C G,|", key="C") == ngrams("f e|", "D A,|", key="D")


def test_without_a_tonic_pitch_classes_count_from_c() -> None:
    assert ngrams("e d|", "C G,|", key="none") == ngrams("e d|", "C G,|", key="C")
