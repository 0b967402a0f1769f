"""One turn as an action sees it: what the customer said, what is known, and how to answer."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from cantodesk.assembly import Services, get_services
from cantodesk.dialogue.clarification import Answer, answer_in, meant_line
from cantodesk.settings import DEFAULT_LANGUAGE, LANGUAGES, get_settings

logger = logging.getLogger(__name__)
T = TypeVar("T")

LEAVE_FORM: tuple[EventType, ...] = (ActiveLoop(None), SlotSet("requested_slot", None))
# Rasa would go on predicting after a failure and say the apology again for each action.
WAIT: EventType = FollowupAction("action_listen")


class ServiceUnavailable(Exception):
    """A service said UNAVAILABLE: the turn ends with an apology and a ticket."""


def failed(reason: str) -> EventType:
    """Marks this turn as no help to the customer; three in a row bring in a person."""
    return SlotSet("turn_failed", reason)


class CustomerTurn:
    """What an action works with."""

    def __init__(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, services: Services
    ) -> None:
        self._dispatcher = dispatcher
        self.tracker = tracker
        self.services = services

    @property
    def language(self) -> str:
        """yue, en or zh."""
        language = self.tracker.get_slot("language")
        return language if language in LANGUAGES else DEFAULT_LANGUAGE

    @property
    def parse(self) -> dict[str, Any]:
        """What understanding made of the line."""
        return dict(self.tracker.latest_message or {})

    @property
    def text(self) -> str:
        """The customer's line; where it only says what was meant by the line before, that one."""
        return meant_line(self.parse) or str(self.parse.get("text") or "")

    @property
    def chosen(self) -> bool:
        """Whether the line says which of what was offered is meant."""
        return answer_in(self.parse) is Answer.CHOSEN

    @property
    def declined(self) -> bool:
        """Whether the line says that none of what was offered is meant."""
        return answer_in(self.parse) is Answer.DECLINED

    @property
    def entities(self) -> list[dict[str, Any]]:
        """What was found in the line."""
        return list(self.parse.get("entities") or [])

    @property
    def intent(self) -> str:
        """The recognised intent of the line, or an empty string."""
        return str(((self.tracker.latest_message or {}).get("intent") or {}).get("name") or "")

    def entity(self, kind: str) -> str | None:
        """The value of the line's first entity of a kind."""
        values = [str(e.get("value")) for e in self.entities if e.get("entity") == kind]
        return values[0] if values else None

    @property
    def confidence(self) -> float:
        """How sure understanding is of the intent, 0 to 1."""
        intent = (self.tracker.latest_message or {}).get("intent") or {}
        return float(intent.get("confidence") or 0.0)

    @property
    def ref(self) -> str:
        """The customer's keyed reference, under which everything of theirs is sealed."""
        return self.services.vault.customer_ref(self.tracker.sender_id)

    @property
    def actions(self) -> list[str]:
        """Names of the actions run since the customer's latest line, the oldest first."""
        names: list[str] = []
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                break
            if event.get("event") == "action":
                names.insert(0, str(event.get("name")))
        return names

    @property
    def said_at(self) -> str:
        """A mark of the customer's latest line: the same when an action is run again for it."""
        lines = [e for e in self.tracker.events if e.get("event") == "user"]
        return str(lines[-1].get("timestamp")) if lines else "0"

    def slot(self, name: str) -> Any:
        """A slot's value."""
        return self.tracker.get_slot(name)

    def say(self, response: str, **variables: Any) -> None:
        """Send a reply of the domain, in the language of the conversation."""
        self._dispatcher.utter_message(response=response, **variables)

    def say_text(self, text: str, buttons: list[dict[str, str]] | None = None) -> None:
        """Send words that are data, such as a knowledge answer."""
        self._dispatcher.utter_message(text=text, buttons=buttons or [])

    async def ask(self, service: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        """Call a service off the event loop.

        Raises:
            ServiceUnavailable: it answered UNAVAILABLE.
        """
        answer = await asyncio.to_thread(service, *args, **kwargs)
        if getattr(answer, "status", None) == "unavailable":
            raise ServiceUnavailable
        return answer

    async def apologise(self, action: str) -> list[EventType]:
        """Say sorry in the customer's language, with a ticket if one can be written."""
        number = await asyncio.to_thread(
            self.services.people.report_failure,
            self.tracker.sender_id,
            self.tracker.current_state(),
            action,
        )
        if number is None:
            self.say("utter_unavailable")
        else:
            self.say("utter_unavailable_ticket", ticket=number)
        return [*LEAVE_FORM, failed("failure of ours"), WAIT]


class SkillAction(Action, ABC):
    """An action that always answers: what fails inside ends in an apology, not in silence."""

    action: ClassVar[str]

    def name(self) -> str:
        return self.action

    @abstractmethod
    async def act(self, turn: CustomerTurn) -> list[EventType]:
        """Do it, answer the customer, and return the events for the tracker."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        return await guarded(self.name(), self.act, dispatcher, tracker)


async def guarded(
    action: str,
    act: Callable[[CustomerTurn], Any],
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
) -> list[EventType]:
    """Run ``act`` within the time an action has; on any failure apologise instead."""
    turn = CustomerTurn(dispatcher, tracker, get_services())
    try:
        # A second less than the assistant waits, so that the apology still arrives.
        async with asyncio.timeout(max(get_settings().action_timeout - 1, 0.5)):
            events: list[EventType] = await act(turn)
            return events
    except ServiceUnavailable:
        logger.error("%s: a service is unavailable", action)
    except Exception as error:
        # The class only: messages of exceptions may quote what the customer wrote.
        logger.error("%s failed: %s", action, type(error).__name__)
    dispatcher.messages.clear()
    return await turn.apologise(action)


def last_action(turn: CustomerTurn) -> str | None:
    """The last action before the customer's line, listening aside."""
    last = turn.tracker.get_last_event_for("action", exclude=["action_listen"])
    return last.get("name") if last else None
