"""Policy: after a question in between, the open question is asked again."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from cantodesk.dialogue.policy import DecidedPolicy
from cantodesk.dialogue.turns import turns_of


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class ReturnToForm(DecidedPolicy):
    """Goes back to the active form once a digression was answered.

    Without it each form would need a rule for each thing a customer may say in
    between. Designers write a digression once, as a plain rule.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": 15}

    def decide(self, tracker: DialogueStateTracker) -> tuple[str | None, list[Event]]:
        form = tracker.active_loop_name
        turns = turns_of(tracker.events)
        if form is None or not turns or not tracker.is_active_loop_rejected:
            return None, []
        answered = turns[-1].actions
        # The digression's answer has run and the form has not spoken since.
        if answered and answered[-1] != form and tracker.latest_action_name != ACTION_LISTEN_NAME:
            return form, []
        return None, []
