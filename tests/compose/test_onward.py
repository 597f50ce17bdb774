"""Continuations of a tune: in metre, with nothing in the existing text changed."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from abclm.compose.network import Network
from abclm.compose.onward import Draws, first_section, write_bars, write_rest, write_section
from abclm.compose.unfinished import given_notes, is_finished, section_notes
from abclm.constraint.grammars import check_metre
from abclm.corpus.simplify import simplify
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.tune.bars import bars
from abclm.notation.tune.music import Tune
from abclm.notation.tune.numbering import number_bars
from abclm.notation.write.normal_form import Mover, NormalForm

HEADER = "X:1\nT:Ab\nM:2/4\nL:1/8\nK:D\n"
WHOLE = "|:A|B2cd|(3efg a2|B>c[db]2|A3:|\n|:c|d2ef|g4|1f4|e3:|2f4|e3||\nA|B4|c4|d4|A3|]\n"


@pytest.fixture(scope="module", params=[False, True], ids=["unplanned", "planned"])
def network(request: pytest.FixtureRequest, random_model: Callable[..., Checkpoint]) -> Network:
    return Network(random_model(planned=request.param))


def tunes(body: str, header: str = HEADER) -> tuple[Tune, Tune]:
    tune = parse_tunebook(header + body)[0].tune
    return tune, simplify(tune, 1)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", False),
        ("ABcd|", False),
        ("ABcd||", False),
        ("ABcd|]", True),
        ("|:ABcd:|", True),
        ("|:ABcd:|]", True),
        ("ABcd:|\n|:", False),
        ("ABcd::", False),
        ("|:ABcd|1e4:|", False),
        ("|:ABcd|1e4:|2", False),
        ("|:ABcd|1e4:|2f4:|", True),
        ("|:ABcd|1e4:|2f4|]", True),
        ("|:ABcd|1e4:|2f4||\n|:ABcd:|", True),
        ("ABcd|]AB", False),
    ],
)
def test_a_tune_is_finished_or_not(body: str, expected: bool) -> None:
    assert is_finished(tunes(body)[0]) is expected


@pytest.mark.parametrize(
    ("body", "ended", "expected"),
    [
        ("", False, ""),
        ("|:", False, "|:"),
        ("ABcd|", False, "ABcd|"),
        ("ABcd|", True, "ABcd|\n"),
        ("A B c d [|] e f g a | b", False, "ABcd|efga|b"),
        ('"D"AB (cd)|e/f/', False, "ABcd|e/f/"),
        ("ABcd:|e4|1f4:|", True, "|:ABcd:|\n|:e4|1f4:|"),
        ("ABcd|{g}A.B !trill!c~d(3ef", False, "ABcd|{g}ABc~d(3ef"),
        ("ABcd|e>", False, "ABcd|e>"),
        ("ABcd|x2 [Ac", False, "ABcd|z2[Ac"),
        ('ABcd|"D"', False, "ABcd|\n"),
        ("ABcd|AB(", False, "ABcd|AB"),
        ("ABcd|A\nw:la\n[K:G]B", False, "ABcd|A[K:G]B"),
        ("ABcd|^/A_/B", False, "ABcd|=A_B"),
        ("|:ABcd|1e4:|2", True, "|:ABcd|1e4:|2"),
    ],
)
def test_what_is_given_as_the_model_reads_it(body: str, ended: bool, expected: str) -> None:
    assert given_notes(*tunes(body), line_ended=ended).replace(" ", "") == expected


def test_a_bar_begun_in_another_unit() -> None:
    tune, simple = tunes("A/B/c/d/|(3e/f/g/ [L:1/8]a", HEADER.replace("1/8", "1/4"))
    assert given_notes(tune, simple, line_ended=False) == "AB cd|(3efg a"


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(0, len(WHOLE) - 3), st.integers(0, 5))
def test_every_start_of_a_tune_continues_to_its_end(
    network: Network, length: int, seed: int
) -> None:
    start = WHOLE[:length].rstrip("\n ")
    tune, simple = tunes(start)
    notes = given_notes(tune, simple, line_ended=False)
    try:
        found = write_rest(network, simple, notes, Draws(seed))
    except InputError:
        return
    if is_finished(tune):
        return
    text = HEADER + start + found[0].text
    assert {one.rule for one in validate(text)} - {"octave"} <= (
        {"slur"} if start.endswith("(") else {"character"} if start.endswith(":") else set()
    )


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(0, len(WHOLE) - 3), st.integers(1, 6), st.integers(0, 3))
def test_so_many_whole_bars_more(network: Network, length: int, count: int, seed: int) -> None:
    start = WHOLE[:length].rstrip("\n ")
    tune, simple = tunes(start)
    if is_finished(tune):
        return
    notes = given_notes(tune, simple, line_ended=False)
    try:
        found = write_bars(network, simple, notes, count, Draws(seed))
    except InputError:
        return
    text = found[0].text
    assert text.endswith(("|", "]"))
    before = number_bars(bars(tune))
    after = number_bars(bars(parse_tunebook(HEADER + start + text)[0].tune))
    begun = start and not start.endswith(("|", ":", "1", "2"))
    # A bar that has no more than the start of a tuplet is begun too.
    only_begun = re.search(r"\(\d+\Z", start)
    last = len(before) - 1 + bool(only_begun)
    ended = after[last].number if begun else (before[-1].number if before else 0)
    assert after[-1].number == ended + count
    assert not after[-1].pickup


def test_the_model_writes_on_what_it_finds_likeliest(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    text = "M:2/4\nL:1/8\nK:G\nABcd|efga|ABcd|e4|]\n"
    network = Network(spelling_model(text))
    tune, simple = tunes("ABcd|ef", HEADER.replace("K:D", "K:G"))
    greedy = Draws(sampling=Sampling(0))
    found = write_rest(network, simple, given_notes(tune, simple, line_ended=False), greedy)
    assert found[0].text == "ga|ABcd|e4|]\n"
    assert found[0].bits == pytest.approx(0, abs=0.01)
    two = write_bars(network, simple, "ABcd|ef", 1, greedy)
    assert two[0].text == "ga|ABcd|"


def test_what_follows_sounds_in_the_key_of_the_tune(
    spelling_model: Callable[..., Checkpoint],
) -> None:
    network = Network(spelling_model("M:2/4\nL:1/8\nK:G\nABcd|efga|AB^cd|g4|]\n"))
    tune, simple = tunes("EFGA|Bc", HEADER)
    notes = given_notes(tune, simple, line_ended=False)
    found = write_rest(network, simple, notes, Draws(sampling=Sampling(0)))
    assert found[0].text == "de|EF^GA|d4|]\n"
    assert found[0].bits == pytest.approx(0, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("last", ["A", "c2", "z", "[Ac]", "[Ac]2", "A,", "c'"])
@pytest.mark.parametrize("seed", range(3))
def test_the_last_note_stays_as_it_is(network: Network, last: str, seed: int) -> None:
    _, simple = tunes("ABcd|" + last)
    found = write_rest(network, simple, "ABcd|" + last, Draws(seed, 4))
    assert not any(one.text[0] in "0123456789/,'" for one in found)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ABcd|e4|]", "ABcd|e4||\n"),
        ("ABcd|e4|", "ABcd|e4||\n"),
        ("ABcd|e4", "ABcd|e4||\n"),
        ("ABcd|e4:|", "|:ABcd|e4:|\n"),
        ("|:ABcd|1e4:|2f4|]", "|:ABcd|1e4:|2f4||\n"),
    ],
)
def test_a_whole_tune_with_more_to_follow(body: str, expected: str) -> None:
    assert section_notes(tunes(body)[1]).replace(" ", "") == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("ABcd|e4|]", (False, 2)),
        ("A|ABcd|e3:|", (True, 2)),
        ("|:ABcd|1e4:|2f4|]", (True, 2)),
        ("ABcd|e4:|\n|:ABcd:|", (True, 2)),
    ],
)
def test_the_form_of_the_first_section(body: str, expected: tuple[bool, int]) -> None:
    assert first_section(tunes(body)[1])[:2] == expected


@pytest.mark.parametrize("body", ["A|BcdA|B4|c4|A3|]\n", "|:BcdA|B4|c4|A4:|\n", WHOLE])
@pytest.mark.parametrize("seed", range(3))
def test_another_part_is_like_the_first(network: Network, body: str, seed: int) -> None:
    _, simple = tunes(body)
    form = first_section(simple)
    notes = section_notes(simple)
    for one in write_section(network, simple, notes, form, Draws(seed, 2)):
        text = HEADER + notes + one.text
        assert not [problem for problem in validate(text) if problem.rule != "octave"]
        assert one.text.startswith("|:") is form.repeated
        new = simplify(parse_tunebook(HEADER + one.text)[0].tune, 1)
        assert first_section(new)[:2] == form[:2]
        assert len({number.section for number in number_bars(bars(new))}) == 1
        pickups = [number_bars(bars(tune))[0].pickup for tune in (simple, new)]
        assert pickups[0] == pickups[1]


def test_a_wrong_bar_is_named() -> None:
    with pytest.raises(InputError, match="bar 2 lasts 3/8, a bar of 2/4 lasts 1/2"):
        check_metre(tunes("ABcd|ABc|ABcd|ABcd|]")[1])
    check_metre(tunes("A|ABcd|ABc")[1])


def test_the_same_seed_gives_the_same(network: Network) -> None:
    _, simple = tunes("ABcd|")
    first = write_rest(network, simple, "ABcd|", Draws(3, 3))
    assert write_rest(network, simple, "ABcd|", Draws(3, 3)) == first
    alone = write_rest(network, simple, "ABcd|", Draws(3, 1))
    assert alone[0].text in {one.text for one in first if one.number == 0}


@pytest.mark.slow
@settings(max_examples=25)
@given(st.integers(0, len(WHOLE) - 3), st.sampled_from([None, 1, 2, 5]), st.integers(0, 3))
def test_what_is_shown_while_it_is_written_stays(
    network: Network, length: int, count: int | None, seed: int
) -> None:
    start = WHOLE[:length].rstrip("\n ")
    tune, simple = tunes(start)
    if is_finished(tune):
        return
    notes = given_notes(tune, simple, line_ended=False)
    pieces: list[str] = []
    draws = Draws(seed, on_music=pieces.append)
    try:
        if count is None:
            found = write_rest(network, simple, notes, draws)
        else:
            found = write_bars(network, simple, notes, count, draws)
    except InputError:
        return
    if found[0].number == 0:
        assert found[0].text.startswith("".join(pieces))
        assert len("".join(pieces)) > len(found[0].text) - 20
        assert len(pieces) > 1 or len(found[0].text) < 40


def test_only_one_candidate_can_be_shown_while_it_is_written() -> None:
    with pytest.raises(InputError, match="only one candidate"):
        Draws(count=2, on_music=print)


def test_what_stands_is_respelled_once(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    count = 0
    into = NormalForm.into

    def counted(form: NormalForm) -> Mover:
        nonlocal count
        count += 1
        return into(form)

    simple, _ = tunes("")
    monkeypatch.setattr(NormalForm, "into", counted)
    write_rest(network, simple, "ABcd|" * 40, Draws(1))
    few = count
    count = 0
    write_rest(network, simple, "ABcd|" * 80, Draws(1))
    assert count <= few + 1


def test_more_notes_than_any_tune_has_are_refused_at_once(network: Network) -> None:
    simple, _ = tunes("")
    with pytest.raises(InputError, match="has 25000 characters of notes, more than 8000"):
        write_rest(network, simple, "ABcd|" * 5000, Draws(1))
