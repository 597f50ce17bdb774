"""A bar that is planned as a copy is the bar that it copies, note for note."""

import re
from collections.abc import Callable, Iterator, Mapping

import pytest

from abclm.compose.generation import Composer
from abclm.compose.settings import Settings
from abclm.constraint.grammars import Grammars
from abclm.constraint.planned_copy import planned_copy
from abclm.constraint.prompt import read_prompt
from abclm.constraint.section_plan import ANY_SECTION, SectionPlan
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.model.vocabulary import Vocabulary
from abclm.notation.check.validate import validate
from abclm.notation.cursor.bar_memory import BarPlace, RememberedBar
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan import BarKind, Plan, parse_plan
from abclm.notation.cursor.plan_reader import remembered_bars
from tests.compose.writing import generate

HEADER = "M:2/4\nL:1/8\nK:G\n"
GRAMMARS = Grammars(Vocabulary.from_text(["".join(map(chr, range(32, 127))) + "\n"]))


@pytest.fixture(scope="module")
def composer(random_model: Callable[..., Checkpoint]) -> Composer:
    return Composer(random_model(planned=True))


def plan_of(read: str) -> Plan:
    (plan,) = re.findall(r"\nP:(.*)\n", read)
    return parse_plan(plan)


def copies(read: str) -> Iterator[tuple[RememberedBar, RememberedBar, bool]]:
    """Each bar that is planned as a copy, the bar that it copies, whether it ends a section."""
    done = remembered_bars(read, Cursor(last_field="P")).done
    for section, row in enumerate(plan_of(read).bars):
        for number, bar in enumerate(row):
            if bar.kind is BarKind.COPY and bar.origin is not None:
                last = number + 1 == len(row)
                yield done[(section, number, 0)], done[(*bar.origin, 0)], last


def tied_into(bar: RememberedBar, read: str) -> bool:
    """Whether a bar may differ because a tie leads into it."""
    return re.search(rf"-[|:12\n ]*{re.escape(bar.text)}", read) is not None


@pytest.mark.parametrize("meter", ["2/4", "6/8", "none"])
def test_copies_are_set_by_the_grammar_whatever_the_network_wants(
    meter: str, composer: Composer
) -> None:
    prompt = read_prompt(f"M:{meter}\nL:1/8\n")
    same = 0
    for tune in composer.generate(prompt, seed=2, count=12):
        has_pickup = (0, -1, 0) in remembered_bars(tune.read, Cursor(last_field="P")).done
        for bar, origin, last in copies(tune.read):
            free = tied_into(bar, tune.read) or (last and (has_pickup or origin.text[-1] == "-"))
            assert free or bar.text.strip() == origin.text.strip(), tune.read
            same += bar.text == origin.text
    assert same > 10


@pytest.mark.parametrize("outline", ["abab", "aabb / ccaa", "abac abad / abac abad"])
def test_a_plan_of_the_user_is_kept(outline: str, composer: Composer) -> None:
    settings = Settings(meter="2/4", unit="1/8", key="D", plan=outline)
    prompt = read_prompt("", settings.header())
    for tune in composer.generate(prompt, seed=1, count=6, requirements=settings.requirements()):
        assert re.sub("[1-7]", "", plan_of(tune.read).compact()) == outline.replace(" ", "")
        assert not validate(f"X:1\n{tune.text}", strict=True)


def test_a_copy_is_fed_at_once(spelling_model: Callable[..., Checkpoint]) -> None:
    spelt = f"{HEADER}P:aaba1\nGABc|GABc|BAGF|GABc|]\n"
    tune = generate(spelling_model(spelt))[0]
    assert tune.read == spelt
    # Of a copy nothing is drawn but its first character.
    drawn = len("2/4\n1/8\nG\naaba1\nGABc|G|BAGF|G|]\n") + 1
    assert tune.characters == drawn


def follow(text: str, wanted: str) -> tuple[Mapping[BarPlace, RememberedBar], str]:
    """The bars of ``text``, and the next bar, which is planned as a copy."""
    plan = parse_plan(wanted)
    form = tuple(SectionPlan(bars=length) for length in plan.lengths), ANY_SECTION
    opened = GRAMMARS.open("", "2/4", "1/8", form)
    assert opened is not None
    cursor = opened.nodes.through(opened.start, text)
    assert cursor is not None
    memory = remembered_bars(text, opened.start)
    copy = planned_copy(opened.nodes, cursor, memory, plan) if cursor.begins_bar else ""
    return memory.done, copy


@pytest.mark.parametrize(
    ("text", "plan", "expected"),
    [
        ("GABc|", "aaaa", "GABc"),
        ("GABc|\n", "aaaa", "GABc"),
        ("GABc|", "abab", ""),
        ("GABc|d2", "aaaa", ""),
        ("d|GABc|", "aaaa", "GABc"),
        ("d|", "aaaa", ""),
        ("|:GABc|d4|", "abab", "GABc"),
        ("|:GABc|d4|GABc|c4:|\n", "abac/abac", "GABc"),
        ("|:GABc|d4|GABc|c4:|\n|:", "abac/abac", "GABc"),
        ("|:GABc|d4|GABc|1c4:|2", "abac/abac", ""),
        ("|:GABc|d4|GABc|1GABc:|2", "abaa/cdef", ""),
        # The last bar is as short as the pickup is long, and no bar inside a section.
        ("|:d|GABc|d4|GABc|c3:|\n|:d|e4|", "abac/dcef", ""),
        ("|:GABc|d4|GABc|1c4:|2e4||\n", "abac/badc", "d4"),
        ("[K:D]GABc|d4|", "abab", "GABc"),
    ],
)
def test_what_is_copied_where_a_bar_begins(text: str, plan: str, expected: str) -> None:
    assert follow(text, plan)[1] == expected


def test_a_pickup_is_no_bar_of_the_plan() -> None:
    done, copy = follow("|:d|GABc|d4|GABc|c3:|\n|:", "abac/abac")
    names = {(0, -1, 0): "d", (0, 0, 0): "GABc", (0, 1, 0): "d4", (0, 2, 0): "GABc"}
    assert {place: bar.text for place, bar in done.items()} == {**names, (0, 3, 0): "c3"}
    assert copy == ""
    _, copy = follow("|:d|GABc|d4|GABc|c3:|\n|:e|", "abac/abac")
    assert copy == "GABc"


def test_a_bar_that_is_too_long_for_the_end_of_a_section_is_not_copied() -> None:
    assert follow("d|GABc|d4|e4|", "abca")[1] == ""
    assert follow("GABc|d4|e4|", "abca")[1] == "GABc"


def test_a_tie_goes_before_a_copy(spelling_model: Callable[..., Checkpoint]) -> None:
    spelt = f"{HEADER}P:abaa1\nGABc|B3d-|d2AG|GABc|]\n"
    tune = generate(spelling_model(spelt))[0]
    assert tune.read == spelt


def test_bars_of_the_prompt_are_copied_too(composer: Composer) -> None:
    prompt = read_prompt(f"T:a\n{HEADER.replace('K:G', 'K:D')}|:D^CDE|FEDF|")
    settings = Settings(plan="abab")
    for tune in composer.generate(prompt, seed=3, count=6):
        assert plan_of(tune.read).names[0][:2] == ("a", "b")
        assert not validate(f"X:1\n{tune.text}", strict=True)
    assert settings.requirements() is not None
