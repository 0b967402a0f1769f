from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.conversations.failures import BadSenderId
from cantodesk.conversations.sender_ids import checked_sender_id


@pytest.mark.parametrize(
    "sender",
    [
        "web:4f1c",
        "oGZUI0egBJY1zhBYw2KhdUfwVJJE",
        "$:LWCP_v1:$abc=",
        "陳大文",
        "a" * 255,
        "👩‍👧",
        "-1",
    ],
)
def test_ids_of_our_channels_pass_unchanged(sender: str) -> None:
    assert checked_sender_id(sender) == sender


@pytest.mark.parametrize(
    "sender",
    [
        *["", "   ", "　", "a\ud83d", "\udc00", "a\u0000", "a\nb", "\x1b[31m", "a\x7f", "a\u2028b"],
        *["a" * 256, None, 5, b"bytes", ["a"]],
    ],
)
def test_hostile_ids_are_refused(sender: object) -> None:
    with pytest.raises(BadSenderId) as refused:
        checked_sender_id(sender)
    # Rasa ends the process on a ValueError near its database.
    assert not isinstance(refused.value, ValueError)


def accepted(sender: str) -> bool:
    try:
        return checked_sender_id(sender) == sender
    except BadSenderId:
        return False


@given(st.text(st.characters(), max_size=300))
def test_what_passes_is_what_a_database_and_a_log_can_hold(sender: str) -> None:
    good = (
        len(sender.strip()) > 0
        and len(sender) <= 255
        and not any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in sender)
    )
    assert accepted(sender) is good
    if good:
        assert sender.encode().decode() == sender
