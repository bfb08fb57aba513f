"""Rasa component: puts the details that a message names into its entities."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.content import live
from bot.nlu.encoder import sentence_encoder
from bot.nlu.matcher import DetailMatcher


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DetailExtractor(GraphComponent):
    """Finds causes, symptoms, treatments and emergency signs by the words of the content store.

    The words are read from the snapshot in force, so that an also-called word that staff add is
    understood at once, without training.
    """

    def __init__(self) -> None:
        self._matcher: DetailMatcher | None = None
        self._version: int | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DetailExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the mentions found to each message's entities."""
        matcher = self._current()
        for message in messages:
            found = [
                {
                    "entity": mention.entity,
                    "value": mention.detail,
                    "start": mention.start,
                    "end": mention.end,
                    "extractor": type(self).__name__,
                }
                for mention in matcher.find(message.get(TEXT) or "")
            ]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages

    def _current(self) -> DetailMatcher:
        snapshot = live.current()
        if self._matcher is None or snapshot.version != self._version:
            self._matcher = DetailMatcher(snapshot, sentence_encoder().known_words)
            self._version = snapshot.version
        return self._matcher
