"""Rasa component: names the language of a message that is not English."""

from __future__ import annotations

from typing import Any

from lingua import Language, LanguageDetector, LanguageDetectorBuilder
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entity import entity

OTHER_LANGUAGE = "other_language"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageExtractor(GraphComponent):
    """Adds an entity `language` (ISO 639-1 code) where the intent is `other_language`.

    The classifier decides whether it is English: a detector alone takes short English messages for
    other languages. `lingua` in its small mode then tells which one (0.1 ms, 20 MB).
    """

    def __init__(self, languages: list[str]):
        known = {language.iso_code_639_1.name.lower(): language for language in Language.all()}
        self._languages = [known[code] for code in languages]
        self._detector: LanguageDetector | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"languages": ["es", "fr"]}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageExtractor:
        return cls(config["languages"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the language to the entities of messages in another language."""
        for message in messages:
            if (message.get(INTENT) or {}).get("name") != OTHER_LANGUAGE:
                continue
            text = message.get(TEXT)
            language = self._detect(text)
            if language is None:
                continue
            code = language.iso_code_639_1.name.lower()
            found = entity("language", code, 0, len(text), by=self)
            message.set(ENTITIES, [*message.get(ENTITIES, []), found], add_to_output=True)
        return messages

    def _detect(self, text: str) -> Language | None:
        if self._detector is None:
            builder = LanguageDetectorBuilder.from_languages(*self._languages)
            self._detector = builder.with_low_accuracy_mode().build()
        return self._detector.detect_language_of(text)
