import pytest

from abclm.errors import InputError
from abclm.evaluate.breakdown import break_down, check_breakdown
from abclm.evaluate.musical import Standard
from abclm.notation.tune.music import Tune
from tests.evaluate.conftest import parse


def tune(rhythm: str, key: str = "G", final: str = "G") -> Tune:
    field = f"R:{rhythm}\n" if rhythm else ""
    return parse(f"T:t\n{field}M:6/8\nL:1/8\nK:{key}\nGAB c2d|{final}6|]\n")


def test_common_rhythms_have_a_part_of_each_row_and_rare_ones_are_together() -> None:
    human = [tune("Jig ")] * 20 + [tune("")] * 21 + [tune("march")] * 3
    model = [tune("jig", final="A"), tune("jig"), tune("slide")]
    parts = break_down("rhythm", [("m", "model", model), ("h", "human", human)], Standard([]))
    assert [(part.value, part.row, part.tunes) for part in parts] == [
        ("M:6/8", "h", 21),
        ("jig", "m", 2),
        ("jig", "h", 20),
        ("other", "m", 1),
        ("other", "h", 3),
    ]
    assert [part.music.final_tonic for part in parts] == [1, 0.5, 1, 1, 1]
    assert parts[1].as_dict()["music"]["final_tonic"] == 0.5
    assert parts[1].as_dict()["kind"] == "model"


def test_by_key() -> None:
    human = [tune("", "G")] * 20 + [tune("", "Gmaj")] * 5 + [tune("", "Edor")]
    parts = break_down("key", [("h", "human", human)], Standard([]))
    assert [(part.value, part.tunes) for part in parts] == [("G", 25), ("other", 1)]


def test_nothing_else_can_be_asked_for() -> None:
    check_breakdown("key")
    with pytest.raises(InputError, match="by 'title': rhythm or key"):
        check_breakdown("title")
