"""Rasa component: names the language of a message that is not English."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entity import entity
from bot.nlu.language_detector import LanguageDetector, in_foreign_script

OTHER_LANGUAGE = "other_language"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageExtractor(GraphComponent):
    """Adds an entity `language` (an ISO 639 code) where the intent is `other_language`.

    Whether it is English the classifier decides: a detector alone takes short English messages for
    other languages. It is overruled only by another script, and where it knows no better by a text
    that is surely not English.
    """

    def __init__(self, config: dict[str, Any]):
        self._detector = LanguageDetector(config["languages"], config["rare"])
        self._urgent = frozenset(config["urgent"])
        self._lost = frozenset(config["lost"])
        self._unsure = config["unsure"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`languages` are common among those who write to us, `rare` ones less so.

        `urgent` intents stand in whatever language. A message whose intent is one of `lost`, or
        whose confidence is below `unsure`, is not understood: the language may be why.
        """
        return {"languages": ["es", "fr"], "rare": [], "urgent": [], "lost": [], "unsure": 0.0}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageExtractor:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the language to the entities of messages in another language."""
        for message in messages:
            if self._is_overlooked(message):
                _overrule(message)
            if (message.get(INTENT) or {}).get("name") == OTHER_LANGUAGE:
                self._name_language(message)
        return messages

    def _name_language(self, message: Message) -> None:
        text = message.get(TEXT)
        if code := self._detector.language(text):
            found = entity("language", code, 0, len(text), by=self)
            message.set(ENTITIES, [*message.get(ENTITIES, []), found], add_to_output=True)

    def _is_overlooked(self, message: Message) -> bool:
        intent, text = message.get(INTENT) or {}, message.get(TEXT) or ""
        name = intent.get("name")
        if not name or name == OTHER_LANGUAGE or name in self._urgent:
            return False
        if in_foreign_script(text):
            return True
        is_lost = name in self._lost or intent["confidence"] < self._unsure
        return is_lost and self._detector.is_surely_foreign(text)


def _overrule(message: Message) -> None:
    """Put `other_language` first; nothing that was likely in English is left."""
    first = {"name": OTHER_LANGUAGE, "confidence": 1.0}
    before = message.get(INTENT_RANKING_KEY) or []
    others = [{**each, "confidence": 0.0} for each in before if each["name"] != OTHER_LANGUAGE]
    message.set(INTENT, first, add_to_output=True)
    message.set(INTENT_RANKING_KEY, [first, *others], add_to_output=True)
