"""Settings say what they cannot be, and come back from the ledger as they were."""

from typing import Any

import pytest

from abclm.compose.settings import Settings
from abclm.constraint.form import parse_form
from abclm.errors import InputError


def test_only_what_differs_from_the_defaults_is_kept() -> None:
    settings = Settings(key="Edor", temperature=0.8, form="AABB", plan="abac / de")
    kept = {"key": "Edor", "temperature": 0.8, "form": "AABB", "plan": "abac / de"}
    assert settings.as_dict() == kept
    assert Settings.from_dict(settings.as_dict()) == settings
    assert Settings().as_dict() == {}


def test_a_setting_of_another_version_is_named() -> None:
    with pytest.raises(InputError, match="'tempo'"):
        Settings.from_dict({"tempo": 3})


def test_changing_keeps_the_rest() -> None:
    assert Settings(key="G", bars=8).changed(key="D", bars=None) == Settings(key="D", bars=8)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"raw": True, "form": "AABB"},
            "--raw uses the model without constraints: it cannot follow --form",
        ),
        ({"raw": True, "min_chars": 9}, "--min-chars"),
        ({"min_chars": 500, "max_chars": 400}, "must be less than"),
        ({"min_chars": -1}, "0 or more"),
        ({"form": "AABB", "bars": 16, "max_chars": 300}, "too small"),
        ({"form": "A1"}, "not a form"),
        ({"form": ""}, "not a form"),
        ({"form": "AAAB"}, "twice in a row"),
        ({"bars": 1}, "2 to 64 bars"),
        ({"plan": "abac", "bars": 8}, "--plan has its own bars: leave --bars out"),
        (
            {"plan": "abac", "raw": True},
            "--raw uses the model without constraints: it cannot follow --plan",
        ),
        ({"plan": "abac / de / fg", "form": "AABB"}, "--plan has 3 sections, --form AABB has 2"),
        ({"plan": "abcd" * 16, "max_chars": 500}, "too small"),
        ({"plan": "abc*"}, "is not one letter a bar"),
        ({"plan": ""}, "is not one letter a bar"),
        ({"plan": "a"}, "2 to 64 bars"),
        ({"candidates": 0}, "--candidates must lie between 1 and"),
        ({"instrument_range": "kazoo"}, "not a range"),
        ({"key": "H"}, "not a key"),
        ({"temperature": -1}, "temperature"),
    ],
)
def test_what_contradicts_itself_is_told(options: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        Settings(**options)


def test_a_form_is_its_sections_in_order() -> None:
    first, second, again = parse_form("aabA", 8)
    assert (first.repeated, first.copy_of, first.endings) == (True, None, False)
    assert (second.repeated, second.copy_of, second.endings) == (False, None, True)
    assert (again.repeated, again.copy_of) == (False, 0)
    assert {section.bars for section in (first, second, again)} == {8}


def test_a_plan_of_fewer_sections_than_the_form_leaves_the_others_open() -> None:
    requirements = Settings(plan="abac", form="AABB").requirements()
    assert requirements is not None
    assert (requirements.outline.names, len(requirements.plan)) == ((("a", "b", "a", "c"),), 2)
