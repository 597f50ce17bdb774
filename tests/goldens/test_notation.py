"""What is found in, made of and heard of each tune of the tests, a table for each kind."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.goldens import golden, subject

FOLDERS = ("tunes/valid", "tunes/broken", "fuzzed", "notation/cases")
TEXTS = subject.texts(FOLDERS)
KINDS: dict[str, Callable[[str], Any]] = {
    "validate": subject.found_in,
    "fix": subject.mended,
    "transpose": subject.a_tone_up,
    "canonical": subject.canonical,
    "sounding": subject.sounding,
    "mei": subject.engraved,
    "midi": subject.played,
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_of_the_tunes_of_the_tests_is_what_it_was(kind: str) -> None:
    table = {one.name: KINDS[kind](one.text) for one in TEXTS}
    golden.check_table(f"notation/{kind}.json", table)
