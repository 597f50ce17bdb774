"""What another bar has at this position of the current one, and how far the two agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.model.cues.followers import RUNS, STATES, Follower
from abclm.notation.cursor.bar_memory import BarMemory, RememberedBar
from abclm.notation.cursor.cursor import Cursor
from abclm.notation.cursor.plan_reader import remembered_bars
from abclm.notation.cursor.state import State
from tests.notation.random_music import filled_bars

HEAD = "M:4/4\nL:1/8\nK:G\n"
NO, YES, UNKNOWN = 0, 1, 2
"""Whether the bars before agreed."""
ALIKE, OTHER, LOST = 13, 14, 15
"""After a difference: the last event agrees, differs in its pitch, or differs in more."""


def bar(text: str) -> RememberedBar:
    (found,) = remembered_bars(f"{HEAD}{text}|").done.values()
    return found


def follow(other: str | None, written: str, same: int = UNKNOWN) -> tuple[Follower, BarMemory, int]:
    """The follower of ``other`` after what is written of a bar, its memory, the ticks used."""
    cursor, memory = Cursor(), BarMemory()
    follower = Follower.of(None if other is None else bar(other), same)
    for character in HEAD + written:
        after = cursor.feed(character) or cursor
        if cursor.state is not State.HEADER:
            now = memory.after(character, cursor, after)
            follower = follower.after(character, memory, now, cursor.time.used)
            memory = now
        cursor = after
    return follower, memory, cursor.time.used


def foreseen(other: str, written: str) -> str:
    follower, _, moment = follow(other, written)
    return follower.character(moment)


def moved(other: str, written: str) -> tuple[int | None, int]:
    follower, memory, moment = follow(other, written)
    return follower.moved(memory, moment)


def whole(same: int, events: int) -> int:
    """The state of a bar that has agreed with the other so far, by the number of its events."""
    return 4 + 3 * same + min(events, 3) - 1


def test_without_another_bar_nothing_is_known() -> None:
    follower, memory, moment = follow(None, "G2A2")
    assert (follower.character(moment), follower.state) == ("", 0)
    assert follower.moved(memory, moment) == (None, 0)


@given(filled_bars(8))
def test_a_bar_that_is_the_other_one_is_foreseen_to_its_end(text: str) -> None:
    for at in range(len(text) + 1):
        follower, _, moment = follow(text, text[:at])
        assert follower.character(moment) == (text[at:] + "|")[0]
        assert follower.whole


@pytest.mark.parametrize("same", [NO, YES, UNKNOWN])
@pytest.mark.parametrize(("written", "events"), [("GA", 2), ("GAB", 3), ("GABc de", 3), ("G", 1)])
def test_as_long_as_all_agrees_the_state_counts_sounds(
    written: str, events: int, same: int
) -> None:
    assert follow("GABc dedB", written, same)[0].state == whole(same, events)


@pytest.mark.parametrize("same", [NO, YES, UNKNOWN])
def test_at_the_bars_start_the_state_tells_of_the_bars_before(same: int) -> None:
    assert follow("GABc dedB", "", same)[0].state == 1 + same


@pytest.mark.parametrize(
    ("other", "written", "character", "state"),
    [
        # A different pitch: the rhythm goes on alongside.
        ("GABc dedB", "GAc", "c", OTHER),
        ("GABc dedB", "GAcB", " ", OTHER),
        ("GABc dedB", "GAcc", " ", ALIKE),
        ("GABc dedB", "GAcc d", "e", ALIKE),
        ("G2A2 B4", "d", "2", OTHER),
        ("G2A2 B4", "d2", "A", OTHER),
        ("G2A2 B4", "d2A", "2", ALIKE),
        # Another length: lost until a sound starts at the same moment again.
        ("G2A2 B4", "GA", "A", LOST),
        ("G2A2 B4", "GAA", "2", ALIKE),
        ("G2A2 B4", "GAB", "2", OTHER),
        ("GABc dedB", "G2", "B", LOST),
        ("GABc dedB", "G2B", "c", ALIKE),
        ("G2A2 B4", "G3", "", LOST),
        ("G2A2 B4", "G3A", "B", LOST),
        ("G2A2 B4", "G3AB", "4", ALIKE),
        # Signs that belong to a sound are part of it.
        ("G2^A2 B4", "G2", "^", whole(UNKNOWN, 1)),
        ("G2^A2 B4", "G2^", "A", whole(UNKNOWN, 1)),
        ("G2^A2 B4", "G2A", "", LOST),
        ("G2^A2 B4", "G2^c", "2", OTHER),
        ("(3GABc2 d4", "(", "3", 1 + UNKNOWN),
        ("(3GABc2 d4", "(3GB", "B", OTHER),
        ("[GB]2d2 e4", "[", "G", 1 + UNKNOWN),
        ("{g}f2e2 d4", "f2e", "2", ALIKE),
        ("G2A2 B4", "z2A", "2", ALIKE),
    ],
)
def test_what_follows_in_the_other_bar_and_how_far_both_agree(
    other: str, written: str, character: str, state: int
) -> None:
    assert (foreseen(other, written), follow(other, written)[0].state) == (character, state)


def test_after_the_end_of_the_other_bar_its_bar_line_is_foreseen() -> None:
    assert foreseen("G8", "G8") == "|"
    assert foreseen("G4", "G4A") == ""


@pytest.mark.parametrize(
    ("other", "written", "step", "run"),
    [
        # G is step 4: what would follow, were the other bar begun on the note that was written.
        ("GABc", "", None, 0),
        ("GABc", "A", 6, 1),
        ("GABc", "AB", 7, 2),
        ("GABc", "ABc", 8, 3),
        ("GABcd", "ABcd", 9, 3),
        ("GABc", "G", 5, 1),
        ("GABc", "d", 9, 1),
        ("GABc", "ABe", 10, 1),
        ("GABc", "ABed", None, 0),
        ("GABcd", "ABed", 9, 1),
        ("G2B2", "A", None, 0),
        ("G2B2", "A2", 7, 1),
        ("GABc", "a'", 20, 1),
        ("Gzzc", "A", None, 0),
    ],
)
def test_the_note_that_would_follow_were_the_other_bar_moved(
    other: str, written: str, step: int | None, run: int
) -> None:
    assert moved(other, written) == (step, run)


@given(filled_bars(8), filled_bars(8), st.sampled_from([NO, YES, UNKNOWN]))
def test_states_and_runs_are_in_their_range(other: str, written: str, same: int) -> None:
    for at in range(len(written) + 1):
        follower, memory, moment = follow(other, written[:at], same)
        assert 0 < follower.state < STATES
        assert 0 <= follower.moved(memory, moment)[1] < RUNS
        assert len(follower.character(moment)) <= 1


@given(filled_bars(8), filled_bars(8))
def test_a_bar_agrees_as_a_whole_as_long_as_its_text_is_the_others(
    other: str, written: str
) -> None:
    for at in range(len(written) + 1):
        assert follow(other, written[:at])[0].whole == other.startswith(written[:at])
