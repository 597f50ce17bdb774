import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.lexer import Kind, Place, lex

ABC_TEXT = st.text(alphabet="XTMLKGABcdez|:[]()123/<>{}~!\"'^_=,-. \n\r\\%`&", max_size=200)


@given(st.one_of(st.text(max_size=200), ABC_TEXT))
def test_the_texts_of_the_tokens_joined_are_the_input(text: str) -> None:
    assert "".join(token.text for token in lex(text)) == text


@given(ABC_TEXT)
def test_every_token_says_where_its_text_stands(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for token in lex(text):
        if token.kind not in {Kind.NEWLINE, Kind.BLANK}:
            line = lines[token.line - 1]
            assert line[token.column - 1 :].startswith(token.text)


@pytest.mark.parametrize(
    ("music", "kinds"),
    [
        ("^c'3/2", [Kind.NOTE]),
        ("A-d", [Kind.NOTE, Kind.TIE, Kind.NOTE]),
        ("(3ABc", [Kind.TUPLET, Kind.NOTE, Kind.NOTE, Kind.NOTE]),
        ("(AB)", [Kind.SLUR_OPEN, Kind.NOTE, Kind.NOTE, Kind.SLUR_CLOSE]),
        (":|2", [Kind.BAR_LINE, Kind.ENDING]),
        ("[1", [Kind.ENDING]),
        ("[K:D]", [Kind.INLINE_FIELD]),
        ("[DF]2", [Kind.CHORD_OPEN, Kind.NOTE, Kind.NOTE, Kind.CHORD_CLOSE]),
        ("[|", [Kind.BAR_LINE]),
        ("|[|:", [Kind.BAR_LINE]),
        ("A::B", [Kind.NOTE, Kind.BAR_LINE, Kind.NOTE]),
        ("d:|", [Kind.NOTE, Kind.BAR_LINE]),
        ("{/g}A", [Kind.GRACE_OPEN, Kind.NOTE, Kind.GRACE_CLOSE, Kind.NOTE]),
        ("!trill!A", [Kind.DECORATION, Kind.NOTE]),
        ('"Am"A', [Kind.STRING, Kind.NOTE]),
        ("A>>B", [Kind.NOTE, Kind.BROKEN, Kind.NOTE]),
        ("A!", [Kind.NOTE, Kind.LINE_BREAK]),
        ("A\\", [Kind.NOTE, Kind.CONTINUATION]),
        ("A#", [Kind.NOTE, Kind.UNKNOWN]),
        (
            "A|\\\n1B",
            [Kind.NOTE, Kind.BAR_LINE, Kind.CONTINUATION, Kind.NEWLINE, Kind.ENDING, Kind.NOTE],
        ),
        ("A\n1B", [Kind.NOTE, Kind.NEWLINE, Kind.UNKNOWN, Kind.NOTE]),
    ],
)
def test_music_is_cut_into(music: str, kinds: list[Kind]) -> None:
    assert [token.kind for token in lex(music, Place.BODY)] == kinds


def test_a_field_ends_where_its_comment_starts() -> None:
    field, comment = lex("K:G % one sharp", Place.HEADER)
    assert (field.value, comment.kind) == ("G", Kind.COMMENT)


def test_music_after_an_empty_line_goes_on_with_the_tune() -> None:
    kinds = [token.kind for token in lex("X:1\nT:t\nK:G\nGABc|\n\ndefg|\n")]
    assert kinds.count(Kind.BAR_LINE) == 2
    assert Kind.TEXT not in kinds


def test_prose_after_an_empty_line_is_no_music() -> None:
    tokens = lex("X:1\nT:t\nK:G\nGABc|\n\nA good tune for dancing.\n")
    assert [token.text for token in tokens if token.kind is Kind.TEXT] == [
        "A good tune for dancing."
    ]
