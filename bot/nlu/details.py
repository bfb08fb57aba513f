"""Rasa component: puts the details that a message names into its entities."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.content import live
from bot.content.subjects import ENTITY_OF
from bot.content.wordings import Wording, wordings
from bot.nlu.encoder import sentence_encoder
from bot.nlu.entity import EXCLUDED, entity
from bot.nlu.exclusion import Cues
from bot.nlu.matcher import DetailMatcher, Mention
from bot.nlu.nearest import NearestDetail
from bot.nlu.right_words import words_spelt_right
from bot.nlu.sentence_embedding import message_meaning

VECTORS_FILE = "wordings.npz"
SYMPTOM, SIGN = ENTITY_OF["symptom_check"], ENTITY_OF["emergency"]
"""An emergency sign is never taken for the listed symptom that is nearest to it in meaning."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class DetailExtractor(GraphComponent):
    """Finds causes, symptoms, treatments and emergency signs: by the store's words, else by
    meaning.

    The words are read from the snapshot in force, so that an also-called word that staff add is
    understood at once, without training. By meaning only the kind of detail that the intent asks
    for is looked for.

    What a component before it has named already, the kind of an emergency, is left as it is.

    An entity's value is the detail, or `not_listed` for a thing that has a name but no answer of
    its own; its role is `excluded` where the visitor asks for something else than that.
    """

    def __init__(self, least: dict[str, float], cues: Cues) -> None:
        encoder = sentence_encoder()
        self._cues = cues
        self._least = least
        self._known_words = words_spelt_right()
        self._nearest = NearestDetail(encoder, least)
        self._current: _Built | None = None
        self._kept: tuple[ModelStorage, Resource] | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`least_cosine`: for each kind of detail, how near in meaning a wording must be;
        `exclusion`: the words by which something is excluded (`bot/nlu/exclusion.py`).
        """
        return {"least_cosine": {}, "exclusion": {}}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DetailExtractor:
        extractor = cls(config["least_cosine"], config["exclusion"])
        extractor._kept = (model_storage, resource)
        return extractor

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DetailExtractor:
        """The extractor with the vectors that training kept."""
        extractor = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            extractor._nearest.load(folder / VECTORS_FILE)
        return extractor

    def train(self, training_data: TrainingData) -> Resource:
        """Embed the wordings of the content in force once, so that a start need not (four
        seconds), and learn what questions about each kind of detail have in common.

        Wordings that come later are embedded when they come.
        """
        assert self._kept is not None, "Rasa makes components with `create`"
        storage, resource = self._kept
        for intent, kind in ENTITY_OF.items():
            asked = [m for m in training_data.intent_examples if m.get(INTENT) == intent]
            if asked and kind in self._least:
                self._nearest.learn_questions(kind, np.array([message_meaning(m) for m in asked]))
        self._nearest.learn(live.current())
        with storage.write_to(resource) as folder:
            self._nearest.save(folder / VECTORS_FILE)
        return resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the details found to each message's entities."""
        matcher = self._matcher()
        for message in messages:
            known = {each["entity"] for each in message.get(ENTITIES, [])}
            found = [m for m in matcher.find(message.get(TEXT) or "") if m.entity not in known]
            asked = ENTITY_OF.get((message.get(INTENT) or {}).get("name") or "")
            kinds = known.union(mention.entity for mention in found)
            if asked and asked not in kinds and not (asked == SYMPTOM and SIGN in kinds):
                found += self._by_meaning(message, asked)
            entities = [*message.get(ENTITIES, []), *map(self._entity, found)]
            message.set(ENTITIES, entities, add_to_output=True)
        return messages

    def _entity(self, found: Mention) -> dict[str, Any]:
        role = EXCLUDED if found.excluded else None
        return entity(found.entity, found.detail, found.start, found.end, by=self, role=role)

    def _by_meaning(self, message: Message, entity: str) -> tuple[Mention, ...]:
        meaning = message_meaning(message)
        detail = None if meaning is None else self._nearest.find(entity, meaning)
        return (Mention(entity, detail, 0, len(message.get(TEXT))),) if detail else ()

    def _matcher(self) -> DetailMatcher:
        """The matcher for the content in force; built anew when its names changed."""
        snapshot = live.current()
        if self._current is None or self._current.version != snapshot.version:
            names = frozenset(wordings(snapshot))
            if self._current is None or self._current.names != names:  # building takes 0.7 s
                self._nearest.learn(snapshot)
                matcher = DetailMatcher(snapshot, self._known_words, self._cues)
            else:
                matcher = self._current.matcher
            self._current = _Built(snapshot.version, names, matcher)
        return self._current.matcher


class _Built(NamedTuple):
    """A matcher, the names that it knows, and the content's version that it was last right for."""

    version: int
    names: frozenset[Wording]
    matcher: DetailMatcher
