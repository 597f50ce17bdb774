"""Whatever the network prefers, a tune is whole, in metre, and as requested."""

import re
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.compose.generation import Composer
from abclm.compose.settings import Settings
from abclm.constraint.grammars import Grammars
from abclm.constraint.nodes import shortest_end
from abclm.constraint.pitch_range import INSTRUMENT_RANGES, parse_range
from abclm.constraint.prompt import read_prompt
from abclm.constraint.section_plan import ANY_SECTION
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.text import Usual, music_start
from abclm.model.vocabulary import Vocabulary
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.sounding import sounding_notes
from abclm.notation.syntax.problem import Problem
from abclm.notation.tune.bars import bars
from abclm.notation.tune.hearing import needless_accidental
from abclm.notation.tune.line import melodic_line
from abclm.notation.tune.music import Tune

METERS = ["4/4", "C|", "2/4", "3/4", "6/8", "9/8", "12/8", "5/4", "7/8", "3/2", "none"]
VOCABULARY = Vocabulary.from_text(["".join(map(chr, range(32, 127))) + "\n"])
GRAMMARS = Grammars(VOCABULARY)
OPEN_FORM = ((), ANY_SECTION)


@pytest.fixture(scope="module", params=[False, True], ids=["unplanned", "planned"])
def composer(request: pytest.FixtureRequest, random_model: Callable[..., Checkpoint]) -> Composer:
    return Composer(random_model(planned=request.param))


def problems(text: str) -> list[Problem]:
    return validate(f"X:1\n{text}", strict=True)


def tune_of(text: str) -> Tune:
    return parse_tunebook(f"X:1\n{text}")[0].tune


@pytest.mark.slow
@pytest.mark.parametrize("meter", METERS)
@pytest.mark.parametrize("unit", ["1/8", "1/16"])
def test_a_network_without_sense_writes_in_metre(meter: str, unit: str, composer: Composer) -> None:
    settings = Settings(title="a", meter=meter, unit=unit, max_chars=500)
    prompt = read_prompt("", settings.header())
    for tune in composer.generate(prompt, seed=3, count=8, max_characters=settings.max_chars):
        assert tune.ended
        assert len(tune.text) <= settings.max_chars
        assert not problems(tune.text), tune.text


@pytest.mark.slow
@pytest.mark.parametrize("key", ["G", "Gmix", "Gm", "Gdor", "D", "Dmix", "Bbm", "F#m", "none"])
@pytest.mark.parametrize("wanted", [None, "whistle-D"])
def test_no_accidental_is_needless(key: str, wanted: str | None, composer: Composer) -> None:
    settings = Settings(key=key, meter="2/4", unit="1/8", instrument_range=wanted)
    prompt = read_prompt("", settings.header())
    for tune in composer.generate(prompt, seed=2, count=6, requirements=settings.requirements()):
        # A key that is changed to may be spelt otherwise in the key of the tune.
        line = melodic_line(tune_of(tune.text)) if "[K:" not in tune.text else None
        assert line is None or not needless_accidental(line), tune.text


@pytest.mark.parametrize("notes", ["^cd|", "^cd^e", "[K:Am]^FG", "{^c}d", "^g2|1^a2:|2"])
def test_accidentals_of_the_prompt_are_known(notes: str, composer: Composer) -> None:
    prompt = read_prompt(f"T:a\nM:2/4\nL:1/8\nK:C\n{notes}")
    for tune in composer.generate(prompt, seed=3, count=4):
        line = melodic_line(tune_of(tune.text))
        assert line is not None
        assert "[K:" in tune.text.replace(notes, "") or not needless_accidental(line), tune.text


@pytest.mark.slow
@pytest.mark.parametrize(
    "notes",
    [
        "A",
        "A|d2f (3ec",
        "d2f (3e",
        "|:A|d2f ecA|d2f e",
        "d2f ecA|d2f ecA|\n",
        "|:d2f ecA|1d2f ecA:|2d2",
        "d2f ecA:|\n",
        "d>",
        "d2f ^",
        "[ce",
        "{g",
        "d2-",
        '"D"d2 !trill!f "A7"e',
        "(d2f e)c ~",
        "d/4",
        "d2f ecA||\n|:",
    ],
)
def test_any_start_is_gone_on_from(notes: str, composer: Composer) -> None:
    prompt = read_prompt(f"T:a\nM:6/8\nL:1/8\nK:D\n{notes}")
    for tune in composer.generate(prompt, seed=1, count=4, max_characters=400):
        body = tune.text.partition("K:D\n")[2]
        assert body.startswith(notes.rstrip("\n"))
        assert tune.ended
        assert not {problem.rule for problem in problems(tune.text)} - {"pickup"}, tune.text


@pytest.mark.parametrize(
    ("start", "words"),
    [
        ("M:6/8\nL:1/8\nK:D\nd2f ecAB|d2", "line 1:1: bar-length: bar lasts 7/8"),
        ("M:6/8\nL:1/8\nK:D\nd2f ecAB", "bar already lasts 7/8, a full bar of 6/8 lasts 3/4"),
        ("M:6/8\nL:1/8\nK:D\nd2f|e2f|d3 d3|", "line 1:5: bar-length: bar lasts 3/8"),
        ("M:5/64\nL:1/1\nK:D\n", "no bar can be filled"),
    ],
)
def test_what_cannot_become_a_tune_in_metre_is_told(
    start: str, words: str, composer: Composer
) -> None:
    with pytest.raises(InputError, match=words):
        composer.generate(read_prompt(start))


def test_notes_choose_among_the_meters(composer: Composer) -> None:
    for tune in composer.generate(read_prompt("A|d2f ecA|d2f"), seed=2, count=10):
        assert not problems(tune.text), tune.text


def test_a_model_without_bar_lines_cannot_keep_to_a_metre(
    random_model: Callable[..., Checkpoint],
) -> None:
    with pytest.raises(InputError, match="--raw"):
        Composer(random_model(alphabet="ABC\n:")).generate()


@pytest.mark.parametrize(
    ("form", "shape"),
    [
        ("AABB", r"\|:[^:]*:\|\n\|:[^:]*:\|\n"),
        ("AAB", r"\|:[^:]*:\|\n[^:]*\|\]\n"),
        ("AB", r"[^:]*\|\|\n[^:]*\|\]\n"),
        ("ABA", r"(?P<a>[^:]*?)\|\|\n[^:]*?\|\|\n(?P=a)\|\]\n"),
        ("ABBA", r"(?P<a>[^:]*?)\|\|\n\|:[^:]*:\|\n(?P=a)\|\]\n"),
    ],
)
def test_the_form_is_the_one_that_was_asked_for(form: str, shape: str, composer: Composer) -> None:
    settings = Settings(title="a", meter="2/4", unit="1/8", form=form, bars=4)
    for tune in composer.generate(
        read_prompt("", settings.header()), seed=5, count=6, requirements=settings.requirements()
    ):
        assert not problems(tune.text), tune.text
        # As the network wrote it: another key inside it may have the same notes spelled otherwise.
        body = re.sub(r"\[K:[^]]*\]", "", tune.read[music_start(tune.read) :])
        if "|1" not in body:
            assert re.fullmatch(shape, body), body


def test_each_section_has_the_bars_that_were_asked_for(composer: Composer) -> None:
    settings = Settings(title="a", meter="3/4", unit="1/8", bars=6)
    for tune in composer.generate(
        read_prompt("", settings.header()), seed=5, count=10, requirements=settings.requirements()
    ):
        if "|1" in tune.text:
            continue
        count = 0
        for bar in bars(tune_of(tune.text)):
            count = 0 if bar.before.ends_section else count
            count += not (bar.before.ends_section and bar.duration < Fraction(3, 4))
            if bar.after.ends_section:
                assert count == 6, tune.text


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(INSTRUMENT_RANGES))
@pytest.mark.parametrize("key", ["D", "Bbm"])
def test_all_notes_lie_in_the_range(name: str, key: str, composer: Composer) -> None:
    asked = parse_range(name)
    settings = Settings(title="a", key=key, unit="1/8", meter="6/8", instrument_range=name)
    for tune in composer.generate(
        read_prompt("", settings.header()), seed=6, count=6, requirements=settings.requirements()
    ):
        changed = "[K:" in tune.text
        pitches = [pitch for note in sounding_notes(tune_of(tune.text)) for pitch in note.pitches]
        assert changed or all(pitch in asked for pitch in pitches), tune.text


@pytest.mark.parametrize("text", ["tuba", "G3", "B5-G3", "G3-A3", "H3-G5", ""])
def test_what_is_no_range_is_told(text: str) -> None:
    with pytest.raises(InputError):
        parse_range(text)


@pytest.mark.slow
def test_a_tie_holds_the_note_before_it(composer: Composer) -> None:
    tied = 0
    for tune in composer.generate(read_prompt("T:a\nM:4/4\nL:1/8\n"), seed=8, count=20):
        body = tune.text.partition("\nK:")[2].partition("\n")[2]
        for before, after in re.findall(r"([A-Ga-g][,']*)[\d/]*-[|\n ]*([A-Ga-g][,']*)", body):
            assert before == after
            tied += 1
    assert tied > 20


def test_a_tune_is_at_least_as_long_as_was_asked_for(composer: Composer) -> None:
    settings = Settings(meter="2/4", unit="1/8", min_chars=700, max_chars=2000)
    prompt = read_prompt("", settings.header())
    for tune in composer.generate(prompt, seed=1, count=5, requirements=settings.requirements()):
        assert len(tune.text) >= 600


def test_without_a_meter_the_bars_are_those_of_common_time(composer: Composer) -> None:
    for tune in composer.generate(read_prompt("T:a\nM:none\nL:1/8\nK:D\n"), seed=5, count=8):
        assert "M:none\n" in tune.text
        assert not problems(tune.text.replace("M:none", "M:4/4")), tune.text


@pytest.mark.parametrize("notes", ["A2B cde|fga bag fed cBA|", "d16 d", "d8 d"])
def test_without_a_meter_bars_of_any_length_can_be_gone_on_from(
    notes: str, composer: Composer
) -> None:
    prompt = read_prompt(f"T:a\nM:none\nL:1/8\nK:D\n{notes}")
    for tune in composer.generate(prompt, seed=5, count=8, max_characters=400):
        assert tune.ended
        assert notes in tune.text
        assert not problems(tune.text), tune.text


@given(
    st.lists(st.integers(0, 10**6), max_size=60),
    st.sampled_from([("", meter) for meter in METERS] + [("A2B cde|fga bag fed cBA|", "none")]),
)
def test_every_way_can_end_and_none_is_blocked(turns: list[int], start: tuple[str, str]) -> None:
    opened = GRAMMARS.open(*start, "1/8", OPEN_FORM)
    assert opened is not None
    nodes, cursor = opened.nodes, opened.cursor
    for turn in turns:
        ways = sorted(nodes.at(cursor).successors)
        chosen = ways[turn % len(ways)]
        if not chosen:
            return
        after = cursor.feed(chosen)
        assert after is not None
        cursor = after
    way = shortest_end(nodes, cursor)
    assert len(way) <= 80
    assert way[-1] == ""
    end = nodes.through(cursor, "".join(way))
    assert end is not None
    assert "" in nodes.at(end).successors


def test_going_back_is_better_than_force(spelling_model: Callable[..., Checkpoint]) -> None:
    # The model wants a bar of seven eighths, whatever is asked of it.
    text = "T:a\nM:6/8\nL:1/8\nK:D\n" + "ABcdefg|" * 8 + "]\n"
    tune = Composer(spelling_model(text, "23/:")).generate(seed=1)[0]
    assert tune.returns > 0
    assert not problems(tune.text)


@pytest.mark.parametrize(
    ("meter", "rhythms"), [("2/4", {None}), ("6/8", {"jig"}), ("4/4", {"reel"})]
)
def test_a_rhythm_is_drawn_only_where_a_known_one_has_the_meter(
    meter: str, rhythms: set[str | None], random_model: Callable[..., Checkpoint]
) -> None:
    composer = Composer(random_model(known=Usual(("G",), ("reel", "jig"))))
    tunes = composer.generate(read_prompt(f"M:{meter}\nL:1/8\n"), seed=1, count=8)
    assert {tune_of(tune.text).value("R") for tune in tunes} <= {None, *rhythms}
