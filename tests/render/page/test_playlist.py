from abclm.notation.parse.parser import parse_tunebook
from abclm.render.page.playlist import Playlist, playlist_of
from abclm.render.sound.playback import AS_WRITTEN, Playback

HEADER = "X:1\nT:t\nM:4/4\nL:1/4\nQ:1/4=60\nK:C\n"


def play(body: str, header: str = HEADER, playback: Playback = AS_WRITTEN) -> Playlist:
    return playlist_of(parse_tunebook(f"{header}{body}\n")[0].tune, "t", playback)


def test_notes_are_in_milliseconds() -> None:
    assert play("A2 [CE]/z/ c|").notes == (
        (0, 2000, 69),
        (2000, 500, 60),
        (2000, 500, 64),
        (3000, 1000, 72),
    )


def test_repeats_are_played_and_lit_again() -> None:
    playlist = play("|:A4|1B4:|2c4|]")
    assert [note[2] for note in playlist.notes] == [69, 71, 69, 72]
    assert playlist.marks == ((0, "t-7-3"), (4000, "t-7-7"), (8000, "t-7-3"), (12000, "t-7-12"))


def test_a_change_of_tempo_counts_from_where_it_stands() -> None:
    assert [note[0] for note in play("A2[Q:1/4=120]B2|c4|").notes] == [0, 2000, 3000]


def test_grace_notes_take_their_time_from_their_note() -> None:
    assert play("{c}A4|").notes == ((0, 125, 72), (125, 3875, 69))
    # Half of it at the most.
    assert play("{c}A/8A7/8z3|").notes[:2] == ((0, 62, 72), (62, 63, 69))


def test_tied_notes_sound_once_and_are_lit_twice() -> None:
    playlist = play("A2-A2|")
    assert playlist.notes == ((0, 4000, 69),)
    assert [start for start, _ in playlist.marks] == [0, 2000]


def test_parts_and_overlays_are_lit_when_they_sound() -> None:
    header = HEADER.replace("K:C", "P:AAB\nK:C")
    playlist = play("P:A\nA4|\nP:B\nc2d2&C4|e4|", header)
    assert [start for start, _ in playlist.marks] == [0, 4000, 8000, 8000, 10000, 12000]
    assert {note[0] for note in playlist.notes} == {start for start, _ in playlist.marks}


def test_a_tune_beyond_reason_or_without_notes_plays_nothing() -> None:
    assert play("") == Playlist()
    assert play("z4|") == Playlist()
    assert play("A999999|") == Playlist()


def test_a_voice_that_plays_nothing_first_is_no_matter() -> None:
    text = "P:B\nK:C\nP:A\nc\nV:2\nP:B\ng|\n"
    assert [note[2] for note in playlist_of(parse_tunebook(text)[0].tune).notes] == [79]


def test_chord_symbols_sound_softly() -> None:
    assert play('"C"C4|').notes[:5] == (
        (0, 500, 36, 0.4),
        (0, 4000, 60),
        (1000, 500, 52, 0.4),
        (1000, 500, 55, 0.4),
        (1000, 500, 60, 0.4),
    )
    silent = parse_tunebook(f'{HEADER}"C"C4|\n')[0].tune
    assert playlist_of(silent, "t", Playback(chords=False)).notes == ((0, 4000, 60),)


def test_bars_are_those_of_the_picture_as_often_as_they_are_played() -> None:
    playlist = play("c|:d4|e4:|f4|]")
    assert [bar[:2] for bar in playlist.bars] == [
        (0, 0),
        (1000, 1),
        (5000, 2),
        (9000, 1),
        (13000, 2),
        (17000, 3),
    ]
    assert playlist.numbers == (0, 1, 2, 3)
    assert playlist.bars[0][2:] == (1000, 3)  # three beats are missing before the pickup
    assert playlist.end == 21000


def test_a_metronome_counts_the_beat_of_the_rhythm() -> None:
    reel = "X:1\nR:reel\nM:C|\nL:1/8\nK:G\n"
    jig = "X:1\nR:jig\nM:6/8\nL:1/8\nK:G\n"
    free = "X:1\nM:none\nL:1/8\nQ:1/4=60\nK:G\n"
    assert (play("G8|", reel).beats, play("G8|", reel).tempo) == (2, 104)
    assert (play("G6|", jig).beats, play("G6|", jig).tempo) == (2, 115)
    assert play("G8|", free).beats == 4


def test_a_chosen_tempo_holds_to_the_end() -> None:
    assert [note[0] for note in play("A2[Q:1/4=120]B2|c4|", playback=Playback(tempo=30)).notes] == [
        0,
        4000,
        8000,
    ]


def test_hornpipes_swing_where_it_is_asked_for() -> None:
    hornpipe = "X:1\nR:hornpipe\nM:4/4\nL:1/8\nQ:1/4=60\nK:G\n"
    assert play("GABc d4|", hornpipe).notes[1][0] == 500
    assert play("GABc d4|", hornpipe, Playback(swing=True)).notes[1][0] == 667
