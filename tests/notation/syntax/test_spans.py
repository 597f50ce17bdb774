from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.spans import event_spans
from abclm.notation.syntax.tokens import Context
from abclm.notation.write.writer import write_tune


def test_a_span_is_a_note_a_rest_or_a_chord_without_what_is_attached() -> None:
    text = '"Am"~{^g}^a2- .[ce]3/2>z|(3B,c\'d [K:G]x4'
    found = [text[span.start : span.stop] for span in event_spans(lex(text, Context.BODY))]
    assert found == ["^a2", "[ce]3/2", "z", "B,", "c'", "d", "x4"]


def test_in_a_chord_that_is_never_closed_each_note_is_one() -> None:
    found = event_spans(lex("D2[A2d|", Context.BODY))
    assert [span.token.text for span in found] == ["D2", "A2", "d"]


@given(st.lists(st.sampled_from(["A", "[ce]", "{g}", "z2", "|", ">", "(3", "-", " ", '"x"', "&"])))
def test_canonical_text_has_a_span_for_each_sound(pieces: list[str]) -> None:
    (parsed,) = parse_tunebook("X:1\nT:t\nM:none\nK:C\n" + "".join(pieces) + "\n")
    (again,) = parse_tunebook(write_tune(parsed.tune))
    places = [(event.token.line, event.token.column) for event in again.tune.events]
    spans = event_spans(again.tune.tokens)
    assert [(span.token.line, span.token.column) for span in spans] == places
