"""Policy: after a question in between, the open question is asked again."""

from __future__ import annotations

import json
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from cantodesk.dialogue.policy import DecidedPolicy
from cantodesk.dialogue.turns import Turn, turns_of

# An intent and the actions run for it so far.
Step = tuple[str, ...]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class ReturnToForm(DecidedPolicy):
    """Goes back to the active form once a digression was answered.

    Without it each form would need a rule for each thing a customer may say in
    between. Designers write a digression once, as a plain rule; from the rules this
    policy learns which answers are of several steps, and waits for the last one.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        unfinished: frozenset[Step] = frozenset(),
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context)
        self._unfinished = unfinished

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"priority": 15}

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ReturnToForm:
        with model_storage.read_from(resource) as folder:
            steps = json.loads((folder / "unfinished.json").read_text(encoding="utf-8"))
        unfinished = frozenset(tuple(step) for step in steps)
        return cls(config, model_storage, resource, execution_context, unfinished)

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        self._unfinished = frozenset(
            step
            for tracker in training_trackers
            for turn in turns_of(tracker.events)
            for step in prefixes(turn)
        )
        with self._model_storage.write_to(self._resource) as folder:
            steps = json.dumps(sorted(self._unfinished), ensure_ascii=False)
            (folder / "unfinished.json").write_text(steps, encoding="utf-8")
        return self._resource

    def decide(self, tracker: DialogueStateTracker) -> tuple[str | None, list[Event]]:
        form = tracker.active_loop_name
        turns = turns_of(tracker.events)
        if form is None or not turns or not tracker.is_active_loop_rejected:
            return None, []
        done = turns[-1].actions
        # The digression's answer has run and the form has not spoken since.
        answered = done and done[-1] != form and tracker.latest_action_name != ACTION_LISTEN_NAME
        if answered and step_of(turns[-1], len(done)) not in self._unfinished:
            return form, []
        return None, []


def prefixes(turn: Turn) -> list[Step]:
    """The steps of a turn behind which another action follows."""
    return [step_of(turn, count) for count in range(1, len(turn.actions))]


def step_of(turn: Turn, count: int) -> Step:
    """A turn's intent and its first ``count`` actions."""
    intent = (turn.line.intent or {}).get("name") if turn.line else None
    return (str(intent), *turn.actions[:count])
