"""Rasa component: finds words that point at something said before ("the second one")."""

from __future__ import annotations

from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from bot.nlu.entity import entity

NONE = "none"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ReferenceExtractor(GraphComponent):
    """Adds an entity `reference`: a place in a list ("1", "2", ...), "last" or "other".

    Its words are set in `config.yml`; those of the value `none` look like references and are not
    ("other than that").
    """

    def __init__(self, words: dict[str, list[str]]):
        self._nlp = spacy.blank("en")
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        for value, wordings in words.items():
            self._matcher.add(value, [self._nlp(wording) for wording in wordings])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"words": {}}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ReferenceExtractor:
        return cls(config["words"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the references found to each message's entities."""
        for message in messages:
            doc = self._nlp(message.get(TEXT) or "")
            found = [
                entity("reference", span.label_, span.start_char, span.end_char, by=self)
                for span in filter_spans(self._matcher(doc, as_spans=True))
                if span.label_ != NONE
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages
