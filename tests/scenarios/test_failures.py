"""Parts of the product fail, or are used wrongly; the customer still gets an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from live import PROJECT, LiveStack
from replies import Domain
from sqlalchemy import Engine, create_engine, select, text

from cantodesk.storage.business_tables import Ticket
from cantodesk.storage.conversation_tables import Handover
from cantodesk.storage.engine import session

DOMAIN = Domain.of(PROJECT)
# Words that nobody else says, in Latin letters and in Chinese ones.
MARKS = ("qzxmark7731", "紫貓暗號")
# Kinds of turns in the three languages: a form's, a question's, a request for a person.
FORM = {"yue": "查單HK20260045，尾四位0364", "en": "track order HK20260045", "zh": "我的快递到哪了"}
QUESTION = {"yue": "送貨幾錢呀", "en": "how much is delivery", "zh": "请问运费多少钱"}
PERSON = {"yue": "我要搵真人", "en": "let me talk to a real person", "zh": "我要转人工，找个真人"}
LANGUAGES = ("yue", "en", "zh")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, calls_outside: Path) -> Iterator[LiveStack]:
    """A stack of these tests' own, because they break it. Every test leaves it mended."""
    with LiveStack(tmp_path_factory.mktemp("failing"), calls_outside) as running:
        yield running


@contextmanager
def without_actions(stack: LiveStack) -> Iterator[None]:
    """The action server dies at once and comes back afterwards."""
    stack.stop("actions", at_once=True)
    try:
        yield
    finally:
        stack.start("actions")


def names(replies: list[dict[str, Any]], language: str) -> list[str]:
    """The replies' names in the domain, in that language; other texts as they are."""
    return [
        next(
            (
                n
                for n, spoken in DOMAIN.patterns
                if spoken == language and DOMAIN.is_reply(t, n, language)
            ),
            t,
        )
        for t in (str(reply.get("text")) for reply in replies)
    ]


def tickets_of(stack: LiveStack, sender: str) -> list[str]:
    """Topics of the tickets of a customer."""
    vault = stack.services.vault
    with session(vault.engine, reading=True) as opened:
        mine = Ticket.conversation_ref == vault.customer_ref(sender)
        return sorted(opened.scalars(select(Ticket.topic).where(mine)))


def handovers_of(stack: LiveStack, sender: str) -> list[str]:
    """Reasons of the calls for a person of a customer."""
    vault = stack.services.vault
    with session(vault.engine, reading=True) as opened:
        mine = Handover.conversation_ref == vault.customer_ref(sender)
        return [str(reason) for reason in opened.scalars(select(Handover.reason).where(mine))]


def test_action_server_killed(stack: LiveStack) -> None:
    with without_actions(stack):
        for language in LANGUAGES:
            sender = f"killed-{language}"
            answered = names(stack.say(sender, FORM[language]), language)
            # Replies are made in the assistant: the statement on personal data comes even now.
            assert answered == ["utter_collection_statement", "utter_unavailable_ticket"]
            answered = names(stack.say(sender, QUESTION[language]), language)
            assert answered == ["utter_unavailable_ticket"]
            assert len(tickets_of(stack, sender)) == 2
            answered = names(stack.say(sender, PERSON[language]), language)
            assert answered[-1] in ("utter_hand_over_open", "utter_hand_over_closed")
            assert handovers_of(stack, sender) == ["request_human"]
        assert stack.alive("assistant")


def test_action_server_back_again(stack: LiveStack) -> None:
    with without_actions(stack):
        answered = names(stack.say("back", FORM["yue"]), "yue")
        assert answered[-1] == "utter_unavailable_ticket"
    assert names(stack.say("back", FORM["yue"]), "yue") == ["utter_order_shipped"]


def test_database_that_takes_no_writes(stack: LiveStack) -> None:
    with locked(stack.services.vault.engine):
        for language in LANGUAGES:
            answered = names(stack.say(f"locked-{language}", QUESTION[language]), language)
            assert len(answered) == 1
            assert answered[0] == "utter_unavailable"
        assert stack.alive("assistant")
        assert stack.alive("actions")
    for language in LANGUAGES:
        answered = names(stack.say(f"locked-{language}", QUESTION[language]), language)
        assert answered[-1] == "knowledge/delivery-fee-1"


@contextmanager
def locked(engine: Engine) -> Iterator[None]:
    """Somebody else holds SQLite's write lock."""
    with engine.connect() as holder:
        holder.exec_driver_sql("SELECT 1")  # the engine's own BEGIN IMMEDIATE takes the lock
        yield


@pytest.fixture(scope="module")
def on_postgres(
    tmp_path_factory: pytest.TempPathFactory, calls_outside: Path, postgres_server: str
) -> Iterator[LiveStack]:
    """A stack on a PostgreSQL database of its own."""
    server = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    name = "cantodesk_failures"
    with server.connect() as opened:
        opened.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        opened.execute(text(f"CREATE DATABASE {name}"))
    url = server.url.set(database=name).render_as_string(hide_password=False)
    try:
        with LiveStack(tmp_path_factory.mktemp("postgres"), calls_outside, url) as running:
            yield running
    finally:
        with server.connect() as opened:
            opened.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@contextmanager
def database_away(server: str, name: str) -> Iterator[None]:
    """PostgreSQL throws everybody out of a database and lets nobody in."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    throw_out = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"
    with engine.connect() as opened:
        opened.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        opened.execute(text(throw_out), {"name": name})
        try:
            yield
        finally:
            opened.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
    engine.dispose()


def test_database_away(on_postgres: LiveStack, postgres_server: str) -> None:
    name = on_postgres.services.vault.engine.url.database or ""
    kinds = (FORM, QUESTION, PERSON)
    assert names(on_postgres.say("away-yue", "早晨"), "yue")[-1] == "utter_greet"
    with database_away(postgres_server, name):
        for language in LANGUAGES:
            for kind in kinds:
                answered = names(on_postgres.say(f"away-{language}", kind[language]), language)
                assert answered in (["utter_unavailable"], ["utter_hand_over_unavailable"])
        assert on_postgres.alive("assistant")
        assert on_postgres.alive("actions")
    for language in LANGUAGES:
        answered = names(on_postgres.say(f"away-{language}", QUESTION[language]), language)
        assert answered[-1] == "knowledge/delivery-fee-1"


def turns_with(mark: str) -> list[str]:
    """A talk in which a word stands in every kind of turn."""
    return [
        f"你好，我係{mark}",
        f"送貨去{mark}幾錢",
        "查單",
        f"HK{mark}",
        "HK20260050",
        f"{mark}",
        "算啦唔使喇",
        "樓下走廊盞燈壞咗",
        f"盞燈喺{mark}嗰邊，閃咗成晚，間中仲會熄",
        f"{mark}@example.com",
        f"/{mark}",
        f"我要搵真人，我叫{mark}",
        f"{mark}聽唔聽到",
    ]


def test_what_customers_write_is_in_no_log_and_in_no_file(stack: LiveStack) -> None:
    for mark in MARKS:
        for line in turns_with(mark):
            assert stack.say(f"marked-{mark.encode().hex()}", line)
        with without_actions(stack):
            for line in turns_with(mark):
                assert stack.say(f"marked-broken-{mark.encode().hex()}", line)
        with locked(stack.services.vault.engine):
            assert stack.say(f"marked-locked-{mark.encode().hex()}", f"送貨去{mark}幾錢")
        refused = stack.post({"sender": f"{mark}\x00", "message": mark * 300})
        assert 400 <= refused.status < 500
    files = [path for path in stack.home.rglob("*") if path.is_file()]
    assert any(path.name.endswith(".sqlite3") for path in files)
    for mark in MARKS:
        for written in (
            mark.encode(),
            json.dumps(mark).strip('"').encode(),
            mark.encode("utf-16-le"),
        ):
            assert [path.name for path in files if written in path.read_bytes()] == []
            for process in ("assistant", "actions", "desk"):
                assert written not in stack.log(process).encode(), process


def deep(levels: int) -> bytes:
    """A message as JSON nested that deep."""
    return b'{"sender": "deep", "message": ' + b"[" * levels + b"]" * levels + b"}"


BAD = {
    "no sender": ({"message": "你好"}, 400),
    "an empty sender": ({"sender": "", "message": "你好"}, 400),
    "a sender that is a number": ({"sender": 7, "message": "你好"}, 400),
    "a sender with NUL": ({"sender": "a\x00b", "message": "你好"}, 400),
    "a very long sender": ({"sender": "a" * 5000, "message": "你好"}, 400),
    "half a character in the sender": (b'{"sender": "a\\ud800", "message": "hi"}', 400),
    "no message": ({"sender": "bad"}, 400),
    "a message of null": ({"sender": "bad", "message": None}, 400),
    "a message that is a number": ({"sender": "bad", "message": 5}, 400),
    "an empty message": ({"sender": "bad", "message": "   "}, 400),
    "NUL alone": ({"sender": "bad", "message": "\x00"}, 400),
    "half a character": (b'{"sender": "bad", "message": "hi \\ud83d"}', 400),
    "3,000 characters": ({"sender": "bad", "message": "長" * 3000}, 413),
    "100 KB": ({"sender": "bad", "message": "hi", "metadata": "x" * 100_000}, 413),
    "a list": ([{"sender": "bad", "message": "hi"}], 400),
    "a plain text": ("hi", 400),
    "broken JSON": (b'{"sender": "bad", "mess', 400),
    "nothing": (b"", 400),
    "no text at all": (b"\xff\xfe\x00", 400),
    "nested a little": (deep(20), 400),
    "nested deep": (deep(20_000), 400),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_request(name: str, stack: LiveStack) -> None:
    body, status = BAD[name]
    answer = stack.post(body)
    assert answer.status == status
    assert isinstance(answer.body["error"], str)
    assert len(answer.body["error"]) > 10
    assert stack.say("bad-afterwards", "早晨")


def test_many_kinds_of_text_are_answered(stack: LiveStack) -> None:
    odd = [
        "\u202e送貨",
        "a\x00b",
        "😀" * 500,
        "{order_id}",
        "{{x}}",
        "<b>hi</b>",
        "'; DROP TABLE orders;--",
    ]
    for line in odd:
        assert stack.say("odd", line), line
    assert stack.alive("assistant")


COMMANDS = (
    "/restart",
    " /restart",
    "／restart",
    "/back",
    "/session_start",
    "/affirm",
    "/request_human",
    "/action_cancel_order",
    "/cancel_order",
    '/inform{"refund_item": "all"}',
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_was_not_offered_is_plain_text(command: str, stack: LiveStack) -> None:
    sender = f"command-{COMMANDS.index(command)}"
    stack.say(sender, "查單 HK20260050")
    assert stack.say(sender, command)
    talk = stack.tracker(sender)
    # Understood as words, whatever they mean; obeyed it would have come as an intent, surely.
    latest = [event for event in talk["events"] if event["event"] == "user"][-1]
    assert latest["text"] == "／" + command.strip()[1:]
    assert latest["parse_data"]["intent"]["confidence"] < 1
    assert talk["slots"]["order_id"] == "HK20260050"
    assert talk["slots"]["refund_item"] is None
    done = [event.get("name") for event in talk["events"] if event["event"] == "action"]
    assert "action_restart" not in done
    assert "action_back" not in done
    assert "action_cancel_order" not in done
    assert done.count("action_session_start") == 1


def test_two_lines_at_once_are_both_answered(stack: LiveStack) -> None:
    assert stack.say("twice", "早晨")
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(stack.say, "twice", "送貨幾錢呀")
        second = pool.submit(stack.say, "twice", "管理費幾錢一呎")
        answered = [names(first.result(), "yue"), names(second.result(), "yue")]
    assert answered == [["knowledge/delivery-fee-1"], ["knowledge/management-fee-1"]]


def test_first_lines_at_once_greet_once(stack: LiveStack) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(stack.say, "eager", line) for line in ("早晨", "送貨幾錢呀")]
        said = [name for one in both for name in names(one.result(), "yue")]
    assert said.count("utter_collection_statement") == 1
    assert {"utter_greet", "knowledge/delivery-fee-1"} <= set(said)
