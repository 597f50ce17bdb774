import pytest

from abclm.notation.parser import parse_tunebook
from abclm.notation.validate import validate

HEAD = "X:1\nT:t\nM:4/4\nL:1/4\n"


def decorations(music: str, header: str = "") -> list[tuple[str, ...]]:
    (parsed,) = parse_tunebook(f"{HEAD}{header}K:C\n{music}\n")
    return [sound.decorations for sound in parsed.tune.sounds]


@pytest.mark.parametrize(
    ("music", "expected"),
    [
        ("TA ~B", [("T",), ("~",)]),
        ("A!D.C.!|]", [("!D.C.!",)]),
        ("A!fine!T|B|]", [("!fine!",), ("T",)]),
        ("A!segno!|B|]", [(), ("!segno!",)]),
    ],
)
def test_a_decoration_belongs_to_the_next_note_and_an_end_to_the_last(
    music: str, expected: list[tuple[str, ...]]
) -> None:
    assert decorations(music) == expected


def test_a_user_defines_symbols_in_the_header_and_among_the_music() -> None:
    header = "U: k = !accent!\nU:T=!nil!\n"
    assert decorations("kA TB|\nU:T = +turn+\nTc", header) == [("!accent!",), (), ("!turn!",)]
    assert validate(f"{HEAD}{header}K:C\nkA TB c2|]\n") == []


@pytest.mark.parametrize(
    ("music", "message"),
    [
        ("kA", "k is no decoration the standard knows"),
        ("!Segno!A", "!Segno! is no decoration the standard knows: write !segno!"),
        ("!wobble!A", "!wobble! is no decoration the standard knows"),
    ],
)
def test_a_decoration_that_nobody_knows_is_a_problem(music: str, message: str) -> None:
    (problem,) = validate(f"{HEAD}K:C\n{music}4|]\n")
    assert (problem.rule, problem.message) == ("decoration", message)
