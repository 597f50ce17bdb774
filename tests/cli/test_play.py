import wave
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from abclm.cli.play import play_texts
from abclm.cli.play_line import line_of
from abclm.compose.chosen import read_tunes
from abclm.compose.set_choice import choose_tunes
from abclm.errors import InputError
from abclm.render.player.engine import Place
from abclm.render.player.options import PlayOptions
from abclm.render.player.programme import Programme, programme_of
from tests.cli.conftest import Run
from tests.cli.pseudo_terminal import at_terminal

BOOK = """X:1
T:The Banshee
M:4/4
L:1/4
Q:1/4=480
K:G
GABc|d2d2|GABc|d4|

X:2
T:Banshee's Wail, The
M:4/4
L:1/4
Q:1/4=480
K:G
g4|d4|

X:07
T:Seven
M:4/4
L:1/4
Q:1/4=480
K:G
G4|
"""


@pytest.fixture
def book(folder: Path) -> Path:
    path = folder / "book.abc"
    path.write_text(BOOK, encoding="utf-8")
    return path


@pytest.fixture
def _needs_sound() -> None:
    for package in ("midirenderer", "pretty_midi", "miniaudio"):
        pytest.importorskip(package, reason=f"{package} is not installed (abclm[audio])")


@pytest.fixture
def _no_device(_needs_sound: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import miniaudio

    def fail(**_: object) -> None:
        raise miniaudio.MiniaudioError("none")

    monkeypatch.setattr("miniaudio.PlaybackDevice", fail)


@pytest.fixture
def _silent(_needs_sound: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The null device of miniaudio in place of the loudspeaker."""
    import miniaudio

    real = miniaudio.PlaybackDevice

    def open_null(*, backends: object, **options: object) -> object:
        assert miniaudio.Backend.NULL not in backends  # type: ignore[operator]
        return real(backends=[miniaudio.Backend.NULL], **options)

    monkeypatch.setattr("miniaudio.PlaybackDevice", open_null)


@pytest.mark.usefixtures("_silent")
def test_a_tune_is_played_to_its_end(run: Run, book: Path) -> None:
    done = run("play", book, "--tune", "7")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "Seven\n"


@pytest.mark.usefixtures("_silent")
def test_the_first_of_several_is_played_and_said(run: Run, book: Path) -> None:
    done = run("play", book, "--bars", "1")
    assert done.stderr == ("playing the first of 3 tunes; --tune 1,3,2 plays others\nThe Banshee\n")


@pytest.mark.usefixtures("_silent")
def test_a_set_is_announced_tune_by_tune(run: Run, book: Path) -> None:
    done = run("play", book, "--tune", "7,2,7", "--tempo", "400%")
    assert done.stderr.splitlines() == ["Seven", "Banshee's Wail, The", "Seven"]


@pytest.mark.usefixtures("_no_device")
def test_without_a_device_the_sound_is_written_beside_the_book(
    run: Run, book: Path, folder: Path
) -> None:
    done = run("play", book, "--tune", "7")
    assert done.exit_code == 2
    assert done.stderr == f"no sound device was found; written instead: {folder / 'book.wav'}\n"
    with wave.open(str(folder / "book.wav")) as file:
        assert file.getnframes() > file.getframerate() // 2
    run("play", book, "--tune", "7")
    assert (folder / "book (2).wav").exists()  # nothing is written over
    run("play", book, "--tune", "7", "-o", "other.wav", "--loop")
    assert (folder / "other.wav").exists()


@pytest.mark.usefixtures("_no_device")
def test_what_is_generated_can_be_played(run: Run, spelling: Path, folder: Path) -> None:
    done = run("generate", "--checkpoint", spelling.name, "--seed", "1", "--play")
    assert done.exit_code == 2
    assert done.stdout.startswith("X:1\n")
    assert "no sound device was found; written instead: tune.wav" in done.stderr
    assert (folder / "tune.wav").exists()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nothing.abc"], "nothing.abc"),
        (["book.abc", "--tune", "9"], "no X:9; there are: 1, 2, 07"),
        (["book.abc", "--tune", "1,9"], "no X:9; there are: 1, 2, 07"),
        (["book.abc", "--tune", "1,"], "no tune is called '1,'"),
        (["book.abc", "--tune", "Bansheee"], "no tune is called 'Bansheee'; did you mean"),
        (["book.abc", "--tune", ""], "no tune is called ''"),
        (["book.abc", "--tune", "e"], "3 tunes are called 'e': give one of 1 The Banshee"),
        (["book.abc", "--bars", "9-12"], "no bar 9; there are: 1 to 4"),
        (["book.abc", "--bars", "4-2"], "bars 4-2: the last comes before the first: 2-4?"),
        (["book.abc", "--bars", "A"], "bars: give numbers such as 5-8 or 3, not 'A'"),
        (["book.abc", "--tune", "1,2", "--bars", "1"], "bars: takes one tune, and 2 are"),
        (["book.abc", "--tune", "1,2", "--ramp", "60-90"], "ramp: takes one tune, and 2 are"),
        (["book.abc", "--tempo", "quick"], "tempo: give beats per minute such as 80"),
        (["book.abc", "--tempo", "80bpm"], "tempo: give beats per minute such as 80"),
        (["book.abc", "--tempo", "5"], "tempo 5 beats per minute: must be from 10 to 600"),
        (["book.abc", "--tempo", "900%"], "tempo 900%: must be from 10 to 400%"),
        (["book.abc", "--ramp", "80"], "ramp: give two tempos such as 60-100"),
        (["book.abc", "--ramp", "100-80"], "the second tempo must be the faster one"),
        (["book.abc", "--ramp", "60-90", "--tempo", "80"], "exclude each other"),
        (["book.abc", "--times", "0"], "times 0: must be from 1 to 100"),
        (["book.abc", "--times", "two"], "'two' is not a valid int"),
        (["book.abc", "--instrument", "kazoo"], "no instrument 'kazoo'; there are:"),
        (["book.abc", "--drone", "H"], "drone: give a note such as D, F# or Bb, not 'H'"),
        (["book.abc", "--output", "out.mp3"], "out.mp3"),
        (["book.abc", "--output", "missing/out.wav"], "no folder missing"),
        (["book.abc", "--sound-font", "none.sf2"], "none.sf2"),
        (["book.abc", "--lop"], "No such option: --lop"),
        (["book.abc", "2"], "unexpected extra argument"),
        ([], "Missing argument 'FILE'"),
        (["silent.abc"], "has no notes to render"),
    ],
)
@pytest.mark.usefixtures("_silent")
def test_a_mistake_is_one_line_that_says_what_to_type(
    run: Run, book: Path, args: list[str], message: str
) -> None:
    book.with_name("silent.abc").write_text("X:1\nT:S\nK:C\nz4|\n", encoding="utf-8")
    done = run("play", *args)
    assert done.exit_code == 2
    (line,) = [line for line in done.stderr.splitlines() if not line.startswith("playing")]
    assert line.startswith("abclm: ")
    assert message in line
    assert done.stdout == ""


@pytest.mark.usefixtures("_needs_sound")
def test_at_a_terminal_without_a_device_nothing_of_the_system_is_printed(
    book: Path, folder: Path
) -> None:
    """The sound libraries of the system complain on standard error, past Python."""
    shown = at_terminal([["play", "book.abc", "--tune", "7"]], folder).decode()
    if "no sound device" not in shown:
        pytest.skip("there is a sound device")
    assert shown.replace("\r", "").splitlines()[1:] == [
        "no sound device was found; written instead: book.wav",
        "exit code 2",
    ]


class TestChoosing:
    choose: Callable[[str | None], list[str]]

    @pytest.fixture(autouse=True)
    def _book(self) -> None:
        tunes = read_tunes(BOOK, "book.abc")
        self.choose = lambda wanted: [
            tune.value("X") or "" for tune in choose_tunes(tunes, wanted, "book.abc")
        ]

    def test_by_number_set_or_not_at_all(self) -> None:
        assert self.choose(None) == ["1"]
        assert self.choose("7") == ["07"]
        assert self.choose("2, 1,2") == ["2", "1", "2"]

    def test_by_title_without_case_article_and_apostrophe(self) -> None:
        assert self.choose("the banshee") == ["1"]
        assert self.choose("Banshee, The") == ["1"]
        assert self.choose("banshees wail") == ["2"]
        assert self.choose("wail") == ["2"]

    def test_too_many_are_refused(self) -> None:
        with pytest.raises(InputError, match="at most 100 make a set"):
            self.choose(",".join("1" * 101))


class TestLine:
    @pytest.fixture
    def made(self) -> Programme:
        return programme_of(read_tunes(BOOK, "book")[:1], PlayOptions(loop=True, bars="1-2"))

    def test_it_names_bar_music_tempo_and_loop_in_the_columns_there_are(
        self, made: Programme
    ) -> None:
        line = line_of(made, Place(made.start, 0.3), 60)
        assert line == "bar 1  GABc                 480 bpm (100%)  loop 1-2, turn 1"
        for width in (10, 19, 30, 60, 200):
            assert len(line_of(made, Place(made.start, 0.3), width, paused=True)) == width

    def test_the_note_that_sounds_is_marked(self, made: Programme) -> None:
        show = partial(line_of, made, width=60, marks=True)
        assert show(Place(made.start, 0.0)).startswith("bar 1  \x1b[7mG\x1b[0mABc")
        assert show(Place(made.start, 0.3)).startswith("bar 1  GA\x1b[7mB\x1b[0mc")

    def test_control_characters_in_a_tune_are_made_visible(self) -> None:
        tunes = read_tunes('X:1\nK:C\nC"^\x1b[2J"D|\n', "book")
        made = programme_of(tunes, PlayOptions())
        assert "\x1b" not in line_of(made, Place(made.start, 0.0), 80)


def test_texts_are_played_with_and_without_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[str] = []
    monkeypatch.setattr(
        "abclm.cli.play.play_tunes",
        lambda tunes, _wanted: played.extend(f"{tune.title} {len(tune.events)}" for tune in tunes),
    )
    music = "T:One\nM:2/4\nL:1/8\nK:G\nGABc|\n"
    play_texts([music, f"X:7\n{music}"])
    assert played == ["One 4", "One 4"]
