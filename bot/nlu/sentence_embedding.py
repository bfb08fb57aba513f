"""Rasa component: what the sentence model makes of a message, as a dense sentence feature.

It reads the corrected text where a component before it made one (`bot/nlu/spell_correction.py`).
"""

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

from bot.nlu.encoder import meaning_of, sentence_encoder
from bot.nlu.spell_correction import corrected


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEmbedding(DenseFeaturizer, GraphComponent):
    """Adds four layers' vectors (`SentenceEncoder.encode_layers`) as each message's feature.

    `layers_of` and `message_meaning` read them.
    """

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
            vectors = sentence_encoder().encode_layers(
                [corrected(m) for m in messages],
                lambda done, _: progress.update(task, completed=done),
            )
        for message, vector in zip(messages, vectors):
            self._add(message, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Embed new messages one by one, as visitors send them."""
        texts = [corrected(message) for message in messages]
        for message, vector in zip(messages, sentence_encoder().encode_layers(texts)):
            self._add(message, vector)
        return messages

    def _add(self, message: Message, vector: np.ndarray) -> None:
        message.add_features(
            Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, self._identifier)
        )


def layers_of(message: Message) -> np.ndarray | None:
    """What the component added: shape (4 * 384,), None where it has not seen the message."""
    _, sentence = message.get_dense_features(TEXT)
    return None if sentence is None else sentence.features.reshape(-1).astype(np.float32)


def message_meaning(message: Message) -> np.ndarray | None:
    """The sentence embedding of a message: shape (384,), of length one; None as `layers_of`."""
    layers = layers_of(message)
    return None if layers is None else meaning_of(layers)
