"""Rasa component: puts the details that a message names into its entities."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.content import live
from bot.content.subjects import ENTITY_OF
from bot.nlu.encoder import sentence_encoder
from bot.nlu.matcher import DetailMatcher, Mention
from bot.nlu.nearest import NearestDetail


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DetailExtractor(GraphComponent):
    """Finds causes, symptoms, treatments and emergency signs: by the store's words, else by
    meaning.

    The words are read from the snapshot in force, so that an also-called word that staff add is
    understood at once, without training. By meaning only the kind of detail that the intent asks
    for is looked for.
    """

    def __init__(self, least: dict[str, float]) -> None:
        encoder = sentence_encoder()
        self._known_words = encoder.known_words
        self._nearest = NearestDetail(encoder, least)
        self._current: tuple[int, DetailMatcher] | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`least_cosine`: for each kind of detail, how near in meaning a wording must be."""
        return {"least_cosine": {}}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DetailExtractor:
        return cls(config["least_cosine"])

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the details found to each message's entities."""
        matcher = self._matcher()
        for message in messages:
            found = matcher.find(message.get(TEXT) or "")
            asked = ENTITY_OF.get((message.get(INTENT) or {}).get("name") or "")
            if asked and asked not in {mention.entity for mention in found}:
                found = (*found, *self._by_meaning(message, asked))
            entities = [_entity(mention) for mention in found]
            message.set(ENTITIES, [*message.get(ENTITIES, []), *entities], add_to_output=True)
        return messages

    def _by_meaning(self, message: Message, entity: str) -> tuple[Mention, ...]:
        _, sentence = message.get_dense_features(TEXT)
        detail = self._nearest.find(entity, sentence.features.reshape(-1)) if sentence else None
        return (Mention(entity, detail, 0, len(message.get(TEXT))),) if detail else ()

    def _matcher(self) -> DetailMatcher:
        """The matcher for the content in force; built anew when that changed."""
        snapshot = live.current()
        if self._current is None or self._current[0] != snapshot.version:
            self._nearest.learn(snapshot)
            self._current = (snapshot.version, DetailMatcher(snapshot, self._known_words))
        return self._current[1]


def _entity(mention: Mention) -> dict[str, Any]:
    """A mention in the form of Rasa's entities."""
    return {
        "entity": mention.entity,
        "value": mention.detail,
        "start": mention.start,
        "end": mention.end,
        "extractor": DetailExtractor.__name__,
    }
