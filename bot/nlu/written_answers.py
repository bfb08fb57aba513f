"""Rasa component: finds answers that staff wrote, by the meaning of their example questions.

No training knows these answers, so that a new one is found by the next message. Whether a message
is meant for one of them or for a subject of ours is a matter of two distances: to the answer, and
to the training messages nearest by (`docs/decisions/015`).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.content import live
from bot.content.answer_index import AnswerIndex, Match
from bot.content.model import LIBRARY, Snapshot
from bot.content.subjects import FAQ
from bot.nlu import own_messages
from bot.nlu.encoder import sentence_encoder
from bot.nlu.entity import entity
from bot.nlu.own_messages import OwnVectors
from bot.nlu.sentence_embedding import message_meaning

CLINIC = "clinic"
"""Key of a message's metadata: whose visitor wrote it (`bot/engine/processor.py`)."""

Ranking = Sequence[dict[str, Any]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WrittenAnswers(GraphComponent):
    """Puts the intent `faq` first, with the answer's key as entity, where such an answer is nearer
    than what we trained for.

    Where it is likely but not likely enough, `faq` comes second in the ranking.
    """

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._own: OwnVectors | None = None
        self._made: tuple[Snapshot, AnswerIndex] | None = None
        self._making = threading.Lock()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`never`: intents that no answer takes a message from. The probability that an answer is
        meant is the logistic function of `nearness` * its nearness + `own` * that of our training
        messages + `bias`. It must be `least` (`least_if_sure` where the classifier's confidence is
        `sure` or more, or what `sure_of` has for its intent), or `least_second` to be named second.
        """
        return {
            "never": [],
            "nearness": 1.0,
            "own": -1.0,
            "bias": 0.0,
            "least": 0.5,
            "sure": 1.0,
            "sure_of": {},
            "least_if_sure": 1.0,
            "least_second": 0.5,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WrittenAnswers:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WrittenAnswers:
        """The component with the training messages' vectors."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._own = own_messages.load(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the training messages' vectors, to tell what is ours."""
        found = [(e.get(TEXT), message_meaning(e)) for e in training_data.intent_examples]
        texts, vectors = zip(*((text, vector) for text, vector in found if vector is not None))
        with self._storage.write_to(self._resource) as folder:
            own_messages.save(folder, texts, np.array(vectors))
            self._own = own_messages.load(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Change the intent, and its ranking, of messages that a written answer is nearer to."""
        index = self._index(live.current())
        for message in messages:
            ranking, vector = message.get(INTENT_RANKING_KEY), message_meaning(message)
            if not len(index) or not ranking or vector is None:
                continue
            if ranking[0]["name"] in self._config["never"]:
                continue
            clinic = (message.get(METADATA) or {}).get(CLINIC, LIBRARY)
            found = index.nearest(vector, {clinic, LIBRARY})
            if found:
                self._decide(message, ranking, found[0], self._probability(found[0], vector))
        return messages

    def _probability(self, match: Match, vector: np.ndarray) -> float:
        """How likely a message is meant for an answer."""
        weights = self._config
        own = self._own.nearness(vector) if self._own else 0.0
        score = weights["nearness"] * match.nearness + weights["own"] * own + weights["bias"]
        return 1 / (1 + math.exp(-score))

    def _decide(self, message: Message, ranking: Ranking, match: Match, probability: float) -> None:
        best = ranking[0]
        sure = best["confidence"] >= self._config["sure_of"].get(best["name"], self._config["sure"])
        first = probability >= self._config["least_if_sure" if sure else "least"]
        if not first and probability < self._config["least_second"]:
            return
        ranking = with_faq(ranking, probability, first=first)
        found = entity(FAQ, match.detail, 0, len(message.get(TEXT) or ""), by=self)
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        message.set(ENTITIES, [*message.get(ENTITIES, []), found], add_to_output=True)

    def _index(self, snapshot: Snapshot) -> AnswerIndex:
        """The snapshot's index; made here for content without one, as `rasa train` uses."""
        if snapshot.index is not None:
            return snapshot.index
        with self._making:
            if self._made is None or self._made[0] is not snapshot:
                before = self._made[1] if self._made else None
                encode = sentence_encoder().encode
                made = AnswerIndex.of(snapshot.answers.values(), encode, before)
                self._made = (snapshot, made)
            return self._made[1]


def with_faq(ranking: Ranking, probability: float, *, first: bool) -> list[dict[str, Any]]:
    """A ranking with `faq` first or second in it; the others share what is left."""
    others = [{**each, "confidence": each["confidence"] * (1 - probability)} for each in ranking]
    faq = {"name": FAQ, "confidence": probability}
    if first:
        return [faq, *others][: len(ranking)]
    best, *rest = ranking
    second = min(probability, best["confidence"])
    left = [{**each, "confidence": each["confidence"] * (1 - second)} for each in rest]
    return [best, {**faq, "confidence": second}, *left][: max(len(ranking), 2)]
