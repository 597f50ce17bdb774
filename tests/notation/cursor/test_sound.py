import pytest

from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.sound import Attack, VoiceSound, alteration
from abclm.notation.cursor.time import WHOLE
from abclm.notation.syntax.key import parse_key
from abclm.notation.syntax.meter import parse_meter, parse_unit

QUARTER = WHOLE // 4


def heard(text: str, key: str = "C", unit: str = "1/4") -> VoiceSound:
    meter, length, parsed = parse_meter("4/4"), parse_unit(unit), parse_key(key)
    assert meter is not None
    assert length is not None
    assert parsed is not None
    sound, here = VoiceSound(), Cursor.begin(meter, length, parsed)
    for character in text:
        after = here.feed(character)
        assert after is not None, f"{character!r} in {text!r}"
        sound, here = sound.after(character, here, after), after
    return sound


@pytest.mark.parametrize(
    ("text", "pitches"),
    [
        ("C", [60]),
        ("c", [72]),
        ("C,", [48]),
        ("c'", [84]),
        ("C,,", [36]),
        ("^F", [66]),
        ("_B,", [58]),
        ("^F F", [66, 66]),
        ("^F f", [66, 78]),
        ("^F =F", [66, 65]),
        ("C>D", [60, 62]),
    ],
)
def test_pitches_with_accidentals_and_octaves(text: str, pitches: list[int]) -> None:
    assert [pitch for attack in heard(text).bar for pitch in attack.pitches] == pitches


def test_the_key_holds_until_an_accidental_does_and_again_in_the_next_bar() -> None:
    sound = heard("F =F F2|F4", key="G")
    assert [attack.pitches for attack in sound.before] == [(66,), (65,), (65,)]
    assert [attack.pitches for attack in sound.bar] == [(66,)]


def test_onsets_are_ticks_from_the_start_of_the_bar() -> None:
    sound = heard("C2 z E/F/|")
    assert sound.bar == (
        Attack(0, (60,)),
        Attack(2 * QUARTER, ()),
        Attack(3 * QUARTER, (64,)),
        Attack(3 * QUARTER + QUARTER // 2, (65,)),
    )
    assert sound.ended


def test_a_chord_is_one_attack_in_the_order_of_writing() -> None:
    assert heard("C[EG,c']2D").bar == (
        Attack(0, (60,)),
        Attack(QUARTER, (64, 55, 84)),
        Attack(3 * QUARTER, (62,)),
    )


def test_grace_notes_are_not_heard() -> None:
    assert [attack.pitches for attack in heard("C{DE'}F").bar] == [(60,), (65,)]


def test_a_tie_holds_a_note_and_does_not_strike_it() -> None:
    sound = heard("C2 D2-|D2 D2")
    assert sound.before[-1] == Attack(2 * QUARTER, (62,))
    assert sound.bar == (Attack(0, (62,), held=True), Attack(2 * QUARTER, (62,)))


def test_what_sounds_at_a_moment_before_it_and_after_it() -> None:
    sound = heard("A4|C2 E2|")
    assert sound.at(0) == Attack(0, (60,))
    assert sound.at(QUARTER) == Attack(0, (60,))
    assert sound.at(2 * QUARTER) == Attack(2 * QUARTER, (64,))
    assert sound.just_before(0) == Attack(0, (69,))
    assert sound.just_before(2 * QUARTER) == Attack(0, (60,))
    assert sound.next_onset(0) == 2 * QUARTER
    assert sound.next_onset(2 * QUARTER) is None
    assert VoiceSound().at(0) is VoiceSound().just_before(0) is VoiceSound().last is None


def test_the_last_pitch_is_looked_for_in_two_bars() -> None:
    assert heard("C D z2|z4").last == Attack(QUARTER, (62,))
    assert heard("C4|z4|z4").last is None


@pytest.mark.parametrize(
    ("carried", "name", "expected"),
    [((), "F", 1), ((("F", "="),), "F", 0), ((("F", "^"),), "C", 1)],
)
def test_alteration(carried: tuple[tuple[str, str], ...], name: str, expected: int) -> None:
    key = parse_key("D")
    assert key is not None
    assert alteration(key, carried, name) == expected
