"""MusicXML as ABC: one feature of the format a test."""

import pytest

from abclm.reading.conversion import convert_bytes
from tests.reading.xml_files import attributes, compressed, note, score

WHOLE = note("C4", 16)
TWO_FOUR = "<beats>2</beats><beat-type>4</beat-type>"
CLEFS = "<staves>2</staves><clef number='2'><sign>F</sign><line>4</line></clef>"


def abc(data: bytes) -> str:
    return convert_bytes(data, "file.musicxml").abc


def music(data: bytes) -> list[str]:
    """The lines after ``K:``."""
    lines = abc(data).splitlines()
    return lines[next(n for n, line in enumerate(lines) if line.startswith("K:")) + 1 :]


def remarks(data: bytes) -> list[str]:
    return [remark.text for remark in convert_bytes(data, "file.musicxml").remarks]


def one_bar(*notes: str, **settings: str) -> bytes:
    return score([attributes(**settings) + "".join(notes)])  # type: ignore[arg-type]


def test_title_composer_source_and_rights() -> None:
    head = (
        "<work><work-title>Six Songs</work-title></work><movement-title>Spring</movement-title>"
        '<identification><creator type="composer">A. B.</creator><rights>CC0</rights>'
        "<source>a print</source></identification>"
    )
    text = abc(score([attributes() + WHOLE], head=head))
    assert text.startswith("X:1\nT:Six Songs: Spring\nC:A. B.\nS:a print\nN:CC0\nM:4/4\n")


def test_a_score_without_a_title_has_the_name_of_its_file() -> None:
    assert "T:file\n" in abc(score([attributes() + WHOLE]))


@pytest.mark.parametrize(
    ("fifths", "mode", "key"),
    [
        (0, "major", "C"),
        (-3, "minor", "Cm"),
        (2, "dorian", "Edor"),
        (-7, "none", "Cb"),
        (9, "", "Eb"),
    ],
)
def test_keys(fifths: int, mode: str, key: str) -> None:
    assert f"\nK:{key}\n" in abc(score([attributes(fifths=fifths, mode=mode) + WHOLE]))


@pytest.mark.parametrize(
    ("time", "meter"),
    [
        ("<time symbol='common'><beats>4</beats><beat-type>4</beat-type></time>", "C"),
        ("<time symbol='cut'><beats>2</beats><beat-type>2</beat-type></time>", "C|"),
        ("<time><beats>3+5</beats><beat-type>8</beat-type></time>", "(3+5)/8"),
        (f"<time>{TWO_FOUR}<beats>4</beats><beat-type>8</beat-type></time>", "(4+4)/8"),
        ("<time><senza-misura/></time>", "none"),
        ("<time><beats>x</beats><beat-type>0</beat-type></time>", "none"),
    ],
)
def test_meters(time: str, meter: str) -> None:
    assert f"\nM:{meter}\n" in abc(score([attributes(time="", more=time) + WHOLE]))


def test_chords_and_their_ties() -> None:
    tied = "<tie type='start'/>"
    first = note("C4", 8, tied) + note("E4", 8, before="<chord/>")
    second = note("C4", 8) + note("F4", 8, before="<chord/>")
    assert music(one_bar(first, second)) == ["[C-E]4 [CF]4 |]"]


def test_a_tie_over_a_bar_line() -> None:
    bars = [attributes() + note("F#4", 16, "<tie type='start'/>"), note("F#4", 16)]
    assert music(score(bars)) == ["^F8- | ^F8 |]"]


def test_tuplets_whose_durations_are_rounded_are_exact() -> None:
    """A third of four divisions is not whole; ``backup`` still finds its place."""
    triplet = (
        "<type>eighth</type><time-modification><actual-notes>3</actual-notes>"
        "<normal-notes>2</normal-notes></time-modification>"
    )
    notes = [note(name, size, triplet) for name, size in (("C4", 1), ("D4", 1), ("E4", 2))]
    back = "<backup><duration>8</duration></backup>"
    low = note("C3", 8, voice=2)
    data = one_bar(*notes, note("F4", 4), back, low, time="2/4")
    assert music(data) == ["[V:1] (3C/D/E/ F |]", "[V:2] C,2 |]"]
    assert remarks(data) == []


def test_grace_notes_and_signs() -> None:
    grace = note("D4", 0, before="<grace/>")
    signs = (
        "<notations><articulations><staccato/></articulations>"
        "<ornaments><trill-mark/></ornaments><fermata/><slur type='start'/></notations>"
    )
    end = "<notations><slur type='stop'/></notations>"
    assert music(one_bar(grace, note("C4", 8, signs), note("E4", 8, end))) == [
        "({D}.!trill!!fermata!C4 E4) |]"
    ]


def test_repeats_and_endings() -> None:
    left = "<barline location='left'>{}</barline>"
    right = "<barline location='right'>{}</barline>"
    forward = left.format("<repeat direction='forward'/>")
    first = left.format("<ending number='1' type='start'/>")
    second = left.format("<ending number='2' type='start'/>")
    back = right.format("<ending number='1' type='stop'/><repeat direction='backward'/>")
    double = right.format("<bar-style>light-light</bar-style>")
    bars = [
        attributes() + forward + WHOLE,
        first + WHOLE + back,
        second + WHOLE + double,
        WHOLE,
    ]
    assert music(score(bars)) == ["|: C8 | [1 C8 :|", "[2 C8 ||", "C8 |]"]


def test_tempo_dynamics_and_words() -> None:
    tempo = (
        "<direction><direction-type><metronome><beat-unit>quarter</beat-unit><beat-unit-dot/>"
        "<per-minute>60</per-minute></metronome></direction-type></direction>"
        "<direction><direction-type><dynamics><p/></dynamics></direction-type></direction>"
        "<direction><direction-type><words>dolce</words></direction-type>"
        "<sound tempo='72'/></direction>"
    )
    text = abc(score([attributes() + tempo + WHOLE]))
    assert "Q:3/8=60\n" in text
    assert text.endswith('!p!"^dolce"C8 |]\n')


def test_words_of_two_verses_with_a_melisma() -> None:
    def sung(text: str, syllabic: str, more: str = "", verse: int = 1) -> str:
        return (
            f"<lyric number='{verse}'><syllabic>{syllabic}</syllabic>"
            f"<text>{text}</text>{more}</lyric>"
        )

    notes = [
        note("C4", 4, sung("Hal", "begin") + sung("all", "single", verse=2)),
        note("D4", 4, sung("le", "end", "<extend/>")),
        note("E4", 4),
        note("F4", 4, sung("my", "single") + sung("day", "single", verse=2)),
    ]
    assert music(one_bar(*notes)) == ["C D E F |]", "w: Hal-le _ my", "w: all * * day"]


def test_chord_symbols() -> None:
    symbol = (
        "<harmony><root><root-step>B</root-step><root-alter>-1</root-alter></root>"
        "<kind>minor-seventh</kind><bass><bass-step>F</bass-step></bass></harmony>"
    )
    assert music(one_bar(symbol, WHOLE)) == ['"Bbm7/F"C8 |]']


def test_staves_and_voices_of_a_piano() -> None:
    def on(staff: int) -> str:
        return f"<staff>{staff}</staff>"

    back = "<backup><duration>16</duration></backup>"
    bar = (
        attributes(more=CLEFS)
        + note("E5", 16, on(1))
        + back
        + note("C5", 16, on(1), voice=2)
        + back
        + note("C3", 16, on(2), voice=5)
    )
    text = abc(score([bar]))
    assert "%%score {(1 2) | 3}\n" in text
    assert "V:3 clef=bass\n" in text
    assert text.endswith("[V:1] e8 |]\n[V:2] c8 |]\n[V:3] C,8 |]\n")


def test_a_voice_that_crosses_staves_stays_one() -> None:
    bar = (
        attributes(more=CLEFS)
        + note("C5", 4, "<staff>1</staff>")
        + note("C3", 12, "<staff>2</staff>")
        + "<backup><duration>16</duration></backup>"
        + note("D3", 16, "<staff>2</staff>", voice=2)
    )
    assert music(score([bar])) == ["[V:1] c C,3 |]", "[V:2] D,4 |]"]


def test_notes_that_overlap_in_a_voice_go_to_another() -> None:
    back = "<backup><duration>8</duration></backup>"
    data = one_bar(note("C4", 12), note("D4", 4), back, note("E4", 8))
    assert music(data) == ["[V:1] C3 D |]", "[V:2] z2 E2 |]"]


def test_a_transposing_instrument_sounds() -> None:
    clarinet = "<transpose><diatonic>-1</diatonic><chromatic>-2</chromatic></transpose>"
    text = abc(score([attributes(fifths=2, more=clarinet) + note("F#4", 16)]))
    assert text.endswith("K:C\nE8 |]\n")


def test_under_an_octave_clef_notes_sound_as_in_the_file() -> None:
    clef = (
        "<clef><sign>G</sign><line>2</line><clef-octave-change>-1</clef-octave-change></clef>"
        "<transpose><chromatic>0</chromatic><octave-change>-1</octave-change></transpose>"
    )
    assert abc(score([attributes(more=clef) + WHOLE])).endswith("K:C clef=treble-8\nC8 |]\n")


def test_drums_sound_as_their_instrument() -> None:
    names = (
        "<score-part id='P1'><part-name>Kit</part-name><score-instrument id='I1'/>"
        "<midi-instrument id='I1'><midi-channel>10</midi-channel>"
        "<midi-unpitched>39</midi-unpitched></midi-instrument></score-part>"
    )
    drum = (
        "<note><unpitched><display-step>E</display-step><display-octave>4</display-octave>"
        "</unpitched><duration>16</duration><instrument id='I1'/></note>"
    )
    text = abc(score([attributes() + drum], part_list=names))
    assert "%%MIDI channel 10\n" in text
    assert text.endswith("D,,8 |]\n")


def test_a_split_measure_is_joined_and_said() -> None:
    bars = [attributes() + WHOLE, note("D4", 12), note("E4", 4), WHOLE]
    data = score(bars)
    assert music(data) == ["C4 | D3 E | C4 |]"]
    assert remarks(data) == ["a measure that was split at the end of a phrase: joined"]


def test_a_hidden_change_of_meter_does_not_split_a_measure() -> None:
    hidden = (
        "<attributes><time print-object='no'><beats>{}</beats>"
        "<beat-type>4</beat-type></time></attributes>"
    )
    bars = [
        attributes() + WHOLE,
        hidden.format(3) + note("D4", 12),
        hidden.format(1) + note("E4", 4),
        hidden.format(4) + WHOLE,
    ]
    assert music(score(bars)) == ["C4 | D3 E | C4 |]"]


def test_parts_of_unequal_length_are_aligned_and_said() -> None:
    data = score([attributes() + WHOLE, WHOLE], [attributes() + note("E3", 8)])
    assert music(data) == ["[V:1] C8 | C8 |]", "[V:2] E,4 z4 | z8 |]"]
    assert remarks(data) == [
        "the parts are not equally long in measure 1: rests fill the shorter ones"
    ]


def test_a_part_without_notes_is_left_out_and_said() -> None:
    rest = note("", 16).replace("<rest/>", "<rest measure='yes'/>")
    data = score([attributes() + WHOLE], [attributes() + rest])
    assert music(data) == ["C8 |]"]
    assert remarks(data) == ["parts without notes were left out: Part 2"]


def test_a_pickup_that_no_last_bar_completes_is_said() -> None:
    data = score(["implicit" + attributes() + note("G4", 4), WHOLE, WHOLE])
    assert music(data) == ["G | C4 | C4 |]"]
    assert remarks(data) == [
        "as in the file, the last bar lasts 4/4 and the pickup 1/4: together they should make 4/4"
    ]


def test_cue_notes_are_silent() -> None:
    assert music(one_bar(note("C4", 8, before="<cue/>"), note("E4", 8))) == ["z4 E4 |]"]


def test_a_timewise_score() -> None:
    names = "<part-list><score-part id='A'/><score-part id='B'/></part-list>"
    bar = "<measure><part id='A'>{}</part><part id='B'>{}</part></measure>"
    low = note("C3", 16)
    first = bar.format(attributes() + WHOLE, attributes() + low)
    text = f"<score-timewise>{names}{first}{bar.format(low, WHOLE)}</score-timewise>"
    assert music(text.encode()) == ["[V:1] C8 | C,8 |]", "[V:2] C,8 | C8 |]"]


@pytest.mark.parametrize("container", [True, False])
def test_a_compressed_score(container: bool) -> None:
    data = score([attributes() + WHOLE])
    assert abc(compressed(data, container=container)) == abc(data)


def test_other_encodings_and_a_name_space() -> None:
    plain = score([attributes() + WHOLE])
    wide = plain.decode().replace("UTF-8", "UTF-16").encode("utf-16")
    named = plain.replace(b"<score-partwise>", b'<score-partwise xmlns="http://x.org/m">')
    assert abc(plain) == abc(wide) == abc(named)
