"""Whatever the text: a tune becomes MIDI, a roll and a score, or one of our own errors."""

import contextlib
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abclm.errors import RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.tempo import parse_tempo
from abclm.render.midi.midi import midi_bytes
from abclm.render.midi.midi_notes import midi_notes
from abclm.render.musicxml.musicxml import musicxml_text
from abclm.render.roll.roll import roll_svg

MUSIC = st.lists(
    st.sampled_from(
        ["A", "^c'", "_B,", "G2", "F/", "E//", "D3/2", "C0", "z", "Z2", "[CEG]2", "[C-E]", "{de}",
         "{^f}", "(3", "(5", "(9999",
 ">", "<<", "-", "|", ":|", "|:", "::", "|1", ":|2", "[3", "||",
         "|]", "&", "[K:Eb]", "[M:6/8]", "[Q:1/4=90]", "[V:2]", "[V:1]", "[P:B]", "[L:1/1]", "\n",
         "A999999999", "A/999999999", "C,,,,,,,,,", "c''''''''''", "[K:HP]", "[K:D exp _b^^c]",
         '"', "!trill!", "[", "]", "}", "[Q:1/0=9]", "[M:4/0]", "[Q:]", "\0"]
    ),
    max_size=30,
).map(" ".join)  # fmt: skip
HEADERS = st.sampled_from(["", "M:C|\nR:hornpipe\n", "P:A(BA)9\n", "V:1\nV:2\n", "L:0/1\nM:0\n",
                           "Q:1/4=0\n", "Q:9999\n", 'Q:"Presto"\n', "M:none\n"])  # fmt: skip


@given(HEADERS, MUSIC)
@settings(max_examples=150)
def test_a_tune_sounds_or_is_refused(header: str, music: str) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{header}K:C\n{music}\n")[:1]
    try:
        data = midi_bytes(parsed.tune)
    except RenderError:
        return
    assert all(note.end is not None and note.start < note.end for note in midi_notes(data))


@given(HEADERS, MUSIC)
@settings(max_examples=80)
def test_a_tune_is_drawn_as_a_roll_and_written_as_musicxml_or_is_refused(
    header: str, music: str
) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\n{header}K:C\n{music}\n")[:1]
    for write in (roll_svg, musicxml_text):
        try:
            ET.fromstring(write(parsed.tune))
        except RenderError as error:
            if "no MusicXML could be made" in str(error):  # something foreign failed
                raise


@given(st.text())
def test_no_tempo_is_too_odd(value: str) -> None:
    for unit in (1, 0):
        tempo = parse_tempo(value, parse_tunebook("X:1\nK:C\nA\n")[0].tune.unit * unit)
        assert tempo is None or 10 <= tempo.quarters_per_minute <= 600


@pytest.mark.parametrize(
    "music",
    ["A999999999", "A/999999999", "|:A" * 500 + ":|" * 500, "(9999ABC", "|:::::::A:::::::|"],
)
def test_odd_things_end(music: str) -> None:
    (parsed,) = parse_tunebook(f"X:1\nT:t\nK:C\n{music}\n")
    with contextlib.suppress(RenderError):
        assert midi_bytes(parsed.tune)
