"""Rasa component: notes what else a message may mean, and where it is better to ask back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.content.subjects import ENTITY_OF
from bot.nlu.guessing import CLOSE, GUESSES, guessed


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Guesses(GraphComponent):
    """Adds `guesses` to each message (`bot/nlu/guessing.py`); its limits are set in `config.yml`.

    It stands after everything that changes the ranking. The `FallbackClassifier` before it tells
    what is not understood at all; here `nlu_fallback` comes first where two subjects are close.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._limits = {name: config[name] for name in self.get_default_config()}
        self._ask_below = self._limits.pop("ask_below")

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`least_each`, `least_together`, `least_runner_up`, `most`: as `guessed`; `ask_below`: a
        probability from which on the likeliest subject is answered, however close another one is.
        """
        return {
            "least_each": 0.15,
            "least_together": 0.5,
            "least_runner_up": 0.05,
            "most": 3,
            "ask_below": 0.0,
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Guesses:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the guesses to each message."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY) or []
            guesses = guessed(ranking, **self._limits)
            message.set(GUESSES, guesses, add_to_output=True)
            if ranking and ranking[0]["name"] in guesses[CLOSE] and not _named(message, ranking[0]):
                self._ask_back(message, ranking)
        return messages

    def _ask_back(self, message: Message, ranking: list[dict[str, Any]]) -> None:
        """Put `nlu_fallback` first, as the `FallbackClassifier` does, where none is likely."""
        best = ranking[0]["confidence"]
        if best < self._ask_below:
            unsure = {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1 - best}
            message.set(INTENT, unsure, add_to_output=True)
            message.set(INTENT_RANKING_KEY, [unsure, *ranking], add_to_output=True)


def _named(message: Message, best: Mapping[str, Any]) -> bool:
    """Whether the likeliest subject explains a thing that the message names: that settles it."""
    kinds = {entity["entity"] for entity in message.get(ENTITIES, []) if not entity.get("role")}
    return ENTITY_OF.get(best["name"]) in kinds
