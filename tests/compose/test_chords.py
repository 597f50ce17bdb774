"""Chord symbols over tunes: which chords, where, and that nothing else in the text changes."""

import random
import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from abclm.compose.chord_grid import BEATS, HALVES, grid_of
from abclm.compose.chord_model import flat_table, load_harmony
from abclm.compose.chord_names import CHORDS, chords_of, is_chord_symbol
from abclm.compose.chord_slots import slots_of
from abclm.compose.chords import chord_symbols, chosen_chords, with_chord_symbols
from abclm.compose.chosen import choose_one
from abclm.errors import InputError
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.source import Source
from abclm.notation.tune.music import Tune

VALID = sorted((Path(__file__).parents[1] / "tunes" / "valid").glob("*.abc"))
JIG = "X:1\nT:Jig\nM:6/8\nL:1/8\nK:{}\n{}\n"


def parsed(text: str) -> Tune:
    return parse_tunebook(text)[0].tune


def with_chords(text: str, *, replace: bool = False, grid: str | None = None) -> str:
    tune = parsed(text)
    symbols = chord_symbols(tune, grid=grid, replace=replace)
    return with_chord_symbols(tune, symbols, replace=replace)


def names(text: str, *, grid: str | None = None) -> list[str]:
    return [symbol.text for symbol in chord_symbols(parsed(text), grid=grid)]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("G", "G Am Bm C D D7 Em F A7 B7"),
        ("F#m", "F#m A Bm B C#m C# C#7 D E"),
        ("Edor", "Em F#m G A Bm B7 D"),
        ("Amix", "A Bm D Em E7 F#m G"),
        ("Bb", "Bb Cm Dm Eb F F7 Gm Ab C7 D7"),
        ("HP", "A Bm D Em E7 F#m G"),
    ],
)
def test_chords_are_spelled_in_the_key(key: str, expected: str) -> None:
    parsed_key = parse_key(key)
    assert parsed_key is not None
    tonic = "A" if key == "HP" else parsed_key.tonic
    assert " ".join(chord.name(tonic) for chord in chords_of(parsed_key)) == expected


@pytest.mark.parametrize("text", ["G", "Am7", "F#m/C#", "Bb", "(D)", "C7", "N.C.", "Edim", "Asus4"])
def test_chord_symbols_are_recognised(text: str) -> None:
    assert is_chord_symbol(text)


@pytest.mark.parametrize("text", ["^Am", "Fine", "D.C.", "Segno", "4", "tr", "End", "", "_F"])
def test_annotations_are_not_chord_symbols(text: str) -> None:
    assert not is_chord_symbol(text)


def test_a_tune_in_arpeggios_gets_their_chords() -> None:
    tune = JIG.format("G", "GBd gdB|Ace ecA|FAd dAF|GBd G3|]")
    assert names(tune, grid=HALVES)[-2:] == ["D7", "G"]
    assert names(tune)[0] == "G"


def test_a_dorian_tune_moves_between_its_tonic_and_the_chord_below() -> None:
    tune = JIG.format("Edor", "EGB e2B|EGB e2B|DFA d2A|DFA d2A|EGB e2B|EGB e2B|DFA d2A|EFG E3|]")
    assert names(tune) == ["Em", "D", "Em", "D", "Em"]


def test_a_mixolydian_tune_has_the_major_chord_below_its_tonic() -> None:
    tune = JIG.format("Amix", "Ace ecA|Ace ecA|GBd dBG|GBd dBG|Ace ecA|Ace ecA|GBd dBG|A3 A3|]")
    assert names(tune) == ["A", "G", "A", "G", "A"]


def test_a_hymn_changes_at_the_beat_and_a_dance_at_the_half_bar() -> None:
    hymn = parsed("X:1\nT:H\nM:4/4\nL:1/4\nK:G\nG|GABc|dcHB B|cBAG|GFHG|]\n")
    reel = parsed("X:1\nT:R\nM:4/4\nL:1/8\nK:G\nGABc dBGB|cAFA G4|]\n")
    assert grid_of(hymn) == BEATS
    assert grid_of(reel) == HALVES
    plain = "X:1\nT:H\nM:4/4\nL:1/4\nK:G\nGABc|dcBB|cBAG|GFG2|]\n"
    assert grid_of(parsed(plain)) == BEATS
    assert grid_of(parsed(plain.replace("M:", "R:polka\nM:"))) == HALVES
    assert {slot.onset for slot in slots_of(reel)} == {Fraction(0), Fraction(1, 2)}
    assert len(slots_of(hymn)) == 16


def test_a_pickup_of_a_dance_has_no_chord() -> None:
    assert with_chords(JIG.format("G", "D|GBd gdB|GBd G2|]")).splitlines()[-1].startswith('D|"G"G')


def test_a_pickup_written_with_rests_has_no_chord() -> None:
    tune = JIG.format("G", "z3 zzD|GBd gdB|GBd G3|]")
    assert with_chords(tune).splitlines()[-1] == 'z3 zzD|"G"GBd gdB|GBd G3|]'


def test_a_half_bar_inside_a_held_note_has_no_chord_of_its_own() -> None:
    slots = slots_of(parsed(JIG.format("G", "G6|GBd gdB|z6|G3 G3|]")))
    assert [(slot.bar, slot.size) for slot in slots] == [
        (0, 2), (1, 1), (1, 1), (2, 2), (3, 1), (3, 1),
    ]  # fmt: skip


def test_the_chord_is_stated_again_at_sections_and_endings() -> None:
    tune = JIG.format("G", "|:GBd gdB|1GBd G3:|2GBd G3||GBd gdB|GBd G3|]")
    text = with_chords(tune).splitlines()[-1]
    assert text == '|:"G"GBd gdB|1"G"GBd G3:|2"G"GBd G3||"G"GBd gdB|GBd G3|]'


def test_equal_endings_get_equal_chords() -> None:
    tune = JIG.format("D", "|:FED dAF|GFE e2d|1cBA GFE|D3 D3:|2cBA GFE|D3 D2z|]")
    text = with_chords(tune).splitlines()[-1]
    first, second = re.findall(r"(?<=\|)[12](.*?GFE)", text)
    assert first == second


def test_a_chord_outside_the_scale_needs_its_tone_in_the_melody() -> None:
    model = load_harmony()
    for mode, chords in CHORDS.items():
        for slot_pitch in (0, 7):
            slots = slots_of(parsed(JIG.format("C", "CDE EDC|")))
            part = slots[0].parts[0]._replace(pitch=slot_pitch)
            scores = model.melody(HALVES, mode, (part,), 1)
            best = chords[int(scores.argmax())]
            assert not best.borrowed(mode) or slot_pitch in best.borrowed(mode)


def test_symbols_stand_after_grace_notes_and_before_all_else() -> None:
    text = 'X:1\nM:6/8\nL:1/8\nK:G\n{a}~G2"^x"B d2B|(3GBd G2 (BdB)|!f!"<a"[GB]3 G3|]\n'
    line = with_chords(text).splitlines()[-1]
    assert line.startswith('{a}"G"~G2"^x"B d2B|')
    forced = with_chord_symbols(
        tune := parsed(text),
        [symbol.__class__(slot.bar, slot.onset, slot.token, "G")
         for symbol in chord_symbols(tune)[:1] for slot in slots_of(tune)],
    )  # fmt: skip
    assert '|"G"(3GBd G2 (' in forced
    assert '|"G"!f!"<a"[GB]3 "G"G3|]' in forced


def test_sections_with_chord_symbols_keep_them_and_get_no_others() -> None:
    tune = JIG.format("G", 'GBd gdB|"Em"GBd G3||GBd gdB|GBd G3|]')
    assert with_chords(tune).splitlines()[-1] == 'GBd gdB|"Em"GBd G3||"G"GBd gdB|GBd G3|]'


def test_replace_removes_the_chord_symbols_but_no_annotations() -> None:
    tune = JIG.format("G", '"C""^slow"GBd "D7"gdB|"4"GBd "Am/E"G3|]')
    line = with_chords(tune, replace=True).splitlines()[-1]
    assert line == '"G""^slow"GBd gdB|"4"GBd G3|]'


def test_only_the_first_voice_gets_symbols() -> None:
    tune = 'X:1\nM:2/4\nL:1/8\nV:1\nV:2\nK:G\n[V:1]GBdB|G4|]\n[V:2]"C"G,4|G,4|]\n'
    assert with_chords(tune, replace=True).splitlines()[-2:] == [
        '[V:1]"G"GBdB|G4|]',
        '[V:2]"C"G,4|G,4|]',
    ]


def test_chords_follow_a_change_of_key() -> None:
    tune = JIG.format("G", "GBd gdB|GBd G3||[K:D]DFA dAF|DFA D3|]")
    assert names(tune) == ["G", "D"]


@pytest.mark.parametrize("body", ["K:none\nGBd gdB|]", "K:G\nz6|]"])
def test_a_tune_without_a_tonic_or_notes_is_refused(body: str) -> None:
    with pytest.raises(InputError, match="need notes, and a key with a tonic"):
        chord_symbols(parsed(f"X:1\nM:6/8\nL:1/8\n{body}\n"))


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_only_symbols_are_added(path: Path) -> None:
    """Without strings the text is the old one, and no problem is new."""
    strings = re.compile(r'"[^"\n]*"')
    for one in parse_tunebook(path.read_text(encoding="utf-8")):
        old = "".join(token.text for token in one.tune.tokens)
        try:
            symbols = chord_symbols(one.tune)
        except InputError:
            continue
        new = with_chord_symbols(one.tune, symbols)
        assert strings.sub("", new) == strings.sub("", old)
        assert len(strings.findall(new)) == len(strings.findall(old)) + len(symbols)
        assert [problem.rule for problem in validate(new)] == [
            problem.rule for problem in validate(old)
        ]


def test_tables_are_probabilities() -> None:
    model = load_harmony()
    assert "public domain" in model.licence
    for grid in (BEATS, HALVES):
        for mode, table in model.tables[grid].items():
            size = len(CHORDS[mode])
            assert table.moves.shape == (size, size)
            np.testing.assert_allclose(table.moves.sum(axis=1), 1, atol=2e-3)
            np.testing.assert_allclose(table.chords.sum(), 1, atol=2e-3)
            for row in table.places.values():
                np.testing.assert_allclose(row.sum(), 1, atol=2e-3)


def test_every_mode_has_a_table() -> None:
    model = load_harmony()
    for mode, chords in CHORDS.items():
        assert len(model.table(BEATS, mode).chords) == len(chords)
        assert flat_table(mode).chords.argmax() == 0


def test_a_tune_of_one_short_bar_gets_no_chords() -> None:
    assert names(JIG.format("G", "GB|]")) == []


def test_random_notes_never_fail() -> None:
    rng = random.Random(3)
    for meter in ("4/4", "C|", "6/8", "9/8", "3/4", "7/8", "5/4", "3/2", "none", "2/4", "12/8"):
        for key in ("G", "Cm", "F#phr", "Blyd", "Ddor", "Eloc", "Hp"):
            bars = "|".join(
                "".join(
                    rng.choice("ABcdefgz") + rng.choice(["", "2", "3/2", "/"]) for _ in "123456"
                )
                for _ in range(9)
            )
            tune = parsed(f"X:1\nM:{meter}\nL:1/8\nK:{key}\n{bars}|]\n")
            slots, chords = chosen_chords(tune)
            assert len(slots) == len(chords) > 0


def test_a_file_stays_as_it_is_but_for_the_symbols() -> None:
    """Byte order mark, line ends, encoding, free text and the other tunes."""
    tune = "\ufeffX:1\nT:Un\u00e9\nM:6/8\nK:G\n  GBd gdB|GBd G3|]  % end\n"
    data = (tune + "\nfree text\n\nX:2\nK:D\nD2|\n").replace("\n", "\r\n").encode()
    chosen = choose_one(Source.decode(data, "book.abc"), 1)
    new = chosen.replaced(with_chord_symbols(chosen.tune, chord_symbols(chosen.tune)))
    assert new == data.replace(b"  GBd", b'  "G"GBd')


def test_replacing_twice_changes_nothing() -> None:
    once = with_chords(JIG.format("G", "GBd gdB|Ace ecA|FAd dAF|GBd G3|]"), replace=True)
    assert with_chords(once, replace=True) == once
    assert with_chords(once) == once
