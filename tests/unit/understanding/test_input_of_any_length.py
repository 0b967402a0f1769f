"""Long lines cost time in proportion to their length, whatever they are made of.

Each reader gets a line of 50,000 characters and one of a tenth of that. Ten times the
length may take ten times as long and some noise; a search that tries every start anew
would take a hundred times as long, and fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date

import pytest

from actions.cases import _NONE, _REPLY_HERE, contact_in, is_story
from actions.refunds import _ALL
from cantodesk.channels.front_door import checked_line
from cantodesk.channels.script import likely_language
from cantodesk.dialogue.replies import filled
from cantodesk.services.numbers import hong_kong_phone, last_four, order_number, ticket_number
from cantodesk.understanding.amounts import find_amounts
from cantodesk.understanding.dates import find_dates
from cantodesk.understanding.language import surface
from cantodesk.understanding.language_files import read_language_file
from cantodesk.understanding.normalisation import Variants, normalise
from cantodesk.understanding.segmentation import _RUN
from cantodesk.understanding.times import find_times
from cantodesk.understanding.values import find_values
from cantodesk.understanding.written import WrittenChinese

TODAY = date(2026, 11, 25)
LONG = 50_000
VARIANTS = Variants.from_data(read_language_file("variants"))
WRITTEN = WrittenChinese(read_language_file("written")["written"])

READERS: dict[str, Callable[[str], object]] = {
    "normalise": lambda line: normalise(line, VARIANTS),
    "written": WRITTEN,
    "values": lambda line: find_values(line, TODAY),
    "amounts": find_amounts,
    "dates": lambda line: find_dates(line, TODAY),
    "times": find_times,
    "words": lambda line: sum(1 for _ in _RUN.finditer(line)),
    "language": surface,
    "script": likely_language,
    "contact": contact_in,
    "story": is_story,
    "no order": _NONE.match,
    "reply here": _REPLY_HERE.search,
    "all goods": _ALL.search,
    "reply": lambda line: filled(line, {}),
    "phone": hong_kong_phone,
    "last four": last_four,
    "order": order_number,
    "ticket": ticket_number,
}
MADE_OF = (
    "a",
    "1",
    "一",
    " ",
    "1 ",
    "$1 ",
    "a.",
    "{a",
    "!",
    "20261234 ",
    "<@",
    "晒",
    "#",
    "T-",
    "聽日 ",
)


def seconds(read: Callable[[str], object], line: str) -> float:
    """Of this thread alone; the best of three is the one least disturbed by the rest of the machine."""
    best = float("inf")
    for _ in range(3):
        start = time.thread_time()
        read(line)
        best = min(best, time.thread_time() - start)
    return best


@pytest.mark.parametrize("piece", MADE_OF)
@pytest.mark.parametrize("reader", READERS)
def test_ten_times_as_long_takes_about_ten_times_as_long(reader: str, piece: str) -> None:
    read = READERS[reader]
    line = (piece * LONG)[:LONG]
    # Half a millisecond in both: below that the clock measures the machine, not the reader.
    short = seconds(read, line[: LONG // 10]) + 0.0005
    assert seconds(read, line) + 0.0005 < 30 * short


def test_the_front_door_takes_no_such_line_in_the_first_place() -> None:
    from cantodesk.channels.front_door import LONGEST_LINE, Refused

    assert checked_line("a" * LONGEST_LINE)
    with pytest.raises(Refused):
        checked_line("a" * (LONGEST_LINE + 1))
