import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from abclm.untrusted.strict_json import read_json, write_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text() | st.floats(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Expecting value"),
        ("{bad", "Expecting property name"),
        ('{"a": NaN}', "NaN is not a JSON number"),
        ("[-Infinity]", "-Infinity is not a JSON number"),
        ("1e999", "1e999… is too large a number"),
        ("9" * 50, "is too large a number"),
        ("[" * 100_000, "nested too deep"),
        ("[" * 40 + "]" * 40, "nested too deep"),
        ('{"a": 1, "a": 2}', "the key 'a' occurs twice"),
        (b"\xff", "can't decode byte"),
    ],
)
def test_what_is_no_json_is_a_value_error(text: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        read_json(text)


@given(VALUES)
def test_what_is_written_is_json_that_can_be_read(value: object) -> None:
    text = write_json(value)
    assert "NaN" not in text.replace(json.dumps("NaN"), "") or "NaN" in str(value)
    assert write_json(read_json(text)) == text


def test_numbers_that_are_none_are_null() -> None:
    value = {"a": float("nan"), "b": [float("inf"), 1.5], "c": (1, 2)}
    assert write_json(value, one_line=True) == '{"a": null, "b": [null, 1.5], "c": [1, 2]}'


def test_bytes_of_a_file_name_are_escaped() -> None:
    assert write_json("a\udcff") == '"a\\udcff"'
