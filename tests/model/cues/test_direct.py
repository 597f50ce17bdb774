"""Direct connections: which tables there are, which row is read, and where they start."""

import numpy as np

from abclm.model.cues.direct import DirectTable, direct_tables
from abclm.model.cues.reader import CueReader
from abclm.model.settings import Cue
from abclm.model.vocabulary import Vocabulary

VOCABULARY = Vocabulary.from_text(["ab"])


def tables(*cues: Cue) -> tuple[DirectTable, ...]:
    return direct_tables(VOCABULARY.size, CueReader(VOCABULARY, cues).columns)


def test_each_column_has_a_table_and_so_have_some_together() -> None:
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


def test_what_other_bars_have_is_looked_up_with_how_far_they_agree() -> None:
    together = [table.columns for table in tables("place", "plan", "line") if table.places[1:]]
    assert together == [
        *((name, f"{name}_state") for name in ("two", "four", "first", "planned")),
        ("moved", "moved_run"),
        ("step", "step_before"),
        ("step", "beats_left"),
        ("end", "beats_left"),
        ("step", "end"),
        ("kind", "beats_left"),
        ("rhythm", "beats_left"),
    ]


def test_a_table_knows_which_of_its_columns_name_a_character() -> None:
    found = {table.columns: table.characters for table in tables("echo", "place", "line")}
    assert found["character",] == found["echo",] == found["four",] == (True,)
    assert found["first", "first_state"] == (True, False)
    assert found["step", "step_before"] == (False, False)


def test_columns_that_a_network_is_not_told_have_none() -> None:
    assert [table.columns for table in tables()] == [("character",)]
    assert [table.columns for table in tables("bar")] == [("character",), ("bar",)]


def test_every_pair_of_ids_has_a_row_of_its_own() -> None:
    table = direct_tables(3, {"bar": 4, "syntax": 2})[-1]
    assert table.columns == ("syntax", "bar")
    assert table.rows == 8
    ids, bars, syntaxes = np.zeros(8, int), np.tile(np.arange(4), 2), np.repeat([0, 1], 4)
    assert table.row([ids, bars, syntaxes]).tolist() == list(range(8))
