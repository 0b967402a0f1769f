from __future__ import annotations

import pytest

from cantodesk.desk.writing import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我張單去到邊呀？", "yue"),
        ("我想 cancel 個 order", "yue"),
        ("你好嘅，幫你查緊", "yue"),
        ("訂單查詢", "yue"),
        ("请问我的订单到哪里了？", "zh"),
        ("好的，我们用普通话交流。", "zh"),
        ("Where is my order?", "en"),
        ("ok", "en"),
    ],
)
def test_the_signs_tell_the_language(text: str, language: str) -> None:
    assert language_of(text, "yue") == language


@pytest.mark.parametrize("text", ["12345", "👍", "", "HK20261234", "https://a.example/x", "a@b.hk"])
@pytest.mark.parametrize("otherwise", ["yue", "en", "zh"])
def test_where_they_do_not_the_page_decides(text: str, otherwise: str) -> None:
    assert language_of(text, otherwise) == otherwise


def test_chinese_that_is_neither_follows_a_chinese_page_and_is_never_english() -> None:
    assert language_of("你好", "zh") == "zh"
    assert language_of("你好", "yue") == "yue"
    assert language_of("你好", "en") == "yue"
