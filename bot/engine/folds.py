"""Learns the intents from a part of the training data, with the pipeline's own components.

For cross-validation: whatever `careline train` does to learn an intent is done here too, in the
same order and with the settings of `config.yml`, but the sentence model reads each text only once,
which is most of the work.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import class_from_module_path
from rasa.shared.utils.io import read_yaml_file

from bot import paths
from bot.evaluation.cross_validation import Example, Guess, Reader
from bot.nlu.scope import OtherConditionNamed
from bot.nlu.sentence_embedding import SentenceEmbedding
from bot.nlu.spell_correction import corrected

LAST = OtherConditionNamed
"""The last component that only what was learnt decides about; answers of staff are the next."""

AT_ONCE = 256
"""Texts read between two reports of progress; enough to keep all cores busy."""


class IntentLearner:
    """Learns from any of the training messages. Made by reading all of them."""

    def __init__(
        self, folder: Path = paths.NLU_DIR, report: Callable[[int, int], None] | None = None
    ):
        """`report(done, all)` is called as messages are read."""
        data = load_data(str(folder))
        self.examples = [
            Example(m.get(TEXT), m.get(INTENT)) for m in data.intent_examples if m.get(TEXT)
        ]
        self._tables = data.lookup_tables
        self._steps = list(_steps())
        self._embedding = _EmbeddingOnce()
        self._embedding.read([example.text for example in self.examples], report)

    def learn(self, numbers: Sequence[int]) -> Reader:
        """What reads messages as a model does that was trained on these examples only."""
        chosen = [self.examples[number] for number in numbers]
        messages = [Message.build(example.text, example.intent) for example in chosen]
        data = TrainingData(messages, lookup_tables=self._tables)
        with tempfile.TemporaryDirectory(prefix="careline-fold-") as folder:
            storage = LocalModelStorage(Path(folder))
            learnt = []
            for kind, settings in self._steps:
                component = self._made(kind, settings, storage)
                learnt.append(component)
                if hasattr(component, "train"):
                    component.train(data)
                if hasattr(component, "process_training_data"):
                    data = component.process_training_data(data)

        def read(texts: Sequence[str]) -> list[Guess]:
            said = [Message.build(text) for text in texts]
            for component in learnt:
                said = component.process(said)
            likeliest = [message.get(INTENT) for message in said]
            return [Guess(each["name"], each["confidence"]) for each in likeliest]

        return read

    def _made(self, kind: Any, settings: dict[str, Any], storage: LocalModelStorage) -> Any:
        if kind is SentenceEmbedding:
            return self._embedding
        context = ExecutionContext(GraphSchema({}))
        return kind.create(settings, storage, Resource(kind.__name__), context)


class _EmbeddingOnce:
    """The component that reads sentences, with a memory for the texts that it has read."""

    def __init__(self) -> None:
        self._component = SentenceEmbedding("embedding", SentenceEmbedding.get_default_config())
        self._features: dict[str, list[Features]] = {}

    def process_training_data(self, data: TrainingData) -> TrainingData:
        self.process([message for message in data.training_examples if message.get(TEXT)])
        return data

    def process(self, messages: list[Message]) -> list[Message]:
        self.read([corrected(message) for message in messages])
        for message in messages:
            for features in self._features[corrected(message)]:
                message.add_features(features)
        return messages

    def read(self, texts: Sequence[str], report: Callable[[int, int], None] | None = None) -> None:
        new = [text for text in dict.fromkeys(texts) if text not in self._features]
        for start in range(0, len(new), AT_ONCE):
            some = [Message.build(text) for text in new[start : start + AT_ONCE]]
            for message in self._component.process(some):
                self._features[message.get(TEXT)] = message.features
            if report:
                report(start + len(some), len(new))


def _steps() -> list[tuple[Any, dict[str, Any]]]:
    """The pipeline's components that tell the intent, in order, with their settings."""
    found: list[tuple[Any, dict[str, Any]]] = []
    for step in read_yaml_file(paths.CONFIG_FILE)["pipeline"]:
        kind = class_from_module_path(step["name"])
        own = {key: value for key, value in step.items() if key != "name"}
        found.append((kind, {**kind.get_default_config(), **own}))
        if kind is LAST:
            break
    return found
