"""Rasa component: a question that names another illness, and not ours, is not about ours.

The classifier was taught so (`bot/nlu/contrast.py`), yet illnesses are many and its examples few. A
name that stands in a lookup table of `data/nlu/lookup/` settles it, unless it comes only after the
sentence that names what is asked about. The component stands after the one that finds details.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import spacy
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from bot.content.subjects import ENTITY_OF
from bot.content.wordings import NOT_LISTED
from bot.nlu.contrast import OUT_OF_SCOPE
from bot.nlu.spell_correction import corrected
from bot.nlu.wording import plain_word

NAMES_FILE = "names.json"
SENTENCE_END = re.compile(r"[.?!]+\s+|\n+")
DETAIL_ENTITIES = frozenset(
    ENTITY_OF[s] for s in ("cause_detail", "symptom_check", "treatment_detail")
)
ARTICLES = ("a ", "an ", "the ")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class OtherConditionNamed(GraphComponent):
    """Puts `out_of_scope` first where a subject of ours is asked of somebody else's illness."""

    def __init__(
        self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource
    ) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._named: _Names | None = None

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`own`: the lookup tables of our names; `other`: for each table of other names, the
        subjects that such a name takes a message from.
        """
        return {"own": [], "other": {}}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OtherConditionNamed:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OtherConditionNamed:
        """The component with the names that training kept."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._named = _Names(json.loads((folder / NAMES_FILE).read_text("utf-8")))
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the names of the configured lookup tables."""
        wanted = {*self._config["own"], *self._config["other"]}
        tables: dict[str, list[str]] = {}
        for table in training_data.lookup_tables:
            if table["name"] in wanted:
                tables.setdefault(table["name"], []).extend(table["elements"])
        self._named = _Names(tables)
        with self._storage.write_to(self._resource) as folder:
            (folder / NAMES_FILE).write_text(json.dumps(tables), "utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Change the intent, and its ranking, of messages that another illness's name decides."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY)
            if ranking and self._is_about_another(ranking[0]["name"], message):
                ranking = out_of_scope_first(ranking)
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _is_about_another(self, intent: str, message: Message) -> bool:
        tables = [name for name, subjects in self._config["other"].items() if intent in subjects]
        if not tables or self._named is None:
            return False
        asked = _sentences_to_last_detail(message)
        # As typed too: a rare illness may be near to a word of ours, and be corrected into it.
        texts = {_first_sentences(t, asked) for t in (message.get(TEXT) or "", corrected(message))}
        found = frozenset().union(*map(self._named.tables_with, texts))
        return not found.isdisjoint(tables) and found.isdisjoint(self._config["own"])


def out_of_scope_first(ranking: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """A ranking with `out_of_scope` before what was first, and with that one's confidence added."""
    best, *others = ranking
    before = next((r["confidence"] for r in others if r["name"] == OUT_OF_SCOPE), 0.0)
    first = {"name": OUT_OF_SCOPE, "confidence": min(1.0, best["confidence"] + before)}
    rest = [intent for intent in others if intent["name"] != OUT_OF_SCOPE]
    return [first, {**best, "confidence": 0.0}, *rest][: len(ranking)]


def _sentences_to_last_detail(message: Message) -> int | None:
    """How many sentences a message has up to the last that names a cause, symptom or treatment of
    ours; None where none does.

    What is named after the question ("Which pills? I had an ulcer once.") is only told by the way.
    """
    text = message.get(TEXT) or ""
    ends = [
        found["end"]
        for found in message.get(ENTITIES, [])
        if found["entity"] in DETAIL_ENTITIES
        and found["value"] != NOT_LISTED
        and found["end"] - found["start"] < len(text)  # a whole text was found by its meaning
    ]
    return len(SENTENCE_END.findall(text[: max(ends)])) + 1 if ends else None


def _first_sentences(text: str, count: int | None) -> str:
    ends = [found.end() for found in SENTENCE_END.finditer(text)]
    return text if count is None or count > len(ends) else text[: ends[count - 1]]


class _Names:
    """Finds which lookup tables have a name that a text says."""

    def __init__(self, tables: Mapping[str, Iterable[str]]):
        self._nlp = spacy.blank("en")
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="NORM")
        for table, names in tables.items():
            self._matcher.add(table, [self._read(_without_article(name)) for name in names])

    def tables_with(self, text: str) -> frozenset[str]:
        return frozenset(
            self._nlp.vocab.strings[key] for key, *_ in self._matcher(self._read(text))
        )

    def _read(self, text: str) -> Doc:
        doc = self._nlp(text.replace("-", " ").replace("'", "").replace("’", ""))
        for token in doc:
            token.norm_ = plain_word(token.text)
        return doc


def _without_article(name: str) -> str:
    return next((name.removeprefix(a) for a in ARTICLES if name.startswith(a)), name)
