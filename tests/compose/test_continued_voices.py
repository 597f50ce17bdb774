"""Continuing a piece of several voices: its own text stays, new bars are aligned."""

from collections.abc import Callable

import pytest

from abclm.compose.chosen import ChosenTune, choose_one
from abclm.compose.continued_voices import continue_voices
from abclm.compose.network import Network
from abclm.compose.onward import Draws
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.source import Source
from abclm.notation.tune.bars import bars

DRAWS = Draws(3, 2, Sampling(1.0))
HEADER = "X:1\nT:Begun\nM:4/4\nL:1/8\nV:S\nV:B clef=bass\nK:D\n"
ROWS = HEADER + "[V:S]d4c4|[V:B]D,4A,,4|\n[V:S]d4 e4|[V:B]B,,4 A,,4|\n"
BLOCKS = HEADER + "V:S\nd2|d4c4|d4 e2||\nV:B\nD,2|D,4A,,4|B,,4 A,,2||\n"


@pytest.fixture(scope="module")
def network(random_model: Callable[..., Checkpoint]) -> Network:
    return Network(random_model(several=True))


def chosen(text: str) -> ChosenTune:
    return choose_one(Source.of(text, "tune.abc"))


@pytest.mark.parametrize("text", [ROWS, BLOCKS, ROWS.replace("\n", "\r\n")])
@pytest.mark.parametrize("count", [None, 2])
def test_all_voices_go_on_together(network: Network, text: str, count: int | None) -> None:
    for offer in continue_voices(network, chosen(text), count, DRAWS).offers:
        assert offer.text.startswith(text.rstrip())
        assert offer.text.count("\n") - offer.text.count("\r\n") in {0, offer.text.count("\n")}
        parts = parse_tunebook(offer.text)[0].tune.voices
        assert [part.id for part in parts] == ["S", "B"]
        written = [bars(part.tune) for part in parts]
        assert len({tuple(bar.duration for bar in part) for part in written}) == 1
        if count is not None:
            assert len(written[0]) - len(bars(chosen(text).tune.voices[0].tune)) <= count
        else:
            assert not validate(offer.text, strict=True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ROWS.replace("e4|", "e4|]").replace("B,,4 A,,4|", "B,,4 A,,4|]"), "is finished"),
        ("X:1\nT:t\nM:4/4\nL:1/8\nK:D\nd8|", "has one voice: abclm harmonize adds voices"),
        (ROWS.replace("B,,4 A,,4", "B,,4"), "last bar of voice B is only begun"),
        (ROWS.replace("d4 e4|", "d4|").replace("B,,4 A,,4", "B,,4"), "voice S is only begun"),
        (ROWS.replace("d4 e4|", "d4 e4"), "voice S is only begun"),
    ],
)
def test_what_cannot_be_continued_is_refused(network: Network, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        continue_voices(network, chosen(text), None, DRAWS)
