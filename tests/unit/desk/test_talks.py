from __future__ import annotations

from cantodesk.desk.assistant import Answer, AnswerStatus, Button, Reply
from cantodesk.desk.talks import LINES_A_MINUTE, Talk, Talks, is_talk_id, new_talk_id, sender_of


def answer(*payloads: str) -> Answer:
    buttons = tuple(Button(payload, payload) for payload in payloads)
    return Answer(AnswerStatus.ANSWERED, (Reply("?", buttons),))


def test_ids_are_ours_and_differ() -> None:
    ids = {new_talk_id() for _ in range(50)}
    assert len(ids) == 50
    assert all(is_talk_id(value) for value in ids)
    assert sender_of("x") == "web:x"


def test_other_values_are_no_ids() -> None:
    for value in (None, "", "a" * 31, "a" * 33, "a" * 31 + "/", "字" * 32, "a" * 32 + "\n"):
        assert not is_talk_id(value)


def test_twenty_lines_a_minute_then_a_wait_that_ends() -> None:
    talk = Talk()
    assert [talk.seconds_to_wait(i * 1.0) for i in range(LINES_A_MINUTE)] == [0] * LINES_A_MINUTE
    assert talk.seconds_to_wait(20.0) == 40
    assert talk.seconds_to_wait(59.5) == 1
    assert talk.seconds_to_wait(60.0) == 0
    # The second line of the first minute is still counted.
    assert talk.seconds_to_wait(60.5) == 1


def test_buttons_given_out_are_known_and_the_oldest_forgotten() -> None:
    talk = Talk()
    talk.remember(None, answer("/a", "/b"))
    assert talk.gave_out("/a")
    assert not talk.gave_out("/restart")
    talk.remember(None, answer(*(f"/{i}" for i in range(200))))
    assert not talk.gave_out("/a")
    assert talk.gave_out("/199")


def test_a_line_sent_again_finds_its_answer() -> None:
    talk = Talk()
    given = answer("/a")
    talk.remember("line-0001", given)
    assert talk.answer_to("line-0001") is given
    assert talk.answer_to("line-0002") is None
    assert talk.answer_to(None) is None


async def test_the_longest_unused_talk_is_forgotten_unless_it_is_in_a_turn() -> None:
    talks = Talks(most=2)
    first, second = talks.of("first"), talks.of("second")
    await first.turn.acquire()
    talks.of("third")
    assert talks.of("first") is first
    talks.of("fourth")
    talks.of("fifth")
    assert talks.of("second") is not second
    first.turn.release()


def test_a_talk_that_is_over_is_forgotten() -> None:
    talks = Talks()
    talk = talks.of("a")
    talks.forget("a")
    talks.forget("never")
    assert talks.of("a") is not talk
