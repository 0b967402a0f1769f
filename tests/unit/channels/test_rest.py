"""The body of a request: a JSON object of a sensible size, or a sentence about what is wrong."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.channels.front_door import Refused
from cantodesk.channels.rest import LARGEST_BODY, RestChannel, page_metadata, parsed_body


def test_an_object_is_read() -> None:
    assert parsed_body('{"sender": "a", "message": "你好"}'.encode()) == {
        "sender": "a",
        "message": "你好",
    }


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not JSON"),
        (b"hello", "not JSON"),
        (b"{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 60_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"7", "not a JSON object"),
    ],
)
def test_anything_else_is_refused_in_words(raw: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        parsed_body(raw)
    assert refused.value.status == 400


def test_a_body_too_large_is_not_even_read() -> None:
    with pytest.raises(Refused, match="64 KB") as refused:
        parsed_body(b" " * (LARGEST_BODY + 1))
    assert refused.value.status == 413


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_refused(raw: bytes) -> None:
    with suppress(Refused):
        assert isinstance(parsed_body(raw), dict)


@pytest.mark.parametrize(
    ("metadata", "kept"),
    [
        ({"page_language": "en"}, {"page_language": "en"}),
        ({"page_language": "en", "is_staff": True, "input_channel": "desk"}, {"page_language": "en"}),
        ({"page_language": ["en"]}, {}),
        ({"input_mode": "voice"}, {"input_mode": "voice"}),
        ({"input_mode": "text", "page_language": "zh"}, {"page_language": "zh", "input_mode": "text"}),
        ({"input_mode": "always"}, {}),
        ({"input_mode": ["voice"]}, {}),
        ({"input_mode": {"voice": 1}}, {}),
        ({"is_staff": True}, {}),
        (None, {}),
        ("en", {}),
        ([], {}),
    ],
)  # fmt: skip
def test_a_caller_may_say_its_pages_language_and_how_the_line_was_put_in(
    metadata: Any, kept: dict[str, str]
) -> None:
    assert page_metadata(metadata) == kept


def test_it_answers_where_rasas_own_channel_does() -> None:
    assert RestChannel.name() == "rest"
