"""Replies: the domain's texts, with the shop's own figures, always in some language."""

from __future__ import annotations

import re
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from cantodesk.dialogue.language_choice import LANGUAGE
from cantodesk.services.business import business_from
from cantodesk.settings import DEFAULT_LANGUAGE, LANGUAGES, get_settings


class Replies(TemplatedNaturalLanguageGenerator):
    """Rasa's generator, given the business file's variables in the language of the talk.

    Rasa drops a reply that has no variation for the conversation's language;
    here the default language stands in, for silence is worse.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)
        self._business = business_from(get_settings().business_file)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        slots = tracker.current_slot_values()
        # An action that changes the language speaks before its events are applied, and says so.
        language = kwargs.pop(LANGUAGE, None) or slots.get(LANGUAGE)
        language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        figures = {name: value.text(language) for name, value in self._business.variables.items()}
        given = {**figures, **kwargs}
        for spoken in dict.fromkeys((language, DEFAULT_LANGUAGE)):
            filled = {**slots, LANGUAGE: spoken}
            reply = self.generate_from_slots(utter_action, filled, output_channel, **given)
            if reply is not None:
                return dict(reply)
        return None

    def _fill_response(
        self,
        response: dict[str, Any],
        filled_slots: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        values = {**(filled_slots or {}), **kwargs}
        shown = {k: v for k, v in response.items() if k in _SHOWN}
        return {**response, **filled(shown, values)}


_SHOWN = ("text", "image", "custom", "buttons", "attachment", "quick_replies")
_VARIABLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def filled(part: Any, values: dict[str, Any]) -> Any:
    """A reply with its ``{variables}`` replaced, once and literally.

    Not Rasa's interpolator, which takes `0[` inside a value for a broken format and
    then shows the customer the raw template. An unknown name stays as it is.
    """
    if isinstance(part, str):
        return _VARIABLE.sub(lambda found: str(values.get(found[1], found[0])), part)
    if isinstance(part, dict):
        return {key: filled(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [filled(value, values) for value in part]
    return part
