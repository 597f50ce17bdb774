"""A tune asked for in words: what they say of its header, and what they leave to ABC."""

import pytest

from abclm.compose.header import Header
from abclm.compose.request import read_request
from abclm.errors import InputError


@pytest.mark.parametrize(
    ("words", "header", "options"),
    [
        ("a reel in D", Header(rhythm="reel", key="D"), "--rhythm reel --key D"),
        ("reel", Header(rhythm="reel"), "--rhythm reel"),
        ("A jig", Header(rhythm="jig"), "--rhythm jig"),
        (
            "Slip jigs in E minor!",
            Header(rhythm="slip jig", key="Em"),
            '--rhythm "slip jig" --key Em',
        ),
        ("Edor hornpipe", Header(rhythm="hornpipe", key="Edor"), "--key Edor --rhythm hornpipe"),
        ("a polka in B flat", Header(rhythm="polka", key="Bb"), "--rhythm polka --key Bb"),
        ("a waltz in F-sharp minor", Header(rhythm="waltz", key="F#m"), "--rhythm waltz --key F#m"),
        ("march 6/8", Header(rhythm="march", meter="6/8"), "--rhythm march --meter 6/8"),
        ("an air in A dorian", Header(rhythm="air", key="Ador"), "--rhythm air --key Ador"),
        ("in the key of G", Header(key="G"), "--key G"),
        ("a tune in A", Header(key="A"), "--key A"),
        ("please write me another strathspey", Header(rhythm="strathspey"), "--rhythm strathspey"),
    ],
)
def test_words_are_fields(words: str, header: Header, options: str) -> None:
    request = read_request(words)
    assert request is not None
    assert request.header == header
    assert request.options == options


@pytest.mark.parametrize(
    "music",
    [
        "",
        "G",
        "GABc",
        "GABc dedB|",
        "BADGE",
        "d2f ecA",
        "K:D",
        "R:reel",
        "T:a reel in D",
        "|:",
        "ABc de",
    ],
)
def test_music_is_no_request(music: str) -> None:
    assert read_request(music) is None


@pytest.mark.parametrize(
    ("words", "named"),
    [("hello world", "hello"), ("a reel in H", "H"), ("three jigs", "three"), ("a tune", "a tune")],
)
def test_words_that_name_no_tune_are_refused(words: str, named: str) -> None:
    with pytest.raises(InputError, match=f"{named!r} is no music and names no tune"):
        read_request(words)
