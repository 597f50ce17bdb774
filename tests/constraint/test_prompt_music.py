"""What a model is fed of a prompt's notes, and which prompts are refused."""

from collections.abc import Callable
from fractions import Fraction

import pytest

from abclm.compose.generation import Composer
from abclm.constraint.fed import fed_music
from abclm.constraint.prompt import read_prompt
from abclm.constraint.prompt_music import count_open_slurs, with_unit_at_end
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.notation.check.validate import validate


@pytest.fixture(scope="module")
def composer(random_model: Callable[..., Checkpoint]) -> Composer:
    return Composer(random_model())


EIGHTH = Fraction(1, 8)
HEAD = "M:4/4\nL:1/8\nK:C\n"


@pytest.mark.parametrize(
    ("notes", "fed"),
    [
        ("CDEF GABc|", "CDEF GABc|"),
        ('"Am"C(DE)F !trill!G.A uB~c|', "CDEF GA B~c|"),
        ("C[L:1/16]DE[L:1/8]F", "CD/E/F"),
        ("CD\nL:1/4\nEF2", "CD\nE2F4"),
        ("CD|\nK:G\nEF|", "CD|\n[K:G]EF|"),
        ("CD|\nw:la la\nEF|", "CD|\nEF|"),
        ("CD|\n%%begintext\nprose | A\n%%endtext\nEF|", "CD|\nEF|"),
        ("CD| % a remark\nEF|", "CD|\nEF|"),
        ("^/C_/D_3/2E", "=C_D__E"),
        ("C y D", "C  D"),
        ("CD (EF)", "CD EF "),
        ("CD EF% over\n", "CD EF "),
        ("CD|)", "CD|"),
        ("CDx2", "CDz2"),
    ],
)
def test_a_model_is_fed_what_it_reads(notes: str, fed: str) -> None:
    assert fed_music(notes, EIGHTH) == fed


@pytest.mark.parametrize(
    ("notes", "shown"),
    [
        ("CDEF", "CDEF"),
        ("[L:1/16]CDEF", "[L:1/16]CDEF [L:1/8]"),
        ("[L:1/16]CDEF|", "[L:1/16]CDEF|\n[L:1/8]"),
        ("[L:1/16]CDEF|1", "[L:1/16]CDEF|1[L:1/8]"),
        ("[L:1/16](3CDE", "[L:1/16](3CDE [L:1/8]"),
        ("[L:1/16]CDEF |: \n", "[L:1/16]CDEF |: \n[L:1/8]"),
        ("[L:1/16]CD[L:1/8]EF|", "[L:1/16]CD[L:1/8]EF|"),
    ],
)
def test_the_unit_of_the_header_holds_where_the_model_continues(notes: str, shown: str) -> None:
    assert with_unit_at_end(notes, EIGHTH) == shown


@pytest.mark.parametrize("notes", ["[L:1/16]C[EG", "[L:1/16]C{g", "[L:1/16]C>", "[L:1/16]C(3DE"])
def test_no_other_unit_stays_in_the_midst_of_a_group(notes: str) -> None:
    with pytest.raises(InputError, match="changes inside a group"):
        with_unit_at_end(notes, EIGHTH)


@pytest.mark.parametrize(("notes", "count"), [("CD", 0), ("(CD", 1), ("((C)D", 1), ("C)(D", 1)])
def test_open_slurs_are_counted(notes: str, count: int) -> None:
    assert count_open_slurs(notes) == count


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "CD|EF|", "line 1:4: bar-length: bar lasts 1/4"),
        (HEAD + "CDEF GABc d", "line 1:1: bar-length: bar already lasts 9/8"),
        (HEAD + "CDEF GABc|[2CD", "line 1:11: ending: second ending without a first"),
        (HEAD + "(3(3CDE", "line 1:1: tuplet: "),
        (HEAD + "CD#", "line 1:3: character: '#' means nothing"),
        (HEAD + "CD)EF", r"line 1:3: slur: \) closes no slur"),
        (HEAD + ":|CD", "line 1:1: repeat: :\\| closes a repeat before the first note"),
        (HEAD + "|:CDEF GABc|\n|:CDEF", "repeat"),
        (HEAD + "C2-D2", "line 1:1: tie: this tie joins C to D"),
        (HEAD + "[M:banana]CD", "line 1:4: field: 'banana' is not a valid meter"),
        (HEAD + "%%begintext\nCD", "block"),
        (HEAD + "C4&E4", "line 1:3: '&': a prompt has no overlays"),
        (HEAD + "Z2|CD", "line 1:1: 'Z2': a prompt has no rests of whole bars"),
        (HEAD + "CDEF.|GABc", "a prompt has no dotted or invisible bar lines"),
        (HEAD + "[V:1]CD[V:2]EF", "line 1:8: '\\[V:2\\]': a prompt has one voice"),
        ("V:1\nV:2\n" + HEAD + "CD", "a prompt has one voice"),
        ("m:~n2=n{o}n\n" + HEAD + "CD", "a prompt cannot have the field 'm:'"),
        ("M:3/4\n" + HEAD + "CD", "the prompt has M: twice"),
        ("M:4/4\nCD[L:1/16]EF", "needs L: in its header"),
    ],
)
def test_a_prompt_that_no_tune_begins_with_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_prompt(text).check_music()


@pytest.mark.slow
@pytest.mark.parametrize(
    "notes",
    [
        "CDEF GABc|[L:1/16]CDEF GABc",
        "CDEF GABc|[L:1/16]CDEF GABc CDEF GABc|",
        "CD (EF",
        "(CDEF GABc|(de",
        "CDEF G2 % over",
        "CDEF GABc| % over",
        "CDEF GABc-|",
        '"a | b"CDEF G2',
        "V:1\nCDEF G2",
    ],
)
def test_a_prompt_of_many_kinds_is_gone_on_from(notes: str, composer: Composer) -> None:
    for tune in composer.generate(read_prompt(HEAD + notes), seed=3, count=3):
        assert notes in tune.text
        assert not validate(f"X:1\n{tune.text}", strict=True), tune.text


@pytest.mark.parametrize("start", ["K:Em\n", "CDEF GABc|\nK:Em\n", "%%MIDI program 2"])
def test_the_line_of_a_field_at_the_end_is_its_own(start: str, composer: Composer) -> None:
    (tune,) = composer.generate(read_prompt(HEAD + start), seed=3)
    assert start.strip() + "\n" in tune.text
    assert not validate(f"X:1\n{tune.text}", strict=True), tune.text


@pytest.mark.parametrize("key", ["D clef=bass", "D octave=-1", "Am treble-8"])
def test_clef_and_voice_properties_of_the_key_are_kept(key: str, composer: Composer) -> None:
    for notes in ("", "DEF"):
        (tune,) = composer.generate(read_prompt(f"K:{key}\n{notes}"), seed=3)
        assert f"K:{key}\n{notes}" in tune.text


@pytest.mark.parametrize("odd", ["\u2028", "\x85", "\x0b", "\x1c"])
def test_only_line_ends_end_a_line(odd: str, composer: Composer) -> None:
    title = read_prompt(f"T:a{odd}b").header.title
    assert title is not None
    assert title.replace(" ", odd) == f"a{odd}b"
    with pytest.raises(InputError, match="line 1:2: "):
        composer.generate(read_prompt(f"{HEAD}C{odd}D"))


@pytest.mark.parametrize(
    ("notes", "words"),
    [('"Am', "never closed"), ("!trill", "'!' means nothing"), ("CD J", "write its note")],
)
def test_the_first_fault_is_named_and_not_what_follows_from_it(notes: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        read_prompt(HEAD + notes).check_music()


@pytest.mark.slow
@pytest.mark.parametrize("raw", [False, True])
@pytest.mark.parametrize("long", ["C" * 100_000, " " * 100_000 + "C", "CDEF GABc|" * 5_000])
def test_more_than_a_tune_may_have_is_refused_at_once(
    long: str, raw: bool, composer: Composer
) -> None:
    for head in (HEAD, "K:C\n"):
        with pytest.raises(
            InputError, match=r"the prompt has \d+ characters, a tune may have 3000"
        ):
            composer.generate(read_prompt(head + long), raw=raw)
