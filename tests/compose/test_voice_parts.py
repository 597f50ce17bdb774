"""Voices for a tune, and new bars of one voice: all else stays byte for byte."""

from collections.abc import Callable
from pathlib import Path

import pytest

from abclm.compose.chosen import ChosenTune, choose_one
from abclm.compose.harmonize import Voicing
from abclm.compose.network import Network
from abclm.compose.onward import Draws
from abclm.compose.voice_parts import harmonize, redo_voice
from abclm.constraint.pitch_range import parse_ranges
from abclm.constraint.voice_leading import VoiceLeading
from abclm.decoding.sampling import Sampling
from abclm.errors import InputError
from abclm.model.checkpoint.checkpoint import Checkpoint
from abclm.notation.check.validate import validate
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.syntax.source import Source
from abclm.notation.tune.bars import bars

DRAWS = Draws(3, 2, Sampling(1.0))
HEADER = "X:1\nT:Tune\nM:4/4\nL:1/8\nK:D\n"
TUNES = {
    "plain": "d2fd Adfd|g2fg efge|d4 A4|d8|]",
    "repeats": "|:d2fd Adfd|g2fg efge|1 d8:|2 A8||\n|:a2fa bafe|d8:|",
    "implicit repeat": "d2fd Adfd|g2fg efge:|a2fa bafe|d8:|",
    "pickup": "|:A2|d2fd Adfd|d6:|\n|:fg|a2fa bafe|d6:|",
    "ornaments": '{e}d2~fd (3ABA fd|[df]2"G"!trill!fg e>f g<e|(d8|d8)|]',
    "ties": "d2fd Adfd-|d2fg efge-|e8|d8|]",
}
PIECE = HEADER + "[V:1]d4c4|[V:2]F4E4|[V:3]D4A,4|\n[V:1]d4 e4|[V:2]F4 G4|[V:3]D4 C4|\n" * 2
PIECE += "[V:1]d8|][V:2]F8|][V:3]D8|]\n"


@pytest.fixture(scope="module")
def network(random_model: Callable[..., Checkpoint]) -> Network:
    return Network(random_model(several=True))


def chosen(text: str) -> ChosenTune:
    return choose_one(Source.of(text, "tune.abc"))


@pytest.mark.parametrize("body", TUNES.values(), ids=TUNES)
@pytest.mark.parametrize("voices", [2, 4])
def test_voices_are_aligned_and_the_tune_stays(network: Network, body: str, voices: int) -> None:
    tune = chosen(HEADER + body + "\n")
    for offer in harmonize(network, tune, Voicing(voices), DRAWS).offers:
        assert offer.text.startswith(f"{HEADER}V:1\n{body}\nV:2")
        assert not set(tune.problems(offer.text)) - set(tune.problems(tune.text))
        parts = parse_tunebook(offer.text)[0].tune.voices
        assert len(parts) == voices
        lengths = {tuple(bar.duration for bar in bars(part.tune)) for part in parts}
        assert len(lengths) == 1


def test_the_tune_may_be_the_lowest_voice(network: Network) -> None:
    tune = chosen(HEADER + TUNES["plain"])
    voicing = Voicing(2, parse_ranges("D5-D6,A4-D6"))
    for offer in harmonize(network, tune, voicing, DRAWS, above=True).offers:
        above = parse_tunebook(offer.text)[0].tune.voices[1].tune
        assert all(pitch.octave >= 1 for event in above.events for pitch in event.pitches)


def test_line_ends_and_names_of_the_file_are_kept(network: Network) -> None:
    body = "V:melody\r\nd2fd Adfd|\r\nd8|] % end\r\n"
    tune = chosen(HEADER.replace("\n", "\r\n") + body)
    (offer, *_) = harmonize(network, tune, Voicing(2), DRAWS).offers
    assert "\r\nV:1" in offer.text.split("d8|]")[1]
    assert offer.text.count("\n") == offer.text.count("\r\n")


def test_parallels_may_cost(network: Network) -> None:
    tune = chosen(HEADER + TUNES["plain"])
    for cost in (None, VoiceLeading(8.0)):
        assert harmonize(network, tune, Voicing(3, parallels=cost), DRAWS).offers


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PIECE, "has several voices"),
        (HEADER, "has no notes"),
        (HEADER + "Z2|d8|]", "write Z2 as Z"),
        (HEADER + "d8|[K:A]c8|]", "changes key or meter"),
    ],
)
def test_what_cannot_be_harmonized_is_refused(network: Network, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        harmonize(network, chosen(text), Voicing(4), DRAWS)


def test_a_network_of_one_voice_is_refused(random_model: Callable[..., Checkpoint]) -> None:
    with pytest.raises(InputError, match="writes one voice"):
        harmonize(Network(random_model()), chosen(HEADER + "d8|]"), Voicing(4), DRAWS)


def test_a_number_of_voices_that_the_network_does_not_know_is_refused(network: Network) -> None:
    with pytest.raises(InputError, match="writes 2, 3, 4 voices, not 5"):
        harmonize(network, chosen(HEADER + "d8|]"), Voicing(5), DRAWS)


@pytest.mark.parametrize("voice", [1, 2, 3])
def test_only_the_bars_of_one_voice_change(network: Network, voice: int) -> None:
    piece = chosen(PIECE)
    for offer in redo_voice(network, piece, voice, ("2-3", None), DRAWS).offers:
        assert not validate(offer.text)
        before, after = (parse_tunebook(text)[0].tune.voices for text in (PIECE, offer.text))
        for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
            same = [
                [event[1:5] for event in one.events] == [event[1:5] for event in other.events]
                for one, other in zip(bars(old.tune), bars(new.tune), strict=True)
            ]
            if number == voice:
                assert same[0]
                assert all(same[3:])
                assert not all(same[1:3])
            else:
                assert all(same)
        lines = zip(PIECE.split("\n"), offer.text.split("\n"), strict=False)
        changed = [old for old, new in lines if old != new]
        assert 1 <= len(changed) <= 2


def test_a_voice_that_does_not_exist_is_refused(network: Network) -> None:
    with pytest.raises(InputError, match="no voice 4; there are: 1 to 3"):
        redo_voice(network, chosen(PIECE), 4, ("2", None), DRAWS)


def test_a_piece_is_read_from_its_file(network: Network, tmp_path: Path) -> None:
    path = tmp_path / "piece.abc"
    path.write_text(PIECE, encoding="utf-8")
    source = Source.of(path.read_text("utf-8"), str(path))
    assert redo_voice(network, choose_one(source), 2, ("1", None), DRAWS).place == "voice 2, bars 1"


def test_a_new_voice_has_the_bar_lines_of_the_tune(network: Network) -> None:
    body = "|:d2fd Adfd|d8:|\n|:a2fa bafe|d8:|"
    for offer in harmonize(network, chosen(HEADER + body + "\n"), Voicing(2), DRAWS).offers:
        assert ":||:" not in offer.text
        voices = parse_tunebook(offer.text)[0].tune.voices
        signs = [[(bar.before.style, bar.after.style) for bar in bars(one.tune)] for one in voices]
        assert signs[0] == signs[1]
