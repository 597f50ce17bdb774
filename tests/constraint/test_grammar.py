"""What may follow at given places of small tunes, one rule of the grammar a row."""

import pytest

from abclm.constraint.grammars import Grammars
from abclm.constraint.section_plan import ANY_SECTION, SectionPlan
from abclm.model.vocabulary import Vocabulary

GRAMMARS = Grammars(Vocabulary.from_text(["".join(map(chr, range(32, 127))) + "\n"]))
OPEN = ((), ANY_SECTION)
END = "$"
"""Stands for the end of the tune; a letter A or a stands for all letters of its case."""
BAR = "G4|"


def following(
    music: str,
    meter: str = "2/4",
    unit: str = "1/8",
    form: tuple[tuple[SectionPlan, ...], SectionPlan] = OPEN,
) -> set[str]:
    """The characters that may follow ``music``, of which all must be allowed itself."""
    opened = GRAMMARS.open("", meter, unit, form)
    assert opened is not None
    cursor = opened.start
    for character in music:
        assert opened.nodes.allows(cursor, character), f"{character!r} cannot come in {music!r}"
        after = cursor.feed(character)
        assert after is not None
        cursor = after
    return {one or END for one in opened.nodes.at(cursor).successors}


def planned(
    *bars: int, repeated: bool | None = None
) -> tuple[tuple[SectionPlan, ...], SectionPlan]:
    return tuple(SectionPlan(repeated, each) for each in bars), ANY_SECTION


@pytest.mark.parametrize(
    ("music", "allowed", "forbidden"),
    [
        ("", "|a", END + "\n"),
        ("|", ":", "|a"),
        # A pickup lasts half a bar at most, and a repeat may open behind it.
        ("G2", "|", ":"),
        ("G2|", ":a\n", "|]"),
        ("G3", "a", "|"),
        # A section ends in phrases of four bars, the second not before the first did ...
        (BAR * 3, "a", "|]"),
        (BAR * 4, "a|]", END),
        ("|:" + BAR * 7 + "G4:|\n" + BAR * 4, "a", "|]"),
        ("|:" + BAR * 7 + "G4:|\n" + BAR * 8, "a|]", ""),
        # ... and after sixteen bars at the latest.
        (BAR * 12, "a|]", ""),
        (BAR * 16, "|]", "a"),
        # A repeat that is open closes; a first ending has a second, and follows two bars or more.
        ("|:" + BAR * 4, "a", "|]"),
        ("|:" + BAR * 3 + "G4", ":|", ""),
        ("|:" + BAR * 3 + "G4:|\n", "|a" + END, ""),
        ("|:" + BAR, "a", "1"),
        ("|:" + BAR * 2, "1", ""),
        ("|:" + BAR * 3 + "1G4", ":", "|"),
        ("|:" + BAR * 3 + "1G4:|", "2", "\na" + END),
        ("|:" + BAR * 3 + "1G4:|2G4|", "|", ":"),
        # Four grace notes at the most, a chord of two to four.
        ("{GGG", "A}", ""),
        ("{GGGG", "}", "A"),
        ("[G", "A", "]"),
        ("[GBd", "A]", ""),
        ("[GBdf", "]", "A"),
        # Broken rhythm joins two notes of one length; a rest is none, nor is what gets too short.
        ("G>", "A", "z2|"),
        ("G2>G", "2", "A3|"),
        ("G/4", "<>", ""),
        ("G/4>", "A", "z"),
        # Inside the music a key is one that there is.
        ("G2[K:", "G", "x"),
        ("G2[K:G", "]m#", ""),
        ("G2[K:F#", "]m", "#"),
        ("G2[K:A#", "m", "]"),
        # A tie holds its note, and a tuplet wants all of its notes.
        ("G-", "A|", "z^~["),
        ("(3GG", "A", "|:"),
    ],
)
def test_what_may_follow_and_what_may_not(music: str, allowed: str, forbidden: str) -> None:
    found = following(music)
    assert found >= set(allowed)
    assert found.isdisjoint(forbidden)


def test_a_note_lasts_a_bar_at_the_most() -> None:
    assert "6" in following("G1", "4/4", "1/16")
    assert "|" in following("G16", "4/4", "1/16")


def test_no_note_gets_too_short_by_broken_rhythm() -> None:
    """A 128th is the shortest: a note of that length cannot be halved, a 64th can."""
    assert ">" in following("G/", "2/4", "1/32")
    assert following("G/4", "2/4", "1/32").isdisjoint("<>")


@pytest.mark.parametrize(
    ("form", "begins"), [(True, "|"), (False, "aA^~({[z")], ids=["repeated", "once"]
)
def test_a_section_that_is_planned_repeated_opens_a_repeat(form: bool, begins: str) -> None:
    assert following("", form=planned(4, 4, repeated=form)) == set(begins)


def test_a_tune_ends_with_the_last_section_that_is_planned() -> None:
    assert following(BAR * 4, form=planned(4, 4)) == {"|"}
    assert following(BAR * 4, form=planned(4)) == {"]"}
    assert END not in following(f"|:{BAR * 3}G4:|\n", form=planned(4, 4))
    assert following(f"|:{BAR * 3}G4:|\n", form=planned(4)) == {END}
