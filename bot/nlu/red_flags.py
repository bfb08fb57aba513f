"""Rasa component: decides whether a message needs the emergency route, before all else.

Two nets are combined. The wordings of `data/safety/` (`bot/safety/`) find what was foreseen; the
meaning finds much of the rest, as the probability that the intent classifier gives to the urgent
intents taken together. Where there is no classifier, or it knows nothing, the wordings decide.
"""

from __future__ import annotations

import math
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.content.subjects import ENTITY_OF
from bot.nlu.contrast import OUT_OF_SCOPE
from bot.nlu.entity import entity
from bot.safety.model import CRISIS, EMERGENCY, RedFlag
from bot.safety.shipped import red_flags
from bot.safety.words import visible

RED_FLAG = "red_flag"
"""Key, in Rasa's parse data, of what was found and how it was decided."""

IN_GENERAL = "redflag_general"
RANKING_LENGTH = 5
"""Candidates that the components after this one, and staff, get to see."""

URGENT = (EMERGENCY, CRISIS)
SURE, UNSURE = 0.9999, 0.0001
"""Probabilities are cut off here: no single voice may outweigh everything else."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RedFlagDetector(GraphComponent):
    """Sets what share of a message's ranking the urgent intents have, and puts one first if it is
    enough; adds the kind of emergency as an entity, and `red_flag`, which explains the decision.
    """

    def __init__(self, config: dict[str, Any]):
        self._config = config
        self._red_flags = red_flags()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The probability of an emergency is the logistic function of `bias` + `meaning` * the log
        odds of the classifier's share + `found` where a wording stands + `taken_back` where all of
        them are taken back by their context. From `least` on it is taken for one.

        Whoever asks in general about a sign of one of the details `known`, and would be told that
        it is out of scope, gets the warning signs instead.
        """
        return {
            "bias": 0.0,
            "meaning": 1.0,
            "found": 4.0,
            "taken_back": -1.0,
            "least": 0.5,
            "known": ["cauda_equina", "severe_neuro"],
        }

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagDetector:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Decide for each message."""
        for message in messages:
            flag = self._red_flags.of(message.get(TEXT) or "")
            ranking = message.get(INTENT_RANKING_KEY) or []
            share = sum(each["confidence"] for each in ranking if each["name"] in URGENT)
            probability = self._probability(flag, share if ranking else None)
            subject = self._subject(flag, ranking, probability)
            ranking = _ranked(ranking, subject, share, probability)[:RANKING_LENGTH]
            if ranking and ranking[0]["name"] == OUT_OF_SCOPE and self._asks_in_general(flag):
                ranking = [{**ranking[0], "name": IN_GENERAL}, *_without(IN_GENERAL, ranking[1:])]
            if ranking:
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
            if subject == EMERGENCY and flag.detail is not None:
                self._name_detail(message, flag)
            message.set(RED_FLAG, _explained(flag, share, probability), add_to_output=True)
        return messages

    def _probability(self, flag: RedFlag, share: float | None) -> float:
        """How likely a message needs the emergency route."""
        if share is None:
            return float(flag.subject is not None)
        weights = self._config
        share = min(max(share, UNSURE), SURE)
        score = weights["bias"] + weights["meaning"] * math.log(share / (1 - share))
        score += weights["found"] if flag.subject else 0.0
        score += weights["taken_back"] if flag.taken_back else 0.0
        return 1 / (1 + math.exp(-score))

    def _subject(
        self, flag: RedFlag, ranking: list[dict[str, Any]], probability: float
    ) -> str | None:
        """The urgent subject that a message is about: what the wordings say, else the likelier."""
        if probability < self._config["least"]:
            return None
        likelier = next((each["name"] for each in ranking if each["name"] in URGENT), EMERGENCY)
        return flag.subject or str(likelier)

    def _asks_in_general(self, flag: RedFlag) -> bool:
        """Whether a sign that is known here is asked about, and nobody says to have it."""
        return any(
            sign.undone_by == "general"
            and sign.concept.alone
            and sign.concept.detail in self._config["known"]
            for sign in flag.signs
        )

    def _name_detail(self, message: Message, flag: RedFlag) -> None:
        """Add the kind of emergency, at the first words that tell it."""
        text = message.get(TEXT)
        start, end = 0, len(text)
        if visible(text) == text:  # else the places are not those of the text
            told = [s for s in flag.signs if s.concept.detail == flag.detail and not s.undone_by]
            first = min(told, key=lambda sign: (not sign.concept.alone, sign.start))
            start, end = first.start, first.end
        found = entity(ENTITY_OF[EMERGENCY], str(flag.detail), start, end, by=self)
        message.set(ENTITIES, [*message.get(ENTITIES, []), found], add_to_output=True)


def _without(name: str, ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in ranking if each["name"] != name]


def _ranked(
    ranking: list[dict[str, Any]], subject: str | None, share: float, probability: float
) -> list[dict[str, Any]]:
    """A ranking in which the urgent intents together have their probability, the others the rest.

    A `subject` comes first, whatever else is likely; without one, none of the urgent does.
    """
    others = [each for each in ranking if each["name"] not in URGENT]
    rest = (1 - probability) / max(1 - share, UNSURE)
    others = [{**each, "confidence": min(1.0, each["confidence"] * rest)} for each in others]
    likelier = next((each["name"] for each in ranking if each["name"] in URGENT), EMERGENCY)
    urgent = {"name": subject or likelier, "confidence": probability}
    if subject is not None:
        return [urgent, *others]
    behind = sorted([urgent, *others[1:]], key=lambda each: -each["confidence"])
    return [*others[:1], *behind] if others else []


def _explained(flag: RedFlag, share: float, probability: float) -> dict[str, Any]:
    return {
        "probability": probability,
        "meaning": share,
        "signs": [
            {"concept": s.concept.name, "words": s.words, "undone_by": s.undone_by}
            for s in flag.signs
        ],
    }
