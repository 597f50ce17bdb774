"""A tune asked for in words: what they say of its header, and what they leave to ABC."""

import re

import pytest

from abclm.compose.request import read_request
from abclm.constraint.header import Header
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
        (
            "Give me a slow air in D minor!",
            Header(rhythm="air", key="Dm"),
            "--rhythm air --key Dm",
        ),
        ("REEL", Header(rhythm="reel"), "--rhythm reel"),
        ("A SLIP JIG", Header(rhythm="slip jig"), '--rhythm "slip jig"'),
        ("reel C|", Header(rhythm="reel", meter="C|"), "--rhythm reel --meter C|"),
        ('"barn dance" in g', Header(rhythm="barndance", key="G"), "--rhythm barndance --key G"),
        ("jig in a minor", Header(rhythm="jig", key="Am"), "--rhythm jig --key Am"),
        ("reel in D-dorian", Header(rhythm="reel", key="Ddor"), "--rhythm reel --key Ddor"),
        ("write me a tune", Header(), "any tune"),
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
        '"Am"ABc de',
        "!trill!ABc",
        "[T:hi]CDE",
        "[R:reel]CDE",
    ],
)
def test_music_is_no_request(music: str) -> None:
    assert read_request(music) is None


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("hello world", "'hello' in the prompt is neither music nor"),
        ("a reel in H", "'H' in the prompt"),
        ("three jigs", "'three' in the prompt"),
        ("a slow rele", "'slow' in the prompt"),
        ("a rele", "did you mean 'reel'?"),
        ("reel in d and g", "'g' in the prompt"),
    ],
)
def test_words_that_say_nothing_of_a_tune_are_refused(words: str, named: str) -> None:
    with pytest.raises(InputError, match=re.escape(named)):
        read_request(words)
