import pytest

from abclm.notation.check.validate import examine, validate
from abclm.notation.parse.parser import parse_tunebook

HEAD = "X:1\nT:t\nM:4/4\nL:1/4\n"


def decorations(music: str, header: str = "") -> list[tuple[str, ...]]:
    (parsed,) = parse_tunebook(f"{HEAD}{header}K:C\n{music}\n")
    return [event.decorations for event in parsed.tune.events]


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
        ("!Segno!A", "!Segno! is not a standard decoration: write !segno!"),
        ("!wobble!A", "!wobble! is not a standard decoration"),
        ("+wobble+A", "+wobble+ is not a standard decoration"),
    ],
)
def test_a_decoration_that_nobody_knows_is_remarked_on(music: str, message: str) -> None:
    """A player may leave it out (ABC 2.1 section 4.14): the tune is as playable as without."""
    findings = examine(f"{HEAD}K:C\n{music}4|]\n")
    assert not findings.problems
    (remark,) = findings.remarks
    assert (remark.rule, remark.message) == ("decoration", message)


@pytest.mark.parametrize("place", ["%%deco wobble 0 a 1 1 1\n{}", "{}%%deco wobble 0 a 1 1 1\n"])
def test_a_decoration_that_the_tune_or_its_file_defines_is_known(place: str) -> None:
    assert not examine(place.format(HEAD) + "K:C\n!wobble!A4|]\n").remarks


def test_a_letter_that_means_nothing_is_a_problem() -> None:
    (problem,) = validate(f"{HEAD}K:C\nkA4|]\n")
    assert problem.message == "k is not a standard decoration"
