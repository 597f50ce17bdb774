"""The tunes of a run: read once, in a new random order each epoch."""

import numpy as np
import pytest

from abclm.errors import UnknownCharacterError
from abclm.model.cues.reader import CueReader
from abclm.model.training.repertoire import Repertoire
from abclm.model.vocabulary import Vocabulary

HEAD = "T:{}\nM:4/4\nL:1/8\nK:{}\n"
BODIES = {"G": "GABc dedB|G8|]\n", "D": "DEFG ABAF|D8|]\n"}
KEYS = "GGGDGGGD"
TEXTS = [HEAD.format(number, key) + BODIES[key] for number, key in enumerate(KEYS)]
VOCABULARY = Vocabulary.from_text([*TEXTS, "ABCDEFGabcdefg,'^_="])
READER = CueReader(VOCABULARY, ("bar",))


def test_all_tunes_come_once_in_another_order() -> None:
    repertoire = Repertoire(TEXTS, VOCABULARY, READER)
    drawn = [VOCABULARY.decode(tune.ids) for tune in repertoire.draw(np.random.default_rng(0))]
    assert sorted(drawn) == sorted(TEXTS)
    assert drawn != TEXTS
    assert len(repertoire) == 8
    assert repertoire.lengths == [len(text) + 1 for text in TEXTS]


def test_each_epoch_has_the_tunes_as_they_are() -> None:
    """In no other key: a network reads all of them on one tonic, see `abclm.model.text`."""
    repertoire = Repertoire(TEXTS, VOCABULARY, READER)
    rng = np.random.default_rng(0)
    orders = set()
    for _ in range(5):
        drawn = tuple(VOCABULARY.decode(tune.ids) for tune in repertoire.draw(rng))
        assert sorted(drawn) == sorted(TEXTS)
        orders.add(drawn)
    assert len(orders) > 1
    assert [VOCABULARY.decode(tune.ids) for tune in repertoire.tunes()] == TEXTS


def test_a_tune_is_read_with_its_cues() -> None:
    for tune in Repertoire(TEXTS[:1], VOCABULARY, READER).tunes():
        assert np.array_equal(tune.cues, READER.track(tune.ids))


def test_a_character_outside_the_vocabulary_is_named() -> None:
    with pytest.raises(UnknownCharacterError, match="'!'"):
        Repertoire(["AB!"], VOCABULARY, READER)
