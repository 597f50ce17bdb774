import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.notation.syntax import music_tokens
from abclm.notation.syntax.lexer import lex
from abclm.notation.syntax.tokens import Context, Token, TokenKind

ABC_TEXT = st.text(alphabet="XTMLKGABcdez|:[]()123/<>{}~!\"'^_=,-. \n\r\\%`&", max_size=200)


@given(st.one_of(st.text(max_size=200), ABC_TEXT))
def test_the_texts_of_the_tokens_joined_are_the_input(text: str) -> None:
    assert "".join(token.text for token in lex(text)) == text


@given(ABC_TEXT)
def test_every_token_says_where_its_text_stands(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for token in lex(text):
        if token.kind not in {TokenKind.NEWLINE, TokenKind.BLANK}:
            line = lines[token.line - 1]
            assert line[token.column - 1 :].startswith(token.text)


@given(st.text(alphabet="ABcdezyZX|:[]()123/<>{}~!\"'^_=,-. %\\`&$+2sl", max_size=40))
def test_a_token_known_by_its_text_is_what_its_place_makes_of_it(line: str) -> None:
    known = music_tokens._known_tokens(line, 0, 1)
    one_by_one = [
        Token(music_tokens._KINDS[match.lastindex or 0], match[0], 1, match.start() + 1)
        for match in music_tokens._MUSIC.finditer(line)
    ]
    assert known in ([], one_by_one)


@pytest.mark.parametrize(
    ("music", "kinds"),
    [
        ("^c'3/2", [TokenKind.NOTE]),
        ("A-d", [TokenKind.NOTE, TokenKind.TIE, TokenKind.NOTE]),
        ("(3ABc", [TokenKind.TUPLET, TokenKind.NOTE, TokenKind.NOTE, TokenKind.NOTE]),
        ("(AB)", [TokenKind.SLUR_OPEN, TokenKind.NOTE, TokenKind.NOTE, TokenKind.SLUR_CLOSE]),
        (":|2", [TokenKind.BAR_LINE, TokenKind.ENDING]),
        ("[1", [TokenKind.ENDING]),
        ("[K:D]", [TokenKind.INLINE_FIELD]),
        ("[DF]2", [TokenKind.CHORD_OPEN, TokenKind.NOTE, TokenKind.NOTE, TokenKind.CHORD_CLOSE]),
        ("[|", [TokenKind.BAR_LINE]),
        ("|[|:", [TokenKind.BAR_LINE]),
        ("A::B", [TokenKind.NOTE, TokenKind.BAR_LINE, TokenKind.NOTE]),
        ("d:|", [TokenKind.NOTE, TokenKind.BAR_LINE]),
        ("{/g}A", [TokenKind.GRACE_OPEN, TokenKind.NOTE, TokenKind.GRACE_CLOSE, TokenKind.NOTE]),
        ("!trill!A", [TokenKind.DECORATION, TokenKind.NOTE]),
        ('"Am"A', [TokenKind.STRING, TokenKind.NOTE]),
        ("A>>B", [TokenKind.NOTE, TokenKind.BROKEN, TokenKind.NOTE]),
        ("A!", [TokenKind.NOTE, TokenKind.LINE_BREAK]),
        ("A\\", [TokenKind.NOTE, TokenKind.CONTINUATION]),
        ("A#", [TokenKind.NOTE, TokenKind.UNKNOWN]),
        (
            "A|\\\n1B",
            [
                TokenKind.NOTE,
                TokenKind.BAR_LINE,
                TokenKind.CONTINUATION,
                TokenKind.NEWLINE,
                TokenKind.ENDING,
                TokenKind.NOTE,
            ],
        ),
        ("A\n1B", [TokenKind.NOTE, TokenKind.NEWLINE, TokenKind.UNKNOWN, TokenKind.NOTE]),
    ],
)
def test_music_is_cut_into(music: str, kinds: list[TokenKind]) -> None:
    assert [token.kind for token in lex(music, Context.BODY)] == kinds


def test_a_field_ends_where_its_comment_starts() -> None:
    field, comment = lex("K:G % one sharp", Context.HEADER)
    assert (field.value, comment.kind) == ("G", TokenKind.COMMENT)


def test_music_after_an_empty_line_continues_with_the_tune() -> None:
    kinds = [token.kind for token in lex("X:1\nT:t\nK:G\nGABc|\n\ndefg|\n")]
    assert kinds.count(TokenKind.BAR_LINE) == 2
    assert TokenKind.TEXT not in kinds


def test_prose_after_an_empty_line_is_no_music() -> None:
    tokens = lex("X:1\nT:t\nK:G\nGABc|\n\nA good tune for dancing.\n")
    assert [token.text for token in tokens if token.kind is TokenKind.TEXT] == [
        "A good tune for dancing."
    ]
