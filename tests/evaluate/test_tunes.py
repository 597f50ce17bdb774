import pytest

from abclm.corpus.store import Corpus
from abclm.errors import InputError
from abclm.evaluate.tunes import held_out_splits, read_pieces, read_split
from abclm.model.vocabulary import Vocabulary
from tests.evaluate.conftest import ONE, THREE, TUNES, TWO

KNOWN = Vocabulary.from_text(TUNES)


def read(text: str) -> str:
    """As a network that reads canonical tunes as they are."""
    KNOWN.encode(text)
    return text


def corpus(held_out: tuple[str, ...], by_tune: tuple[str, ...]) -> Corpus:
    return Corpus("c", TUNES, held_out, by_tune, report={})


def test_both_splits_of_a_corpus_or_the_one_it_has() -> None:
    both = held_out_splits(corpus((ONE,), (TWO, THREE)), read)
    assert [(split.name, split.texts) for split in both] == [
        ("family", (ONE,)),
        ("tune", (TWO, THREE)),
    ]
    assert [split.name for split in held_out_splits(corpus((ONE,), ()), read)] == ["family"]


def test_tunes_with_unknown_characters_are_left_out_and_counted() -> None:
    (split,) = held_out_splits(corpus((ONE, ONE.replace("One", "Üñe"), TWO), ()), read)
    assert split.texts == (ONE, TWO)
    assert split.left_out == (("characters the model does not know", 1),)


def test_a_users_tunes_are_read_as_in_a_corpus() -> None:
    book = (
        'X:7\nT:One\nC:me\nM:2/4\nL:1/8\nK:G major\n"G"D|G4|A4|B4|G4|A4|B4|A4|G3:|\n\n'
        "X:8\nT:no key\nM:2/4\nK:?\nGABc|]\n\n"
        "X:9\nT:no notes\nM:2/4\nK:G\n\n"
        "X:10\nT:free\nM:none\nL:1/8\nK:G\nGABc|]\n\n"
        "X:11\nT:two voices\nM:2/4\nL:1/8\nK:G\nV:1\nG4|]\nV:2\nD4|]\n"
    )
    split = read_split([book], read)
    four_to_a_line = ONE.replace("|A4|B4|A4|", "|\nA4|B4|A4|")
    assert (split.name, split.texts) == ("given", (four_to_a_line,))
    assert dict(split.left_out) == {
        "key not understood": 1, "no notes": 1, "no meter": 1, "several voices": 1,
    }  # fmt: skip


def test_without_a_tune_that_can_be_read_there_is_nothing_to_compare_with() -> None:
    with pytest.raises(InputError, match="no tune found"):
        read_split(["words"], read)
    with pytest.raises(
        InputError, match="none of 1 can be read: 1 characters the model does not know"
    ):
        read_split(["X:1\nT:q\nM:2/4\nL:1/8\nK:G\nG4|]\n"], read)
    with pytest.raises(InputError, match="none of 1 can be read: 1 no notes"):
        read_split(["X:1\nT:t\nM:2/4\nK:G\n"], read)


def test_a_users_pieces_of_several_voices_are_read_as_in_a_corpus() -> None:
    book = (
        "X:1\nT:Two\nC:me\nM:4/4\nL:1/4\nK:G\nV:1\nGABc|d4|]\nV:2\nG,4|G,4|]\n\n"
        "X:2\nT:alone\nM:4/4\nL:1/4\nK:G\nG4|]\n\n"
        "X:3\nT:apart\nM:4/4\nL:1/4\nK:G\nV:1\nG4|G4|]\nV:2\nG,4|]\n"
    )
    split = read_pieces([book], str)
    assert split.texts == (
        "T:Two\nM:4/4\nL:1/8\nV:1\nV:2\nK:G\n[V:1]G2A2 B2c2|[V:2]G,8|\n[V:1]d8|][V:2]G,8|]\n",
    )
    assert dict(split.left_out) == {
        "one voice": 1,
        "the voices differ in the signs of bar 1": 1,
    }
    with pytest.raises(InputError, match="no tune found"):
        read_pieces(["words"], str)
