from abclm.notation.parse.parser import parse_tunebook
from abclm.render.page.playlist import Playlist, playlist_of

HEADER = "X:1\nT:t\nM:4/4\nL:1/4\nQ:1/4=60\nK:C\n"


def play(body: str, header: str = HEADER) -> Playlist:
    return playlist_of(parse_tunebook(f"{header}{body}\n")[0].tune, "t")


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
    assert play("") == Playlist((), ())
    assert play("z4|") == Playlist((), ())
    assert play("A999999|") == Playlist((), ())


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
    assert playlist_of(silent, chords=False).notes == ((0, 4000, 60),)
