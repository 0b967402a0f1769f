"""Graph components outside Rasa's graph: made, trained, kept and loaded by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


class Workbench:
    """One model folder and what is trained into it."""

    def __init__(self, folder: Path) -> None:
        self._storage = LocalModelStorage(folder)

    def make(self, component: type, **config: Any) -> Any:
        """A component as at the start of a training."""
        return self._call(component.create, component, config)

    def load(self, component: type, **config: Any) -> Any:
        """A component as in a running assistant: from the model alone."""
        return self._call(component.load, component, config)

    def _call(self, build: Any, component: type, config: dict[str, Any]) -> Any:
        merged = {**component.get_default_config(), **config}
        name = component.__name__
        context = ExecutionContext(GraphSchema({}), node_name=name)
        return build(merged, self._storage, Resource(name), context)


def said(text: str, intent: str | None = None) -> Message:
    """A customer's line, or a training example with its intent."""
    return Message({TEXT: text, **({INTENT: intent} if intent else {})})


def lesson(*examples: tuple[str, str]) -> TrainingData:
    """Training data of (line, intent) pairs."""
    return TrainingData([said(line, intent) for line, intent in examples])
