"""Policy: bring in a person, at any point, also inside forms."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import InvalidConfigException

from cantodesk.dialogue.policy import DecidedPolicy
from cantodesk.dialogue.turns import (
    HAND_OVER_ACTION,
    Turn,
    emotion_series,
    failed_turns,
    turns_of,
)
from cantodesk.understanding.emotion_series import in_a_row, rises_to, strength_of

HAND_OVER_REASON = "hand_over_reason"
# True while one more failed turn brings in a person.
LAST_CHANCE = "last_chance"


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class EscalationPolicy(DecidedPolicy):
    """Hands over on negative emotion, on failed turns in a row, or when asked to.

    ``negative_emotion``: the score, 0 to 1, from which one negative line is enough.
    ``upset_turns``, ``upset_score``: so many negative lines in a row, each from this score
    on, are enough too; 0 turns it off. ``rising_score``: so are two negative lines in a row
    of which the second is the stronger one and reaches this score.
    ``failed_turns``: how many turns in a row may fail. ``intents``: lines that ask for a person.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "priority": 20,
            "negative_emotion": 0.55,
            "upset_turns": 3,
            "upset_score": 0.4,
            "rising_score": 0.53,
            "failed_turns": 3,
            "intents": ["request_human"],
        }

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        merged = {**cls.get_default_config(), **config}
        for option in ("negative_emotion", "upset_score", "rising_score"):
            if not 0 < merged[option] <= 1:
                raise InvalidConfigException(
                    f"config.yml: EscalationPolicy needs a {option} above 0 and up to 1, "
                    f"not {merged[option]}."
                )
        if int(merged["upset_turns"]) < 0:
            raise InvalidConfigException(
                "config.yml: EscalationPolicy needs upset_turns of 0 (off) or more, "
                f"not {merged['upset_turns']}."
            )
        if int(merged["failed_turns"]) < 1:
            raise InvalidConfigException(
                f"config.yml: EscalationPolicy needs failed_turns of 1 or more, "
                f"not {merged['failed_turns']}."
            )

    def decide(self, tracker: DialogueStateTracker) -> tuple[str | None, list[Event]]:
        turns = turns_of(tracker.events)
        if not turns or turns[-1].handed_over:
            return None, []
        reason = self._reason(turns, in_form=tracker.active_loop is not None)
        if reason is not None:
            return HAND_OVER_ACTION, [SlotSet(HAND_OVER_REASON, reason)]
        # A form that fails on the last chance does not ask again: a person comes next.
        last = failed_turns(turns, latest_fails=True) >= self.config["failed_turns"]
        known = bool(tracker.get_slot(LAST_CHANCE))
        return None, [SlotSet(LAST_CHANCE, last)] if last != known else []

    def _reason(self, turns: list[Turn], in_form: bool) -> str | None:
        parse = turns[-1].parse
        intent = (parse.get("intent") or {}).get("name")
        if intent in self.config["intents"]:
            return "request_human"
        if self._upset(turns):
            return "negative_emotion"
        # Outside forms a line that was not understood has failed before anything is said;
        # inside one it may be the free text that was asked for, and the form decides.
        unclear = intent == DEFAULT_NLU_FALLBACK_INTENT_NAME and not in_form
        failed = failed_turns(turns, latest_fails=unclear and not turns[-1].asked_back)
        return "failed_turns" if failed >= self.config["failed_turns"] else None

    def _upset(self, turns: list[Turn]) -> bool:
        """One line of anger, impatience that does not end, or impatience that grows."""
        series = emotion_series(turns)
        enough = self.config["upset_turns"]
        return (
            strength_of(series[-1]) >= self.config["negative_emotion"]
            or 0 < enough <= in_a_row(series, self.config["upset_score"])
            or rises_to(series, self.config["rising_score"])
        )
