"""What holds of every legal tune: checked, written, mended, moved, lexed and cut off anywhere."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from abclm.notation.check.fix import fix
from abclm.notation.check.validate import examine, validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import perform
from abclm.notation.syntax.lexer import lex
from abclm.notation.tune.bars import bars
from abclm.notation.write.moves import BySemitones
from abclm.notation.write.transpose import transpose
from abclm.notation.write.writer import write_tune
from tests.notation.legal_abc import Legal, legal_tunes

Heard = list[list[tuple[Fraction, Fraction, tuple[int, ...], tuple[int, ...]]]]


def heard(text: str, higher: int = 0) -> Heard:
    """Onset, duration, pitches and grace notes of each voice, so many semitones higher."""
    (parsed,) = parse_tunebook(text)
    return [
        [
            (
                note.onset,
                note.duration,
                tuple(pitch + higher for pitch in note.pitches),
                tuple(pitch + higher for pitch in note.graces),
            )
            for note in voice.notes
        ]
        for voice in perform(parsed.tune)
    ]


@given(legal_tunes())
@settings(max_examples=60)
def test_no_problem_is_found_in_it_and_its_bars_are_those_it_is_built_from(legal: Legal) -> None:
    (parsed,) = parse_tunebook(legal.text)
    found = examine(legal.text, strict=True)
    assert not found.problems
    # Players differ in "A>B>c", so it is remarked on.
    assert {remark.rule for remark in found.remarks} <= {"broken-rhythm"}
    assert [len(bars(voice.tune)) for voice in parsed.tune.voices] == [legal.bars] * legal.voices


@given(legal_tunes())
@settings(max_examples=50)
def test_it_is_written_with_the_same_notes_and_then_stays(legal: Legal) -> None:
    (parsed,) = parse_tunebook(legal.text)
    written = write_tune(parsed.tune)
    (again,) = parse_tunebook(written)
    assert heard(written) == heard(legal.text)
    assert write_tune(again.tune) == written
    assert validate(written) == []


@given(legal_tunes())
@settings(max_examples=40)
def test_mending_it_keeps_its_notes_and_a_second_time_changes_nothing(legal: Legal) -> None:
    fixed = fix(legal.text).text
    assert heard(fixed) == heard(legal.text)
    assert fix(fixed).text == fixed


@given(legal_tunes(), st.integers(-7, 7))
@settings(max_examples=40)
def test_it_moves_with_all_its_notes_and_back(legal: Legal, semitones: int) -> None:
    moved = transpose(legal.text, BySemitones(semitones))
    assert heard(moved) == heard(legal.text, semitones)
    assert heard(transpose(moved, BySemitones(-semitones))) == heard(legal.text)


@given(legal_tunes(), st.data())
@settings(max_examples=40)
def test_it_may_be_cut_off_anywhere(legal: Legal, data: st.DataObject) -> None:
    cut = legal.text[: data.draw(st.integers(0, len(legal.text)))]
    assert "".join(token.text for token in lex(cut)) == cut
    validate(cut)
    fix(cut)
    for parsed in parse_tunebook(cut):
        write_tune(parsed.tune)
        perform(parsed.tune)
