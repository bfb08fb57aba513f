"""Rasa component: the meaning of a message as a dense sentence feature."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rich.progress import Progress

from bot.nlu.encoder import sentence_encoder


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbedding(DenseFeaturizer, GraphComponent):
    """Adds a unit vector of 384 numbers (`bot/nlu/encoder.py`) as each message's feature."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEmbedding:
        return cls(execution_context.node_name, {**cls.get_default_config(), **config})

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing can be set, so nothing can be wrong."""

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Embed all examples, with a progress bar: this is most of the training time."""
        messages = [m for m in training_data.training_examples if m.get(TEXT)]
        with Progress(transient=True) as progress:
            task = progress.add_task("Reading the training messages", total=len(messages))
            vectors = sentence_encoder().encode(
                [m.get(TEXT) for m in messages],
                lambda done, _: progress.update(task, completed=done),
            )
        for message, vector in zip(messages, vectors):
            self._add(message, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Embed new messages one by one, as visitors send them."""
        texts = [message.get(TEXT) or "" for message in messages]
        for message, vector in zip(messages, sentence_encoder().encode(texts)):
            self._add(message, vector)
        return messages

    def _add(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(
            Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
        )
