"""Cases: whatever a colleague has to do becomes a ticket, after two questions at the most."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions import wording
from actions.forms import FormValidation, accepted
from actions.turn import CustomerTurn, ServiceUnavailable, SkillAction, last_action
from cantodesk.services.departments import topic_of
from cantodesk.services.numbers import hong_kong_phone, order_number

HERE = "here"
# The action whose reply ends in an offer.
OFFERING_ACTION = "action_show_order"
NO_ORDER = "none"

# Bounded, so that a long line of letters costs no more than it is long.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}",
    re.ASCII,
)
# An order number has eight digits too.
_EIGHT = re.compile(r"(?<!HK)(?<!\d)(?:\+?852[\s-]?)?[2-9]\d{3}[\s-]?\d{4}(?!\d)", re.IGNORECASE)
_REPLY_HERE = re.compile(r"呢度|呢到|這裡|这里|這裏|here|chat|唔使|不用|no need", re.IGNORECASE)
_NONE = re.compile(
    # Whole words: November and not yet are no "no".
    r"^\W*(冇|無|没有|沒有|唔知|唔記得|唔見咗|不知道|不记得|(i )?(none|no|n/?a|don'?t (know|have)|forgot)(?![a-z]))",
    re.IGNORECASE,
)
# Long enough to be the story itself, so that it need not be asked for again.
_STORY_HAN, _STORY_WORDS = 16, 10


class ValidateCaseForm(FormValidation):
    form = "case_form"
    slots = ("order_id", "case_details", "case_contact")
    free_text = frozenset({"case_details", "case_contact"})

    async def wanted(self, turn: CustomerTurn) -> list[str]:
        needs_order = topic_of(turn.slot("case_topic") or "").needs_order
        return list(self.slots if needs_order else self.slots[1:])

    async def check(self, turn: CustomerTurn, slot: str, value: Any) -> dict[str, Any]:
        text = str(value).strip()
        if slot == "order_id":
            number = order_number(text) or (NO_ORDER if _NONE.match(text) else None)
            if number is None:
                turn.say("utter_order_id_refused")
            return accepted(slot, number)
        if slot == "case_contact":
            contact = contact_in(text)
            if contact is None:
                turn.say("utter_case_contact_refused")
            return accepted(slot, contact)
        told = text if len(text) >= 4 else None
        if told is None:
            turn.say("utter_case_details_refused")
        return accepted(slot, told) | contact_told(turn)


class ActionBeginCase(SkillAction):
    """Remembers what the case is about; what knowledge already says is said first."""

    action = "action_begin_case"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        # Said again while the case is being opened: this is what happened, however short.
        again = turn.tracker.active_loop_name == "case_form" and turn.intent == turn.slot(
            "case_topic"
        )
        before = turn.slot("case_details") if again else None
        told = turn.text if again or is_story(turn.text) else None
        events = [
            SlotSet("case_topic", turn.intent),
            SlotSet("case_details", f"{before}\n{told}" if before else told),
            SlotSet("case_contact", contact_told(turn).get("case_contact")),
        ]
        answer = await turn.ask(
            turn.services.shop.knowledge.answer,
            turn.text,
            turn.intent,
            turn.language,
            anywhere=False,
        )
        if answer.text:
            turn.say_text(answer.text)
        return events


class ActionAcceptOffer(SkillAction):
    """A plain yes: takes up what the reply just before it offered, if it offered something."""

    action = "action_accept_offer"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        offered = turn.slot("offered")
        if not offered or last_action(turn) != OFFERING_ACTION:
            turn.say("utter_affirm")
            return []
        return [
            SlotSet("offered", None),
            SlotSet("case_topic", offered),
            SlotSet("case_details", None),
            SlotSet("case_contact", None),
            FollowupAction("case_form"),
        ]


class ActionAskCaseDetails(SkillAction):
    """Asks what happened, in words that fit the topic where the domain has some."""

    action = "action_ask_case_details"

    OWN_WORDS = frozenset(
        [
            "complain",
            "report_repair",
            "report_wrong_or_damaged_item",
            "search_listing",
            "book_viewing",
            "book_facility",
            "request_personal_data",
        ]
    )

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        topic = turn.slot("case_topic")
        suffix = f"_{topic}" if topic in self.OWN_WORDS else ""
        turn.say(f"utter_ask_case_details{suffix}")
        return []


class ActionOpenCase(SkillAction):
    action = "action_open_case"

    async def act(self, turn: CustomerTurn) -> list[EventType]:
        topic = turn.slot("case_topic") or "complain"
        order_id = turn.slot("order_id")
        ticket = await open_ticket(
            turn,
            topic,
            {"told": turn.slot("case_details")},
            order_id=None if order_id == NO_ORDER else order_id,
            contact=turn.slot("case_contact"),
        )
        turn.say("utter_case_opened", **ticket)
        forgotten = ["case_topic", "case_details", "case_contact"]
        if order_id == NO_ORDER:
            forgotten.append("order_id")
        return [SlotSet(name, None) for name in forgotten]


async def open_ticket(
    turn: CustomerTurn,
    topic: str,
    details: dict[str, Any],
    *,
    order_id: str | None = None,
    contact: str | None = None,
) -> dict[str, str]:
    """Open a ticket; the reply's variables ``ticket`` and ``due``.

    Run again for the same line it gives the same ticket.

    Raises:
        ServiceUnavailable: it could not be written.
    """
    row = topic_of(topic)
    answer = await turn.ask(
        turn.services.shop.tickets.open,
        row.intent,
        row.department,
        turn.ref,
        details=details,
        contact=None if contact in (None, HERE) else contact,
        order_id=order_id,
        language=turn.language,
        priority=row.priority,
        idempotency_key=f"{topic}:{turn.said_at}",
    )
    if answer.number is None or answer.due_at is None:
        raise ServiceUnavailable
    return {"ticket": answer.number, "due": wording.moment(answer.due_at, turn.language)}


def is_story(text: str) -> bool:
    """Whether a line says enough to act on: some 16 Chinese characters or 10 words."""
    han = len(re.findall("[\u3400-\u9fff]", text))
    return han >= _STORY_HAN or (han == 0 and len(text.split()) >= _STORY_WORDS)


def contact_told(turn: CustomerTurn) -> dict[str, str]:
    """A telephone or an e-mail address that stands in the story: it is not asked for again."""
    contacts = [contact_in(turn.entity(kind) or "") for kind in ("email", "phone")]
    return next(({"case_contact": contact} for contact in contacts if contact), {})


def contact_in(text: str) -> str | None:
    """A telephone number, an e-mail address, or HERE; None for neither."""
    email = _EMAIL.search(text)
    if email:
        return email.group().lower()
    phone = _EIGHT.search(text)
    if phone:
        return hong_kong_phone(phone.group())
    return HERE if _REPLY_HERE.search(text) else None
