"""Fine-tuning warns of held-out tunes that the first model has learnt."""

from pathlib import Path

import pytest

from abclm.api.training import _warn_of_known
from abclm.corpus.store import Corpus

pytestmark = pytest.mark.slow

UNKNOWN = "T:New\nM:4/4\nL:1/8\nK:C\n^cA_eB CzD2|E^FG_A B2c2|z8|f8|]\n"


def corpus(*held_out: str) -> Corpus:
    return Corpus("mine", ("K:C\nC|\n",), held_out, (), {})


def learnt_tune() -> str:
    """A tune of one of the books that the shipped model learnt from."""
    import music21

    from abclm.api.indexes import index_of
    from abclm.notation.parse.parser import parse_tunebook

    index = index_of("irish", lambda _line: None)
    folder = Path(music21.__file__).parent / "corpus" / "oneills1850"
    text = (folder / "0101-0200.abc").read_text(encoding="utf-8", errors="replace")
    for parsed in parse_tunebook(text):
        if index.judge(parsed.tune).share >= 0.95:
            return "".join(token.text for token in parsed.tune.tokens)
    raise AssertionError("no tune of the book is in the index")


def test_a_tune_that_was_learnt_is_named() -> None:
    lines: list[str] = []
    _warn_of_known(corpus(UNKNOWN, learnt_tune()), "irish", lines.append)
    (line,) = lines
    assert line.startswith("warning: irish has learnt 1 of the 2 held-out tunes (")


def test_without_such_tunes_nothing_is_said() -> None:
    lines: list[str] = []
    _warn_of_known(corpus(UNKNOWN), "irish", lines.append)
    assert lines == []


def test_what_cannot_be_checked_is_said() -> None:
    lines: list[str] = []
    _warn_of_known(corpus(UNKNOWN), "chorales", lines.append)
    assert lines[0].startswith("not checked whether chorales learnt the held-out tunes")
