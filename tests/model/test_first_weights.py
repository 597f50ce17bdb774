"""The weights of a run that are not drawn: direct connections, counted in every tune."""

import numpy as np
import pytest

from abclm.model.cues import CueReader
from abclm.model.direct import direct_tables
from abclm.model.first_weights import admitting_weights, first_weights
from abclm.model.repertoire import Repertoire
from abclm.model.settings import ALL_CUES, DIRECT_SCALE, NetworkSettings
from abclm.model.vocabulary import Vocabulary
from abclm.model.weights import weight_shapes

TEXTS = ["M:4/4\nL:1/8\nK:G\nP:aab1\nG8|G8|A4G4|]\n", "M:4/4\nK:D\nP:a1\nG8|]\n"]
VOCABULARY = Vocabulary.from_text(TEXTS)
NETWORK = NetworkSettings(VOCABULARY.size, 4, 8, 1, cues=ALL_CUES, direct=True)


def repertoire(*texts: str) -> Repertoire:
    return Repertoire(texts, VOCABULARY, CueReader(VOCABULARY, NETWORK.cues))


def logit(weights: dict[str, np.ndarray], name: str, *columns: str) -> float:
    """Of one character behind another, by the table of the characters alone."""
    row, following = (int(VOCABULARY.encode(column)[0]) for column in columns)
    return float(DIRECT_SCALE * weights[f"direct_{name}/embeddings"][row, following])


def test_there_is_a_table_for_each_connection_and_nothing_else() -> None:
    weights = first_weights(NETWORK, repertoire(*TEXTS))
    columns = CueReader.sizes(VOCABULARY.size, NETWORK.cues)
    tables = direct_tables(VOCABULARY.size, columns)
    assert weights.keys() == {table.weight for table in tables}
    shapes = weight_shapes(NETWORK)
    assert all(weight.shape == shapes[name] for name, weight in weights.items())


def test_what_never_follows_starts_below_what_does() -> None:
    weights = first_weights(NETWORK, repertoire(*TEXTS))
    assert logit(weights, "character", "G", "8") == 0
    assert logit(weights, "character", "8", "8") < 0


def test_every_tune_counts() -> None:
    """What one of them alone has is not held to be impossible."""
    without, both = (first_weights(NETWORK, repertoire(*texts)) for texts in (TEXTS[1:], TEXTS))
    assert logit(both, "character", "|", "A") == 0
    assert logit(without, "character", "|", "]") == logit(both, "character", "|", "]") == 0
    assert logit(without, "character", "|", "G") < 0


def test_a_network_without_direct_connections_starts_from_nothing_but_chance() -> None:
    bare = NetworkSettings(VOCABULARY.size, 4, 8, 1, cues=ALL_CUES)
    assert first_weights(bare, repertoire(*TEXTS)) == {}
    weights = {"dense/bias": np.zeros(VOCABULARY.size, np.float32)}
    assert admitting_weights(weights, bare, repertoire(*TEXTS)) == weights


def test_what_other_tunes_have_is_let_in_and_all_else_stays() -> None:
    shapes = weight_shapes(NETWORK)
    weights = {name: np.full(shape, -9.0, np.float32) for name, shape in shapes.items()}
    admitted = admitting_weights(weights, NETWORK, repertoire(TEXTS[1]))
    assert admitted.keys() == weights.keys()
    assert logit(admitted, "character", "G", "8") == pytest.approx(-1)
    assert logit(admitted, "character", "A", "4") == pytest.approx(-9 * DIRECT_SCALE)
    for name, weight in admitted.items():
        if not name.startswith("direct_"):
            assert np.array_equal(weight, weights[name])
