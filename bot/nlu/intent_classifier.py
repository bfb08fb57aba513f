"""Rasa component: the intent of a message, from its embedding and its spelling."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.contrast import CONTRAST
from bot.nlu.intent_model import IntentModel, balanced
from bot.nlu.sentence_embedding import layers_of
from bot.nlu.spell_correction import corrected

MODEL_FILE = "intents.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(RasaIntentClassifier, GraphComponent):
    """Sets `intent` and `intent_ranking`.

    Training is deterministic: no random numbers are drawn.
    """

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model: IntentModel | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Inverse strengths of both models' regularisation, the share of meaning in their mean, and
        the power that makes the mean's confidence agree with how often it is right.

        All intents count the same but those in `wide`, which count that many times as much.
        """
        return {
            "spelling_c": 10.0,
            "meaning_c": 20.0,
            "meaning_share": 0.5,
            "sharpness": 1.0,
            "wide": {},
        }

    @property
    def _intents(self) -> list[str]:
        return self._model.intents if self._model else []

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """The trained classifier. Raises Rasa's `ValueError` where the model archive has none."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            classifier._model = IntentModel.load(folder / MODEL_FILE)
        return classifier

    def train(self, training_data: TrainingData) -> Resource:
        """Fit both classifiers on all examples that have an intent, and keep them."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        intents = [example.get(INTENT) for example in examples]
        self._model = IntentModel.fit(
            [corrected(example) for example in examples],
            _layers(examples),
            intents,
            importance=balanced(
                intents,
                [not example.get(CONTRAST) for example in examples],
                self._config["wide"],
            ),
            spelling_c=self._config["spelling_c"],
            meaning_c=self._config["meaning_c"],
            weight=self._config["meaning_share"],
            sharpness=self._config["sharpness"],
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the next best ones, with probabilities, on each message."""
        if self._model is None or not messages:
            return messages
        texts = [corrected(message) for message in messages]
        rows = self._model.predict(texts, _layers(messages))
        for message, row in zip(messages, rows):
            ranking = self._ranking(row)
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages

    def _ranking(self, row: np.ndarray) -> list[dict[str, Any]]:
        """All intents, the likeliest first."""
        best = np.argsort(-row, kind="stable")
        return [{"name": self._intents[i], "confidence": float(row[i])} for i in best]


def _layers(messages: list[Message]) -> np.ndarray:
    """Shape (messages, features): what `SentenceEmbedding` added."""
    return np.array([layers_of(message) for message in messages], dtype=np.float32)
