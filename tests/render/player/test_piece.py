from pathlib import Path

import pytest

from abclm.errors import InputError, RenderError
from abclm.notation.parse.parser import parse_tunebook
from abclm.notation.play.tempo import tempo_of
from abclm.notation.tune.music import Tune
from abclm.render.midi.midi import midi_bytes
from abclm.render.midi.midi_notes import midi_notes
from abclm.render.player.bar_midi import bar_midi
from abclm.render.player.options import PlayOptions
from abclm.render.player.piece import PieceBar, piece_of
from abclm.render.player.programme import Programme, programme_of
from abclm.render.sound.playback import AS_WRITTEN, Playback

VALID = sorted((Path(__file__).parents[2] / "tunes" / "valid").glob("*.abc"))
REPEATS = "X:1\nT:R\nM:2/4\nL:1/8\nQ:1/4=60\nK:G\n" + "|:GABc|d2d2|GABc|d4:|\n|:e4|f4|g4|a4:|\n"


def tune_of(abc: str) -> Tune:
    return parse_tunebook(abc)[0].tune


def piece(
    abc: str, playback: Playback = AS_WRITTEN, *, click: bool = False
) -> tuple[PieceBar, ...]:
    return piece_of(tune_of(abc), playback, click=click)


def programme(abc: str = REPEATS, **options: object) -> Programme:
    return programme_of([tune_of(abc)], PlayOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_the_notes_are_those_of_the_midi_file(path: Path) -> None:
    """The same pitches at the same times as in the file that music21 writes."""
    for parsed in parse_tunebook(path.read_text(encoding="utf-8")):
        tune, playback = parsed.tune, Playback(tempo=60)
        second = 4 * float(tempo_of(tune).beat)  # in quarter notes
        try:
            expected = midi_notes(midi_bytes(tune, playback))
        except RenderError:
            continue
        made: list[tuple[int, float]] = []
        now = 0.0
        for bar in piece_of(tune, playback):
            notes = midi_notes(bar_midi(bar, 1.0))
            made += [(note.pitch, now + note.start) for note in notes]
            now += bar.seconds
        wanted = sorted((note.pitch, note.start / second) for note in expected)
        assert [pitch for pitch, _ in sorted(made)] == [pitch for pitch, _ in wanted]
        assert [at for _, at in sorted(made)] == pytest.approx([at for _, at in wanted], abs=0.001)


def test_onsets_and_ends_follow_the_tempo_and_its_changes() -> None:
    bars = piece("X:1\nM:2/4\nL:1/4\nQ:1/4=60\nK:C\nC D|[Q:1/4=120]E F|\n")
    assert [bar.seconds for bar in bars] == [2.0, 1.0]
    assert [(one.start, one.end) for one in bars[0].strikes] == [(0.0, 1.0), (1.0, 2.0)]
    assert [(one.start, one.end) for one in bars[1].strikes] == [(0.0, 0.5), (0.5, 1.0)]
    flat = piece("X:1\nM:2/4\nL:1/4\nQ:1/4=60\nK:C\nC D|[Q:1/4=120]E F|\n", Playback(tempo=30))
    assert [bar.seconds for bar in flat] == [4.0, 4.0]


def test_a_tied_note_is_struck_once_and_ends_in_a_later_bar() -> None:
    bars = piece("X:1\nM:2/4\nL:1/4\nQ:1/4=60\nK:C\nC D-|D E|\n")
    assert [(one.start, one.end, one.pitch) for one in bars[0].strikes] == [
        (0.0, 1.0, 60),
        (1.0, 3.0, 62),
    ]
    assert [one.pitch for one in bars[1].strikes] == [64]


def test_a_bar_has_its_number_its_text_and_where_each_note_stands() -> None:
    bars = piece("X:1\nM:2/4\nL:1/8\nQ:1/4=60\nK:C\nC|D2 !trill!E>F|[CE]4|]\n")
    assert [(bar.number, bar.text) for bar in bars] == [
        (0, "C"),
        (1, "D2 !trill!E>F"),
        (2, "[CE]4"),
    ]
    assert [bars[1].text[begin:stop] for _, begin, stop in bars[1].marks] == [
        "D2 !trill!",
        "E>",
        "F",
    ]
    assert [start for start, _, _ in bars[1].marks] == [0.0, 1.0, 1.75]


def test_clicks_fall_on_the_beats_and_the_first_of_a_bar_is_strong() -> None:
    def clicks(abc: str) -> list[list[tuple[float, int]]]:
        return [
            [(round(one.start, 3), one.pitch) for one in bar.strikes if one.pitch in {76, 77}]
            for bar in piece(abc, click=True)
        ]

    head = "X:1\nL:1/8\nK:C\n"
    assert clicks(f"{head}M:4/4\nQ:1/4=60\nK:C\nG2|C8|\n") == [
        [(0.0, 77)],
        [(0.0, 76), (1.0, 77), (2.0, 77), (3.0, 77)],
    ]
    assert clicks("X:1\nM:6/8\nL:1/8\nQ:3/8=60\nK:C\nC6|\n") == [[(0.0, 76), (1.0, 77)]]
    assert clicks("X:1\nR:reel\nM:4/4\nL:1/8\nQ:1/2=60\nK:C\nC8|\n") == [[(0.0, 76), (1.0, 77)]]


def test_the_count_in_is_a_bar_and_what_is_missing_before_a_pickup() -> None:
    (first, *_) = piece("X:1\nM:4/4\nL:1/4\nQ:1/4=60\nK:C\nG|CDEF|\n")
    count = first.count_in
    assert count.seconds == 7.0
    assert [one.pitch for one in count.strikes] == [76, 77, 77, 77, 76, 77, 77]
    assert piece("X:1\nM:3/4\nL:1/4\nQ:1/4=60\nK:C\nCDE|\n")[0].count_in.seconds == 3.0


def played(made: Programme) -> list[int]:
    numbers: list[int] = []
    state = made.start.ending()
    while True:
        numbers.append(made.bar(state.at).number)
        following = state.after()
        if following is None:
            return numbers
        state = following


def test_bars_are_the_shortest_way_through_the_repeats() -> None:
    assert played(programme()) == [1, 2, 3, 4] * 2 + [5, 6, 7, 8] * 2
    assert played(programme(bars="2-3")) == [2, 3]
    assert played(programme(bars="4-5")) == [4, 5]
    assert played(programme(bars="3", times=3)) == [3, 3, 3]
    endings = "X:1\nM:2/4\nL:1/8\nK:G\n|:G4|A4|1 B4:|2 c4|]\n"
    assert played(programme(endings, bars="2-3")) == [2, 3]
    assert played(programme(endings, bars="2-4")) == [2, 4]


@pytest.mark.parametrize(
    ("bars", "message"),
    [("20", "no bar 20; there are: 1 to 8"), ("5-20", "no bar 20"), ("0-2", "no bar 0")],
)
def test_bars_that_are_not_there_are_named(bars: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        programme(bars=bars)


def test_a_set_plays_each_tune_as_often_as_asked_and_has_no_bars() -> None:
    tunes = [tune_of(f"X:{n}\nT:{n}\nM:2/4\nL:1/8\nK:G\nG4|A4|\n") for n in (1, 2)]
    made = programme_of(tunes, PlayOptions(times=2))
    assert [bar.title for bar in made.bars] == ["1"] * 4 + ["2"] * 4
    for options in (PlayOptions(bars="1"), PlayOptions(ramp="60-100")):
        with pytest.raises(InputError, match="takes one tune, and 2 are to be played"):
            programme_of(tunes, options)


def test_a_ramp_goes_evenly_over_the_turns_or_up_by_five() -> None:
    ramp = programme(ramp="30-60", times=4).start.ramp
    assert ramp is not None
    assert [round(60 * ramp.factor(turn)) for turn in range(1, 5)] == [30, 40, 50, 60]
    endless = programme(ramp="50-100%").start
    assert endless.loops
    assert endless.ramp is not None
    assert [round(100 * endless.ramp.factor(turn)) for turn in (1, 2, 20)] == [50, 55, 100]
