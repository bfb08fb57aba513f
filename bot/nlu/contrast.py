"""Rasa component for training: teaches that the name of the illness decides.

"What causes FBSS" and "what causes gout" differ in one word, and a classifier that saw only the
first answers the second with it. So short questions about our condition are also learnt with
another illness in its place, as out of scope. The names are lookup tables in `data/nlu/lookup/`.
"""

from __future__ import annotations

import itertools
import re
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

OUT_OF_SCOPE = "out_of_scope"
CONTRAST = "contrast"
"""Marks a training message that was made from another one."""

SWAPS = {"own_condition": "other_condition", "own_operation": "other_operation"}
"""Lookup tables of our names, and those of the names that take their place."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class OtherConditions(GraphComponent):
    """Adds the contrasting examples to the training data. Does nothing to visitors' messages."""

    def __init__(self, subjects: Sequence[str], most_words: int):
        self._subjects = frozenset(subjects)
        self._most_words = most_words

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`subjects` to contrast; `most_words` of an example: longer ones tell of more than
        illness.
        """
        return {"subjects": [], "most_words": 14}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OtherConditions:
        return cls(config["subjects"], config["most_words"])

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The training data with contrasting examples; the same data gives the same examples."""
        tables: dict[str, list[str]] = {}
        for table in training_data.lookup_tables:  # one name may have several files
            tables.setdefault(table["name"], []).extend(table["elements"])
        tables = {name: _mixed(elements) for name, elements in tables.items()}
        texts = [
            example.get("text")
            for example in training_data.intent_examples
            if example.get("intent") in self._subjects
        ]
        added = contrasts([t for t in texts if len(t.split()) <= self._most_words], tables)
        messages = [Message.build(text, OUT_OF_SCOPE) for text in added]
        for message in messages:
            message.set(CONTRAST, True)
        return training_data.merge(TrainingData(messages))

    def process(self, messages: list[Message]) -> list[Message]:
        return messages


def contrasts(texts: Sequence[str], tables: dict[str, list[str]]) -> Iterator[str]:
    """The texts that name us, with another name in ours' place; names are taken in turn."""
    swaps = [
        (_any_of(tables[own]), itertools.cycle(tables[other]))
        for own, other in SWAPS.items()
        if tables.get(own) and tables.get(other)
    ]
    ours = [pattern for pattern, _ in swaps]
    for text in texts:
        for pattern, names in swaps:
            if pattern.search(text):
                other = pattern.sub(next(names), text)
                if not any(own.search(other) for own in ours):
                    yield other
                break


def _mixed(names: Sequence[str]) -> list[str]:
    """The names in an order that has nothing to do with their kind, and is always the same."""
    return sorted(names, key=lambda name: zlib.crc32(name.encode()))


def _any_of(names: Sequence[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
