import pytest

from abclm.errors import InputError
from abclm.render.player.options import PlayOptions, Speed


def test_a_tempo_is_beats_per_minute_or_a_share() -> None:
    assert PlayOptions(tempo="80").speed == Speed(80, relative=False)
    assert PlayOptions(tempo="70 %").speed == Speed(70, relative=True)
    assert PlayOptions(tempo="80").playback.tempo == 80
    assert PlayOptions(tempo="70%").playback.tempo is None
    assert Speed(70, relative=True).factor(104) == 0.7
    assert Speed(52, relative=False).factor(104) == 0.5


def test_bars_are_one_number_or_two() -> None:
    assert PlayOptions(bars="5-8").range == (5, 8)
    assert PlayOptions(bars="5").range == (5, 5)
    assert PlayOptions().range is None


def test_a_drone_is_a_low_note_and_its_octave() -> None:
    assert PlayOptions(drone="D").drone_pitches == (50, 62)
    assert PlayOptions(drone="g").drone_pitches == (43, 55)
    assert PlayOptions(drone="F#").drone_pitches == (54, 66)
    assert PlayOptions().drone_pitches == ()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"tempo": "fast"}, "tempo: give beats per minute such as 80, or a share such as 70%"),
        ({"tempo": "-5"}, "tempo: give"),
        ({"tempo": "5"}, "tempo 5 beats per minute: must be from 10 to 600"),
        ({"tempo": "0%"}, "tempo 0%: must be from 10 to 400%"),
        ({"ramp": "100"}, "ramp: give two tempos such as 60-100"),
        ({"ramp": "100-60"}, "the second tempo must be the faster one"),
        ({"ramp": "60-100", "tempo": "80"}, "--tempo and --ramp exclude each other"),
        ({"bars": "8-5"}, "bars 8-5: the last comes before the first: 5-8?"),
        ({"bars": "five"}, "bars: give numbers such as 5-8 or 3, not 'five'"),
        ({"bars": "5,6"}, "bars: give numbers"),
        ({"times": 0}, "times 0: must be from 1 to 100"),
        ({"drone": "H"}, "drone: give a note such as D, F# or Bb, not 'H'"),
        ({"instrument": "kazoo"}, "no instrument 'kazoo'; there are:"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_type(given: dict[str, str], message: str) -> None:
    with pytest.raises(InputError) as raised:
        PlayOptions(**given)  # type: ignore[arg-type]
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)
