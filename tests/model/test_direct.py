"""Direct connections: which tables there are, which row is read, and where they start."""

import numpy as np
import pytest

from abclm.model.cues import CueReader
from abclm.model.direct import admitting_tables, direct_tables, first_tables
from abclm.model.settings import ALL_CUES, DIRECT_SCALE
from abclm.model.vocabulary import Vocabulary

VOCABULARY = Vocabulary.from_text(["ab"])


def tables(*cues):
    return direct_tables(VOCABULARY.size, CueReader(VOCABULARY, cues).columns)


def test_each_column_has_a_table_and_so_have_some_together():
    names = [table.name for table in tables("bar", "section", "syntax")]
    assert names == [
        "direct_character",
        "direct_bar",
        "direct_section",
        "direct_section_form",
        "direct_sections",
        "direct_section_before",
        "direct_section_left",
        "direct_syntax",
        "direct_tuplet",
        "direct_character_syntax",
        "direct_character_section_form",
        "direct_syntax_section_form",
        "direct_syntax_bar",
        "direct_bar_section_form",
        "direct_section_section_form",
        "direct_section_section_left",
        "direct_tuplet_syntax",
        "direct_tuplet_bar",
    ]


def test_what_other_bars_have_is_looked_up_with_how_far_they_agree():
    together = [table.columns for table in tables("place", "plan", "line") if table.places[1:]]
    assert together == [
        *((name, f"{name}_state") for name in ("two", "four", "first", "planned")),
        ("moved", "moved_run"),
        ("step", "step_before"),
        ("step", "beats_left"),
        ("end", "beats_left"),
        ("step", "end"),
        ("kind", "beats_left"),
    ]


def test_a_table_knows_which_of_its_columns_name_a_character():
    found = {table.columns: table.characters for table in tables("echo", "place", "line")}
    assert found["character",] == found["echo",] == found["four",] == (True,)
    assert found["first", "first_state"] == (True, False)
    assert found["step", "step_before"] == (False, False)


def test_columns_that_a_network_is_not_told_have_none():
    assert [table.columns for table in tables()] == [("character",)]
    assert [table.columns for table in tables("bar")] == [("character",), ("bar",)]


def test_every_pair_of_ids_has_a_row_of_its_own():
    table = direct_tables(3, {"bar": 4, "syntax": 2})[-1]
    assert table.columns == ("syntax", "bar")
    assert table.rows == 8
    ids, bars, syntaxes = np.zeros(8, int), np.tile(np.arange(4), 2), np.repeat([0, 1], 4)
    assert table.row([ids, bars, syntaxes]).tolist() == list(range(8))


def test_what_never_follows_starts_as_low_as_it_was_to_be_expected():
    # aab abb: of 7 ids that follow another, 3 follow a, 3 follow b, 1 the end between them; 2 are
    # a, 3 are b, 2 are the end. Never does a follow b, b or the end the end, or the end a.
    end, a, b = 0, 1, 2
    ids = np.array([a, a, b, end, a, b, b])
    following = np.array([a, b, end, a, b, b, end])
    expected = np.zeros((3, 3))
    expected[b, a] = 3 * 2 / 7
    expected[end, b], expected[end, end] = 1 * 3 / 7, 1 * 2 / 7
    expected[a, end] = 3 * 2 / 7
    found = first_tables(direct_tables(3, {}), [ids], following, 3)
    assert found.keys() == {"direct_character/embeddings"}
    table = found["direct_character/embeddings"]
    assert table.dtype == np.float32
    np.testing.assert_allclose(DIRECT_SCALE * table, -np.log1p(expected), atol=1e-6)


@pytest.mark.parametrize("cues", [("echo",), ("echo", "bar", "section", "syntax"), ALL_CUES])
def test_every_table_has_the_shape_of_its_weight(cues):
    ids = VOCABULARY.encode("abba")
    told = [ids, *CueReader(VOCABULARY, cues).track(ids)[1:].T]
    found = first_tables(tables(*cues), told, np.roll(ids, -1), VOCABULARY.size)
    shapes = {table.weight: (table.rows, VOCABULARY.size) for table in tables(*cues)}
    assert {name: table.shape for name, table in found.items()} == shapes


def test_what_other_tunes_have_is_forbidden_no_more():
    (table,) = direct_tables(3, {})
    weights = {table.weight: np.array([[-9, -9, 9], [-9, -9, 9], [-9, -9, 9]], np.float32)}
    ids, following = np.array([1, 1, 0]), np.array([2, 0, 1])
    found = admitting_tables([table], weights, [ids], following)
    raised = -1 / DIRECT_SCALE
    assert found[table.weight] == pytest.approx(
        np.array([[-9, raised, 9], [raised, -9, 9], [-9, -9, 9]])
    )
    assert weights[table.weight][1, 0] == -9
