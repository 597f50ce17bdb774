"""Accidentals that change nothing are left out, and nothing sounds otherwise without them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.corpus.accidentals import without_needless_accidentals
from abclm.corpus.simplify import simplify
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.notation.write.writer import write_body, write_tune

PITCHES = st.sampled_from(["G", "c", "c", "c'", "f", "f", "F"])
SIGNS = st.sampled_from(["", "", "^", "_", "=", "^^", "__"])


def plain(body: str, key: str = "G") -> str:
    """The body as the corpus keeps it, its blanks left out."""
    (parsed,) = parse_tunebook(f"X:1\nT:t\nM:none\nL:1/8\nK:{key}\n{body}\n")
    return write_body(simplify(parsed.tune, number=1)).replace(" ", "")


def heard(text: str) -> list[tuple[list[int], list[int]]]:
    """Pitches and grace notes, sound by sound."""
    (parsed,) = parse_tunebook(text)
    return [
        (list(note.pitches), list(note.graces))
        for voice in perform(parsed.tune)
        for note in voice.notes
    ]


@pytest.mark.parametrize(
    ("key", "body", "expected"),
    [
        # What the key has already.
        ("G", "^FG=c^f|]", "FGcf|]"),
        ("F", "_BA=B|]", "BA=B|]"),
        ("C", "=F^F|]", "F^F|]"),
        # What stands in the bar before, in any octave, and what takes it back.
        ("G", "^c^cc|]", "^ccc|]"),
        ("G", "^c^C^c'|]", "^cCc'|]"),
        ("G", "^c=c=c|]", "^c=cc|]"),
        ("G", "=F^F=F|]", "=F^F=F|]"),
        # A bar line ends it, and so does an ending.
        ("G", "^c|^c|]", "^c|^c|]"),
        ("G", "^c=c|c=c|]", "^c=c|cc|]"),
        ("G", "|:^cd|1^cd:|2^cd|]", "|:^cd|1^cd:|2^cd|]"),
        # A tie carries it over the bar line, but not to the next note.
        ("G", "^c-|c^c|]", "^c-|c^c|]"),
        ("G", "^c-|^cc|]", "^c-|^cc|]"),
        ("G", "^c-|=c|]", "^c-|=c|]"),
        ("G", "^c-|c-=c|]", "^c-|c-=c|]"),
        ("G", "f-|^f|]", "f-|f|]"),
        ("G", "^c-|c=c|]", "^c-|cc|]"),
        # Chords and grace notes.
        ("G", "[^F=c]2[^F^c]|]", "[Fc]2[F^c]|]"),
        ("G", "{^f}g{^c}d^c|]", "{f}g{^c}dc|]"),
        # A new key, with the accidentals of the bar still holding.
        ("G", "F[K:C]^F=F|]", "F[K:C]^F=F|]"),
        ("C", "^F[K:G]^F|^F|]", "^F[K:G]F|F|]"),
        ("none", "=F^F|]", "F^F|]"),
    ],
)
def test_an_accidental_that_its_note_has_anyway_is_left_out(
    key: str, body: str, expected: str
) -> None:
    assert plain(body, key) == expected


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Bars in common time, four sounds each, some with graces, chords, ties and new keys."""
    text, tied = "", ""
    for count in range(4 * draw(st.integers(1, 4))):
        kind = draw(st.sampled_from(["note"] * 5 + ["grace", "chord", "tie", "key"]))
        note = tied or draw(PITCHES)
        pitch, tied = draw(SIGNS) + note, note if kind == "tie" else ""
        if kind == "grace":
            text += "{" + draw(SIGNS) + draw(PITCHES) + "}" + pitch + "2"
        elif kind == "chord":
            text += f"[{pitch}{draw(SIGNS)}d]2"
        elif kind == "key":
            text += f"[K:{draw(st.sampled_from(['D', 'F', 'Am', 'Edor', 'C#']))}]{pitch}2"
        else:
            text += f"{pitch}2" + "-" * (kind == "tie")
        text += "|" * (count % 4 == 3)
    return text + "]"


@given(bodies(), st.sampled_from(["G", "C", "F", "Eb", "Edor", "none", "HP"]))
def test_a_tune_sounds_as_before(body: str, key: str) -> None:
    text = f"X:1\nT:t\nM:4/4\nL:1/8\nK:{key}\n{body}\n"
    (parsed,) = parse_tunebook(text)
    items = tuple(without_needless_accidentals(parsed.tune.items, parsed.tune.key))
    assert heard(write_tune(replace(parsed.tune, items=items))) == heard(text)


@given(bodies())
def test_simplified_twice_is_simplified_once(body: str) -> None:
    once = write_tune(simplify(parse_tunebook(f"X:1\nM:4/4\nL:1/8\nK:G\n{body}\n")[0].tune, 1))
    assert write_tune(simplify(parse_tunebook(once)[0].tune, 1)) == once


@given(bodies())
def test_no_accidental_of_what_is_left_can_be_spared(body: str) -> None:
    """Each taken out alone is heard, unless a tie carries it."""
    (parsed,) = parse_tunebook(f"X:1\nM:4/4\nL:1/8\nK:G\n{body.replace('-', '')}\n")
    kept = write_tune(simplify(parsed.tune, number=1))
    music = kept.index("K:G\n") + 4
    for at in range(music, len(kept)):
        if kept[at] in "^_=" and kept[at - 1] not in "^_":
            end = at + 1 + (kept[at + 1] in "^_")
            assert heard(kept[:at] + kept[end:]) != heard(kept)
