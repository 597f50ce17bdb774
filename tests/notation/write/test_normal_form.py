"""The normal form: every tune on G, and from there back to the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.errors import InputError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import sounding_notes
from abclm.notation.syntax.key import Key, parse_key
from abclm.notation.tune.interval import Interval
from abclm.notation.write.normal_form import TONIC, NormalForm, normal_form
from tests.notation.random_music import ACCIDENTALS, PITCHES, notes, pieces, tunes

MODES = ("", "m", "dor", "mix", "phr", "lyd", "loc")
TONICS = [letter + sign for letter in "CDEFGAB" for sign in ("", "#", "b")]
KEYS = [text for text in (tonic + mode for tonic in TONICS for mode in MODES) if parse_key(text)]
"""All that have a signature of seven sharps or flats at the most."""


def key_of(text: str) -> Key:
    key = parse_key(text)
    assert key is not None
    return key


def form_of(text: str) -> NormalForm:
    return normal_form(key_of(text))


USUAL_TONICS = [tonic for tonic in TONICS if tonic not in {"D#", "A#", "E#", "B#", "Cb", "Fb"}]
"""From others to G letters move by two sharps or flats more: ``_g`` would need three flats there,
and so becomes another letter that sounds the same."""
USUAL_KEYS = [text for text in KEYS if key_of(text).tonic in USUAL_TONICS]
NEAR_KEYS = [text for text in USUAL_KEYS if len(key_of(text).signature) <= 4]
"""Moved by any interval they have a name of their own, not that of a key that sounds the same."""


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Bars with accidentals, ties (over bar lines, too), graces, and changes of key."""
    text = ""
    for _ in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(["piece"] * 4 + ["note"] * 4 + ["tie", "bar", "bar", "key"]))
        if kind == "piece":
            text += draw(pieces())
        elif kind == "note":
            text += draw(notes())
        elif kind == "tie":
            pitch = draw(ACCIDENTALS) + draw(PITCHES)
            text += f"{pitch}2-{draw(st.sampled_from(['', '|']))}{pitch.lstrip('^_=')}"
        elif kind == "bar":
            text += draw(st.sampled_from(["|", ":|\n|:", "||\n", "|1", " "]))
        else:
            text += f"[K:{draw(st.sampled_from(NEAR_KEYS))}]"
    return text + "|]\n"


@pytest.mark.parametrize("text", KEYS)
def test_every_key_becomes_its_mode_on_g_six_semitones_up_or_five_down_at_most(text: str) -> None:
    form = form_of(text)
    assert str(form.normal) == TONIC + key_of(text).mode
    assert -5 <= form.interval.semitones <= 6


@pytest.mark.parametrize(
    ("key", "music", "moved"),
    [
        ("G", "GABc|", "GABc|"),
        ("D", "DFAd|", "GBdg|"),
        ("C", "ceg|", "GBd|"),
        ("Am", "A^GAe|", "G^FGd|"),
        ("F", "F_e=BA|", "G=f^cB|"),
        ("D", "^g-|g g|", "^c'-|c' c'|"),
        ("Edor", "EG{^d}[Be]2 z2 (3gfe|", "GB{^f}[dg]2 z2 (3bag|"),
        ("D", "A|[K:Bm]d|[K:G]d|", "d|[K:Em]g|[K:C]g|"),
        ("D", "D[M:6/8]F~A>d z|", "G[M:6/8]B~d>g z|"),
    ],
)
def test_music_is_written_on_g(key: str, music: str, moved: str) -> None:
    form = form_of(key)
    assert form.into().move(music) == moved
    assert form.back().move(moved) == music


@pytest.mark.parametrize("name", ["HP", "Hp"])
def test_the_pipes_sound_in_a_mixolydian(name: str) -> None:
    form = form_of(name)
    assert (str(form.key), str(form.normal)) == ("Amix", "Gmix")
    music = "{g}A2 c>d {gag}e=f^f|a2-a2|\n"
    assert form.into().move(music) == "{f}G2 B>c {fgf}d_e=e|g2-g2|\n"
    assert form.back().move(form.into().move(music)) == music


@pytest.mark.parametrize("key", [None, parse_key("none"), parse_key("")])
def test_without_a_key_the_music_stays_as_it_is(key: Key | None) -> None:
    form = normal_form(key)
    assert form.interval == Interval(0, 0)
    assert form.key.tonic == form.normal.tonic == "none"
    for mover in (form.into(), form.back()):
        assert mover.move("^GAB|[K:D]f|\n") == "^GAB|[K:D]f|\n"


@pytest.mark.parametrize(
    ("text", "normal"),
    [("A ^g", "G ^f"), ("D exp ^f ^c", "G exp =b ^f"), ("Am =c", "Gm _b"), ("G exp", "G exp")],
)
def test_a_keys_own_accidentals_move_along(text: str, normal: str) -> None:
    assert str(form_of(text).normal) == normal
    music = "cdef gab=c'|^g2_a2|\n"
    form = form_of(text)
    assert form.back().move(form.into().move(music)) == music


def test_a_change_to_the_pipes_key_is_refused() -> None:
    with pytest.raises(InputError, match="changes to HP, which cannot be moved"):
        form_of("D").into().move("d|[K:HP]A|\n")


@given(st.sampled_from([*USUAL_KEYS, "HP", "none"]), bodies())
def test_into_the_normal_form_and_back_gives_the_same_text(key: str, body: str) -> None:
    form = form_of(key)
    assert form.back().move(form.into().move(body)) == body


@given(tunes(st.sampled_from(NEAR_KEYS)))
def test_whole_tunes_come_back_as_they_were(text: str) -> None:
    header, _, body = text.partition("\nK:")
    key, _, music = body.partition("\n")
    form = form_of(key)
    moved = form.into().move(music)
    assert form.back().move(moved) == music
    before, after = (
        heard(f"X:1\n{header}\nK:{name}\n{written}")
        for name, written in ((key, music), (str(form.normal), moved))
    )
    assert after == [[pitch + form.interval.semitones for pitch in pitches] for pitches in before]


@given(st.sampled_from(KEYS), bodies(), st.sampled_from([*KEYS, "none"]))
def test_a_far_key_inside_may_change_its_name_but_not_its_sound(
    key: str, body: str, far: str
) -> None:
    music = f"{body.removesuffix('|]' + chr(10))}|[K:{far}]cdefgab|]\n"
    form = form_of(key)
    again = form.back().move(form.into().move(music))
    assert heard(f"X:1\nL:1/8\nK:{key}\n{again}") == heard(f"X:1\nL:1/8\nK:{key}\n{music}")


@given(st.sampled_from(KEYS), st.lists(bodies(), min_size=1, max_size=4))
def test_music_may_be_moved_piece_by_piece(key: str, music: list[str]) -> None:
    whole, by_pieces = form_of(key).into(), form_of(key).into()
    assert "".join(map(by_pieces.move, music)) == whole.move("".join(music))


def heard(text: str) -> list[list[int]]:
    """The pitches of each note as it is played."""
    (parsed,) = parse_tunebook(text)
    return [list(note.pitches) for note in sounding_notes(parsed.tune)]
