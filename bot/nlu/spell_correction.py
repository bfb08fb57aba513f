"""Rasa component: the message as it would be without its misspelt words.

The sentence model reads whole words, and a word with a wrong letter is a strange one to it. So a
word that is neither English nor used in the training messages or the content becomes the nearest
one that the messages use. Only the intent is told from the corrected text: details have their own
names to be mended towards (`bot/nlu/spelling.py`), and what is shown or kept is what was typed.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.content import live
from bot.content.model import Snapshot
from bot.nlu.english import english_words
from bot.nlu.nearest_word import NearestWord
from bot.nlu.right_words import words_spelt_right
from bot.redaction.redact import KINDS

CORRECTED = "corrected_text"
WORDS_FILE = "words.json"
MASK = re.compile(rf"\[(?:{'|'.join(sorted(KINDS))})\]")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellCorrection(GraphComponent):
    """Sets each message's corrected text; `corrected` reads it."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._nearest: NearestWord | None = None
        self._content: tuple[int, frozenset[str]] | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """A word may be meant once it is in `least_target` training messages, if it is English; it
        is right, English or not, once it is in `least_known` of them, or in one of the intents
        `foreign`.
        """
        return {"least_target": 2, "least_known": 5, "foreign": []}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SpellCorrection:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> SpellCorrection:
        """The component with the words that training kept."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            kept = json.loads((folder / WORDS_FILE).read_text("utf-8"))
        component._nearest = _nearest(kept["targets"], kept["known"])
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the words that may be meant and, beside English, those that are right."""
        targets, known = self._words(training_data)
        self._nearest = _nearest(targets, known)
        with self._storage.write_to(self._resource) as folder:
            kept = {"targets": targets, "known": sorted(known)}
            (folder / WORDS_FILE).write_text(json.dumps(kept), "utf-8")
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Correct the training messages, as visitors' messages will be."""
        self.process([m for m in training_data.training_examples if m.get(TEXT)])
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the corrected text of messages."""
        for message in messages:
            message.set(CORRECTED, self._corrected(message.get(TEXT) or ""))
        return messages

    def _corrected(self, text: str) -> str:
        """Without what redaction put in place of personal details either: nobody asks about it."""
        return WORD.sub(lambda found: self._meant(found[0]), MASK.sub("", text))

    def _meant(self, word: str) -> str:
        lower = word.lower()
        if self._nearest is None or lower in self._content_words():
            return word
        meant = self._nearest.of(lower)
        return word if meant == lower else meant

    def _content_words(self) -> frozenset[str]:
        """The words of names and examples of the content in force."""
        snapshot = live.current()
        if self._content is None or self._content[0] != snapshot.version:
            self._content = (snapshot.version, frozenset(_names_and_examples(snapshot)))
        return self._content[1]

    def _words(self, training_data: TrainingData) -> tuple[dict[str, int], set[str]]:
        seen: Counter[str] = Counter()
        known = set(self._content_words())
        for example in training_data.intent_examples:
            words = set(words_of(example.get(TEXT) or ""))
            seen.update(words)
            if example.get(INTENT) in self._config["foreign"]:
                known |= words
        for table in training_data.lookup_tables:
            known |= {word for name in table["elements"] for word in words_of(name)}
        right = english_words() | known
        least = self._config["least_target"]
        targets = {word: seen[word] for word in sorted(seen) if seen[word] >= least}
        known |= {word for word in seen if seen[word] >= self._config["least_known"]}
        return {word: n for word, n in targets.items() if word in right}, known


def corrected(message: Message) -> str:
    """A message's text without its misspelt words; the text itself where nothing corrected it."""
    text: str = message.get(CORRECTED) or message.get(TEXT) or ""
    return text


def words_of(text: str) -> list[str]:
    """The words of a text in lower case."""
    return [word.lower() for word in WORD.findall(text)]


def _names_and_examples(snapshot: Snapshot) -> Iterator[str]:
    for clinic in snapshot.clinics.values():
        yield from words_of(clinic.name)
    for answer in snapshot.answers.values():
        for text in (answer.title, *answer.also_called, *answer.examples):
            yield from words_of(text)


def _nearest(targets: Mapping[str, int], known: Iterable[str]) -> NearestWord:
    return NearestWord(targets, words_spelt_right() | set(known))
