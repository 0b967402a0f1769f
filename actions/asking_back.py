"""Asking which of two things is meant, or whether one is, where a line is not clear."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, EventType, SlotSet

from actions import wording
from actions.forms import FormValidation, is_request
from actions.turn import WAIT, CustomerTurn
from cantodesk.dialogue.clarification import CLARIFYING, SOMETHING_ELSE, candidates, payload
from cantodesk.dialogue.intent_titles import intent_titles


def worth_asking(turn: CustomerTurn) -> tuple[str, ...]:
    """The intents a question may name here; none where it is not the time for one."""
    found = candidates(turn.parse, intent_titles())
    form = turn.tracker.active_loop_name
    if form is None:
        return found
    # Inside a form only when the line asks for something else whichever is meant. On the last chance
    # a person comes, as after any line that a form cannot use.
    other = [i for i in found if is_request(i) and i not in served_by(turn, form)]
    return found if len(other) == 2 and not turn.slot("last_chance") else ()


def ask_back(turn: CustomerTurn, wanted: tuple[str, ...]) -> list[EventType]:
    """Ask; a form that is open waits for the answer and asks its own question afterwards."""
    titles, language = intent_titles(), turn.language
    sends = [payload(intent, turn.entities) for intent in wanted]
    names = [titles.of(intent, language) for intent in wanted]
    other = {"title": wording.phrase("something_else", language), "payload": SOMETHING_ELSE}
    if len(wanted) == 2:
        on_buttons = [titles.on_button(intent, language) for intent in wanted]
        offered = [{"title": t, "payload": p} for t, p in zip(on_buttons, sends, strict=True)]
        turn.say("utter_clarify", first=names[0], second=names[1], buttons=[*offered, other])
    else:
        yes = {"title": wording.phrase("yes_that", language), "payload": sends[0]}
        turn.say("utter_clarify_one", first=names[0], buttons=[yes, other])
    asked: EventType = SlotSet(CLARIFYING, list(wanted))
    form = turn.tracker.active_loop_name
    # The loop once more: Rasa would hold the form for rejected also when the next line is for it.
    return [asked] if form is None else [asked, ActiveLoop(form), WAIT]


def served_by(turn: CustomerTurn, form: str) -> frozenset[str]:
    """The requests an open form is there for: its own, and the one that began it."""
    own = [kind.own for kind in FormValidation.__subclasses__() if kind.form == form]
    return frozenset().union(*own, began_with(turn, form))


def began_with(turn: CustomerTurn, form: str) -> set[str]:
    """The intent of the line with which the form that is open began."""
    intent, began, open_form = "", set[str](), None
    for event in turn.tracker.events:
        if event.get("event") == "user":
            intent = str(((event.get("parse_data") or {}).get("intent") or {}).get("name") or "")
        elif event.get("event") == "active_loop":
            if event.get("name") == form != open_form:
                began = {intent}
            open_form = event.get("name")
    return began
