"""The tunes of a run: in which order, and in which keys."""

from collections import Counter

import numpy as np
import pytest

from abclm.errors import UnknownCharacterError
from abclm.model.cues import CueReader
from abclm.model.repertoire import Repertoire
from abclm.model.vocabulary import Vocabulary

HEAD = "T:{}\nM:4/4\nL:1/8\nK:{}\n"
BODIES = {"G": "GABc dedB|G8|]\n", "D": "DEFG ABAF|D8|]\n"}
KEYS = "GGGDGGGD"
TEXTS = [HEAD.format(number, key) + BODIES[key] for number, key in enumerate(KEYS)]
VOCABULARY = Vocabulary.from_text([*TEXTS, "ABCDEFGabcdefg,'^_="])
READER = CueReader(VOCABULARY, ("bar",))


def keys(tunes):
    texts = [VOCABULARY.decode(tune.ids) for tune in tunes]
    return Counter(text.partition("K:")[2][0] for text in texts)


def test_all_tunes_come_once_in_another_order():
    repertoire = Repertoire(TEXTS, VOCABULARY, READER)
    drawn = [VOCABULARY.decode(tune.ids) for tune in repertoire.draw(np.random.default_rng(0))]
    assert sorted(drawn) == sorted(TEXTS)
    assert drawn != TEXTS
    assert len(repertoire) == 8
    assert repertoire.lengths == [len(text) + 1 for text in TEXTS]


def test_keys_are_drawn_as_usual_as_they_are():
    repertoire = Repertoire(TEXTS, VOCABULARY, READER, transposed=True)
    rng = np.random.default_rng(0)
    drawn = sum((keys(repertoire.draw(rng)) for _ in range(100)), Counter())
    assert drawn.keys() == {"G", "D"}
    assert drawn["G"] / drawn.total() == pytest.approx(0.75, abs=0.05)
    assert keys(repertoire.tunes()) == {"G": 6, "D": 2}


def test_a_key_that_cannot_be_spelled_is_left_out():
    texts = [HEAD.format(1, "G") + BODIES["G"], HEAD.format(2, "D") + "dddd dddd|d8|]\n"]
    for spelled, expected in (("", {"G"}), ("fgab", {"G", "D"})):
        vocabulary = Vocabulary.from_text([*texts, spelled])
        reader = CueReader(vocabulary, ())
        repertoire = Repertoire(texts, vocabulary, reader, transposed=True)
        drawn = [repertoire.draw(np.random.default_rng(seed)) for seed in range(20)]
        decoded = [vocabulary.decode(tune.ids) for tunes in drawn for tune in tunes]
        assert {text.partition("K:")[2][0] for text in decoded if "T:1" in text} == expected


def test_a_tune_is_read_with_its_cues():
    for tune in Repertoire(TEXTS[:1], VOCABULARY, READER).tunes():
        assert np.array_equal(tune.cues, READER.track(tune.ids))


def test_a_character_outside_the_vocabulary_is_named():
    with pytest.raises(UnknownCharacterError, match="'!'"):
        Repertoire(["AB!"], VOCABULARY, READER)
