from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.desk.customer_line import (
    CustomerLine,
    as_plain_words,
    is_command,
    read_line,
)
from cantodesk.desk.sentences import Obstacle


def body(**keys: Any) -> bytes:
    return json.dumps(keys).encode()


def test_a_line_with_all_its_parts() -> None:
    read = read_line(body(text=" 係 ", payload="/affirm", line_id="a1b2c3d4"))
    assert read == CustomerLine("係", "/affirm", "a1b2c3d4")


def test_payload_and_mark_may_be_left_out() -> None:
    assert read_line(body(text="hi")) == CustomerLine("hi")


def test_lines_and_tabs_stay() -> None:
    assert read_line(body(text="a\r\nb\rc\td")) == CustomerLine("a\nb\nc\td")


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\u200b\u2060", "\u3000"])
def test_a_line_that_looks_empty_is_empty(text: str) -> None:
    assert read_line(body(text=text)) is Obstacle.EMPTY


@pytest.mark.parametrize("text", ["a\x00b", "a\x07", "\x1b[31m", "a\x7fb", "a\x85b", "a\ud83d"])
def test_control_characters_and_half_emoji_are_refused(text: str) -> None:
    assert read_line(body(text=f"x{text}x")) is Obstacle.BAD_CHARACTERS
    assert read_line(body(text="ok", payload=f"x{text}x")) is Obstacle.BAD_CHARACTERS


def test_two_thousand_signs_are_enough() -> None:
    assert read_line(body(text="字" * 2000)) == CustomerLine("字" * 2000)
    assert read_line(body(text="字" * 2001)) is Obstacle.TOO_LONG
    assert read_line(body(text="ok", payload="x" * 2001)) is Obstacle.TOO_LONG


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[1]", b"{", b'"text"', b"\xff\xfe", b"[" * 60_000, b"1" * 60_000]
    + [body(text=text) for text in (None, 1, ["a"], {"a": 1}, True)]
    + [body(text="a", payload=1), body(text="a", line_id=7), body(text="a", line_id="a b")],
)
def test_anything_else_is_not_readable(content: bytes) -> None:
    assert read_line(content) is Obstacle.NOT_READABLE


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: body(text=text)))
def test_whatever_comes_it_is_a_clean_line_or_an_obstacle(content: bytes) -> None:
    read = read_line(content)
    if isinstance(read, CustomerLine):
        assert 1 <= len(read.text) <= 2000
        assert read.text == read.text.strip()
        assert read.text.encode()
        assert not any(ord(sign) < 32 and sign not in "\n\t" for sign in read.text)
    else:
        assert 400 <= read.status < 500


def test_a_command_that_was_typed_becomes_words() -> None:
    assert as_plain_words("/restart") == "／restart"
    assert not is_command(as_plain_words('/paid{"amount":"0"}'))
    assert as_plain_words("1/2 price?") == "1/2 price?"
