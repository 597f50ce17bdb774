from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import sounding_notes
from abclm.notation.syntax.tables import UNIT_NOTE_LENGTHS
from abclm.notation.tune.music import Tune
from abclm.notation.write.writer import shortest_unit, write_body, write_tune

VALID = sorted((Path(__file__).parents[2] / "tunes" / "valid").glob("*.abc"))
HEADER = "X:1\nT:t\nM:{meter}\nL:1/8\nK:C\n"


def tune(music: str, meter: str = "4/4") -> Tune:
    (parsed,) = parse_tunebook(HEADER.format(meter=meter) + music + "\n")
    return parsed.tune


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_canonical_text_is_written_back_as_it_is(path: Path) -> None:
    for parsed in parse_tunebook(path.read_text(encoding="utf-8")):
        written = write_tune(parsed.tune)
        (again,) = parse_tunebook(written)
        assert write_tune(again.tune) == written


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_the_shortest_unit_is_that_of_the_shortest_body(path: Path) -> None:
    for parsed in parse_tunebook(path.read_text(encoding="utf-8")):
        for voice in parsed.tune.voices:
            bodies = {
                unit: write_body(replace(voice.tune, unit=unit)) for unit in UNIT_NOTE_LENGTHS
            }
            shortest = min(bodies, key=lambda unit: (len(bodies[unit]), -unit))
            assert shortest_unit(voice.tune, UNIT_NOTE_LENGTHS) == shortest


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_what_is_written_sounds_like_what_was_read(path: Path) -> None:
    for parsed in parse_tunebook(path.read_text(encoding="utf-8")):
        (again,) = parse_tunebook(write_tune(parsed.tune))
        assert sounding_notes(again.tune) == sounding_notes(parsed.tune)


@pytest.mark.parametrize("music", ["f2d2 d2ef|", "e/f/g/a/ ef g3a|", "A3B cdef|g4a4|", "z4|"])
@pytest.mark.parametrize("meter", ["2/4", "4/4", "6/8"])
def test_a_pair_over_a_beat_counts_without_its_blank(music: str, meter: str) -> None:
    read = tune(music, meter)
    bodies = {unit: write_body(replace(read, unit=unit)) for unit in UNIT_NOTE_LENGTHS}
    shortest = min(bodies, key=lambda unit: (len(bodies[unit]), -unit))
    assert shortest_unit(read, UNIT_NOTE_LENGTHS) == shortest


@pytest.mark.parametrize(
    ("music", "canonical"),
    [
        ("A B c d e f g a|A8|]", "ABcd efga|A8|]"),
        ("ABcd efga|A8", "ABcd efga|A8|]"),
        ("A3/2B/ A3/B1/2 c4|A8|]", "A>BA>B c4|A8|]"),
        ("A2>B2 c4|A8|]", "A3B c4|A8|]"),
        # A mark that saves no character is not written.
        ("A3/8B/8c/ B3 c4|A8|]", "A3/8B/8c/B3 c4|A8|]"),
        ("A// A/4 A/ A3|A8|]", "A/4A/4A/A3|A8|]"),
        ("A8|B8:|c8|d8:|", "|:A8|B8:|\n|:c8|d8:|"),
        ("|:A8|B8::c8|d8:|", "|:A8|B8:|\n|:c8|d8:|"),
        ("|:A8|[1B8:|[2c8|]d8|]", "|:A8|1B8:|2c8||\nd8|]"),
        ("|:A8|1B8:|2c8:|", "|:A8|1B8:|2c8|]"),
        ("|A8|\n|B8|", "A8|B8|]"),
        ("d|A8|B8|c8|d8|e8|f7|]", "d|A8|B8|c8|d8|\ne8|f7|]"),
        ("d|:A8|B7:|", "d|:A8|B7:|"),
        ("(3ABc d2 (3:2:3ABc d2|A8|]", "(3ABcd2 (3ABcd2|A8|]"),
        ("[DF]2A6|A8|]", "[DF]2A6|A8|]"),
        ("A8-|A8|]", "A8-|A8|]"),
        ('"Am"(A2B2) .c2!trill!d2|A8|]', '("Am"A2B2) .c2!trill!d2|A8|]'),
        ("A8|[M:C][K:D Mixolydian]B8|]", "A8|[M:4/4][K:Dmix]B8|]"),
    ],
)
def test_each_thing_has_one_spelling(music: str, canonical: str) -> None:
    assert write_body(tune(music)) == canonical


def test_the_header_comes_in_the_order_x_t_r_m_l_k() -> None:
    (parsed,) = parse_tunebook("X:3\nM:C|\nT:A\nK:E Dorian\nR:reel\nZ:me\nT:B\nA|\n")
    header = write_tune(parsed.tune).split("\n")[:-2]
    # A field after K: belongs to the body.
    assert header == ["X:3", "T:A", "M:C|", "L:1/8", "K:Edor"]


def test_a_pickup_is_counted_from_the_end_of_its_bar() -> None:
    assert write_body(tune("d/e/|fed cBA|G3 G2|]", "6/8")) == "d/e/|fed cBA|G3 G2|]"
    assert write_body(tune("GABc|fedcBA|G2|]", "6/8")) == "G ABc|fed cBA|G2|]"


NOTES = st.lists(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "^", "=", "_"]),
        st.sampled_from("ABcdef"),
        st.sampled_from(["", "2", "/", "3/2", "4", "/4", "3"]),
    ),
    min_size=1,
    max_size=8,
)
BARS = st.lists(st.tuples(NOTES, st.sampled_from(["|", "||", ":|", "|:", "::", "|1", ":|2", "|]"])))


@given(BARS)
def test_writing_twice_changes_nothing(content: list[tuple[list[str], str]]) -> None:
    music = "".join(" ".join(notes) + line for notes, line in content)
    written = write_body(tune(music or "A|"))
    assert write_body(tune(written)) == written


@pytest.mark.parametrize(
    ("music", "written"),
    [
        ("CDEF|[K:D clef=bass]C4|", "CD EF|[K:D clef=bass]C4|]"),
        ("CDEF|[K:bass octave=-1]C4|", "CD EF|[K:bass octave=-1]C4|]"),
        ("CDEF|\nw:la la\n+:la la\nC4|]", "CD EF|[w:la la la la]C4|]"),
        ("C4|\nm:Q=CE\nQQ|]", "C4|CE CE|]"),
        ("|:C4|[1 .D4:|2E4|]", "|:C4|1 .D4:|2E4|]"),
    ],
)
def test_fields_of_the_body_say_what_they_said(music: str, written: str) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:4/4\nL:1/4\nK:C\n{music}\n")
    assert write_body(parsed.tune) == written


@pytest.mark.parametrize("key", ["perc", "bass octave=-1", "none", "D treble-8", "C octave=1"])
def test_the_key_of_the_header_keeps_its_clef(key: str) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:4/4\nL:1/4\nK:{key}\nC4|]\n")
    assert f"\nK:{key}\n" in write_tune(parsed.tune)
