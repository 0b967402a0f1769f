"""A line as it is read: one spelling, nothing invisible, and every character's place kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.normalisation import NormalisedText, Variants, normalise, plain

SPELLINGS = Variants.from_data(read_language_file("variants"))
# Any text, and text that is likely to be rewritten.
ANY_LINE = st.one_of(
    st.text(),
    st.text(alphabet="0o既的左嘅畀黐線m goi晒哂哂嗮!!laAA１２３\u200b\u202e㎏ﬁ½İß俾比返番我"),
)


def text_of(line: str) -> str:
    return normalise(line, SPELLINGS).text


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("我想揾人", "我想搵人"),
        ("唔該哂", "唔該晒"),
        ("畀返錢我", "俾返錢我"),
        ("你黐線㗎", "你痴線㗎"),
        ("宜家點呀", "而家點呀"),
        ("0既", "嘅"),
        ("o係邊度", "喺邊度"),
        ("優惠卷用唔到", "優惠券用唔到"),
        ("唔洗喇", "唔使喇"),
        ("琴日落單", "尋日落單"),
    ],
)
def test_variant_spellings_become_one(written: str, read: str) -> None:
    assert text_of(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("落左單", "落咗單"),
        ("喺左邊", "喺左邊"),
        ("我地張單", "我哋張單"),
        ("改地址", "改地址"),
        ("啲野呢", "啲嘢呢"),
        ("野生動物", "野生動物"),
        ("果張單", "嗰張單"),
        ("如果退貨", "如果退貨"),
        ("無貨", "冇貨"),
        ("無線耳機", "無線耳機"),
        ("俾番錢", "俾返錢"),
        ("快d得唔得", "快啲得唔得"),
        ("check左未", "check咗未"),
        ("左腳", "左腳"),
        ("仲末收到", "仲未收到"),
        ("月末收到", "月末收到"),
        ("穩真人", "搵真人"),
        ("咁甘貴", "咁咁貴"),
        ("渠道", "渠道"),
        ("d錢呢", "啲錢呢"),
        ("B座d單", "B座啲單"),
        ("未來", "未來"),
        ("順風站", "順豐站"),
        ("南丫島", "南丫島"),
    ],
)
def test_a_character_with_two_uses_is_read_by_its_neighbours(written: str, read: str) -> None:
    assert text_of(written) == read


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("m goi", "唔該"),
        ("MGOI", "唔該"),
        ("m4goi1 bong ngo", "唔該幫我"),
        ("dim gai 退唔到", "點解 退唔到"),
        ("hai m hai", "係唔係"),
        ("yau mo 貨", "有冇 貨"),
        ("m4 goi1 saai3", "唔該晒"),
        ("yaumo", "有冇"),
        ("ngo yiu teoi cin, HK20261234", "我要 退錢, HK20261234"),
        ("lei hai mai robot", "你係咪 robot"),
        ("gei do chin 3件", "幾多錢 3件"),
        ("得唔得la", "得唔得啦"),
        ("Ngo m yiu la", "我 唔要啦"),
    ],
)
def test_romanised_words_are_read_as_cantonese(written: str, read: str) -> None:
    assert text_of(written) == read


@pytest.mark.parametrize(
    "line",
    [
        "Haiti",
        "the dim gained",
        "mgoing",
        "a bin door",
        "hello world",
        "hola",
        "bingo",
        "la la land",
        "hai",
        "yeah mo is here",
        "CHAN HO YI",
        "my name is Lei Ho Yi",
        "NGO",
        "mei.chang@example.com",
    ],
)
def test_english_words_that_look_romanised_are_left_alone(line: str) -> None:
    assert text_of(line) == line


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("HK$3,200的收據", "HK$3,200的收據"),
        ("HK20265160的收件人", "HK20265160的收件人"),
        ("2005使用", "2005使用"),
        ("hello既", "hello嘅"),
        ("type係咪", "type係咪"),
    ],
)
def test_a_spelling_with_a_digit_or_letter_never_eats_the_end_of_a_number_or_word(
    line: str, read: str
) -> None:
    assert text_of(line) == read


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("ＨＫ２０２６１２３４", "HK20261234"),
        ("９１２３　４５６７", "9123 4567"),
        ("（３）！", "(3)!"),
        ("T恤　有冇貨？", "T恤 有冇貨?"),
    ],
)
def test_full_width_becomes_half_width(line: str, read: str) -> None:
    assert text_of(line) == read


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("投\u200b訴", "投訴"),
        ("A\u200d1\u00ad2", "A12"),
        ("\u202e退款\u202c", "退款"),
        ("☀️早晨", "☀早晨"),
        ("\ufeff你好", "你好"),
        ("你\x00好\x07呀", "你 好 呀"),
    ],
)
def test_nothing_invisible_is_left(line: str, read: str) -> None:
    assert text_of(line) == read


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("唔該晒晒晒晒", "唔該晒"),
        ("laaaaaa", "laa"),
        ("!!!!!!", "!"),
        ("......", "."),
        ("多謝晒晒", "多謝晒晒"),
        ("cool", "cool"),
        ("HK20000000", "HK20000000"),
        ("88888888", "88888888"),
    ],
)
def test_repeats_are_shortened_but_never_in_numbers(line: str, read: str) -> None:
    assert text_of(line) == read


def test_every_character_knows_its_place_in_the_raw_line() -> None:
    raw = "m goi\u200b 幫我揾 ＨＫ２０２６１２３４"
    line = normalise(raw, SPELLINGS)
    at = line.text.index("HK20261234")
    assert raw[slice(*line.raw_span(at, at + 10))] == "ＨＫ２０２６１２３４"
    assert raw[slice(*line.raw_span(0, 2))] == "m goi"
    assert raw[slice(*line.raw_span(line.text.index("搵"), line.text.index("搵") + 1))] == "揾"


def test_a_ligature_stands_where_it_stood() -> None:
    line = normalise("㎏ok")
    assert line == NormalisedText("kgok", (0, 0, 1, 2), (1, 1, 2, 3))


@given(ANY_LINE)
def test_any_line_can_be_read(raw: str) -> None:
    line = normalise(raw, SPELLINGS)
    assert len(line.starts) == len(line.ends) == len(line.text)
    assert all(0 <= s < e <= len(raw) for s, e in zip(line.starts, line.ends, strict=True))
    assert list(line.starts) == sorted(line.starts)
    assert list(line.ends) == sorted(line.ends)


@given(ANY_LINE)
def test_what_was_read_holds_nothing_invisible(raw: str) -> None:
    read = normalise(raw, SPELLINGS).text
    assert not set(read) & set("\u00ad\u200b\u200c\u200d\u202a\u202e\u2066\u2069\ufeff\x00\x1f")


@given(st.text(alphabet="0123456789", max_size=40))
def test_digits_are_never_touched(number: str) -> None:
    assert text_of(number) == number


def test_half_of_a_surrogate_pair_is_read_too() -> None:
    assert text_of("\ud83d hi") == "\ud83d hi"


def test_an_empty_line_is_an_empty_line() -> None:
    assert normalise("", SPELLINGS) == NormalisedText("", (), ())


def test_without_variants_only_the_characters_are_cleaned() -> None:
    assert plain(["畀ＨＫ", "!!!"]) == ["畀HK", "!"]


def test_the_longest_spelling_wins() -> None:
    spellings = Variants.from_data({"romanised": {"m goi": "唔該", "m goi sai": "唔該晒"}})
    assert normalise("m goi sai", spellings).text == "唔該晒"


def test_an_entry_in_context_without_its_reading_is_refused() -> None:
    with pytest.raises(KeyError, match="read"):
        Variants.from_data({"in_context": [{"for": "左"}]})
