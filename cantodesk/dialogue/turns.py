"""Reading a conversation turn by turn. A turn is a customer's line and all that followed it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered

from cantodesk.dialogue.clarification import CLARIFYING, answers
from cantodesk.understanding import emotion_series as emotions

# Set by actions and validations whenever a turn did not help; the value says why.
TURN_FAILED = "turn_failed"
HAND_OVER_ACTION = "action_hand_over"


@dataclass
class Turn:
    """One turn: the customer's line (None before the first) and the events behind it."""

    line: UserUttered | None
    events: list[Event] = field(default_factory=list)

    @property
    def failed(self) -> bool:
        """Whether something in this turn marked it as no help."""
        return any(isinstance(e, SlotSet) and e.key == TURN_FAILED and e.value for e in self.events)

    @property
    def asked_back(self) -> bool:
        """Whether this turn ended in a question of ours what the line means."""
        return any(isinstance(e, SlotSet) and e.key == CLARIFYING and e.value for e in self.events)

    @property
    def handed_over(self) -> bool:
        """Whether a person was called in this turn."""
        return HAND_OVER_ACTION in self.actions

    @property
    def actions(self) -> list[str]:
        """Names of the actions run in this turn, without the listening at its end."""
        return [
            e.action_name
            for e in self.events
            if isinstance(e, ActionExecuted) and e.action_name not in (None, ACTION_LISTEN_NAME)
        ]

    @property
    def parse(self) -> dict[str, Any]:
        """What understanding made of the line."""
        return dict(self.line.parse_data or {}) if self.line else {}


def turns_of(events: Iterable[Event]) -> list[Turn]:
    """The turns of the latest session, oldest first."""
    turns = [Turn(None)]
    for event in events:
        if isinstance(event, SessionStarted):
            turns = [Turn(None)]
        elif isinstance(event, UserUttered):
            turns.append(Turn(event))
        else:
            turns[-1].events.append(event)
    return [turn for turn in turns if turn.line is not None]


def failed_turns(turns: list[Turn], *, latest_fails: bool = False) -> int:
    """How many turns in a row, up to the latest, did not help. A hand-over starts afresh.

    A question back is no failure while it may be answered, nor once it was; one that was
    not answered is, if no help followed. ``latest_fails`` counts the latest turn in any case.
    """
    count = 0
    after: Turn | None = None
    for turn in reversed(turns):
        if turn.handed_over:
            break
        if turn.failed or (latest_fails and after is None):
            count += 1
        elif not turn.asked_back:
            break
        elif after is not None and not answers(after.parse):
            count += 1
        after = turn
    return count


def emotion_series(turns: list[Turn]) -> list[emotions.Emotion | None]:
    """The customer's mood turn by turn, oldest first. A hand-over starts afresh."""
    begun = max((i + 1 for i, turn in enumerate(turns[:-1]) if turn.handed_over), default=0)
    return emotions.emotion_series(turn.parse for turn in turns[begun:])
