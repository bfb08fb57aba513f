"""What else a message may mean, and where it is better to ask back than to answer."""

from __future__ import annotations

from typing import Any

import pytest

from bot.nlu.guessing import CLOSE, GUESSES, LIKELY, RUNNERS_UP, URGENT, guessed

LIMITS = {"least_each": 0.15, "least_together": 0.5, "least_runner_up": 0.05, "most": 3}
Ranking = list[tuple[str, float]]


def ranked(pairs: Ranking) -> list[dict[str, Any]]:
    return [{"name": name, "confidence": p} for name, p in pairs]


@pytest.mark.parametrize(
    ("pairs", "close", "likely", "runners_up"),
    [
        ([], [], [], []),
        ([("causes", 0.9), ("symptoms", 0.1)], [], ["causes"], ["causes", "symptoms"]),
        ([("causes", 0.4), ("phone", 0.3)], ["causes", "phone"], ["causes", "phone"], None),
        ([("causes", 0.2), ("phone", 0.2)], [], ["causes", "phone"], None),
        ([("greet", 0.4), ("out_of_scope", 0.3), ("crisis", 0.2)], [], [], []),
        ([("follow_up", 0.4), ("faq", 0.3), ("causes", 0.3)], ["faq", "causes"], None, None),
    ],
    ids=["nothing", "one", "two", "two unlikely ones", "none to offer", "a written answer"],
)
def test_subjects_are_close_likely_or_at_least_runners_up(
    pairs: Ranking, close: list[str], likely: list[str] | None, runners_up: list[str] | None
) -> None:
    found = guessed(ranked(pairs), **LIMITS)
    assert found[CLOSE] == close
    assert likely is None or found[LIKELY] == likely
    assert runners_up is None or found[RUNNERS_UP] == runners_up


def test_what_may_be_urgent_is_noted() -> None:
    assert guessed(ranked([("causes", 0.5), ("crisis", 0.2)]), **LIMITS)[URGENT]
    assert not guessed(ranked([("causes", 0.5), ("crisis", 0.1)]), **LIMITS)[URGENT]


@pytest.mark.parametrize(
    ("pairs", "intent"),
    [
        ([("causes", 0.4), ("symptoms", 0.35)], "nlu_fallback"),
        ([("causes", 0.5), ("symptoms", 0.45)], "causes"),
        ([("causes", 0.4), ("symptoms", 0.1)], "causes"),
        ([("emergency", 0.4), ("causes", 0.3), ("symptoms", 0.3)], "emergency"),
    ],
    ids=["two are close", "likely enough", "nothing is close", "never instead of an emergency"],
)
def test_it_is_asked_back_where_two_subjects_are_close(
    rasa: None, pairs: Ranking, intent: str
) -> None:
    from rasa.shared.nlu.training_data.message import Message

    from bot.nlu.guesses import Guesses

    component = Guesses({**LIMITS, "ask_below": 0.45})
    message = Message({"intent": ranked(pairs)[0], "intent_ranking": ranked(pairs)})
    component.process([message])
    assert message.get("intent")["name"] == intent
    assert message.get("intent_ranking")[0]["name"] == intent
    assert message.as_dict(only_output_properties=True)[GUESSES] == message.get(GUESSES)


def test_a_thing_that_is_named_settles_it(rasa: None) -> None:
    from rasa.shared.nlu.training_data.message import Message

    from bot.nlu.guesses import Guesses

    ranking = ranked([("treatment_detail", 0.4), ("medical_advice", 0.35)])
    for entity, intent in (("treatment", "treatment_detail"), ("symptom", "nlu_fallback")):
        found = [{"entity": entity, "value": "botox"}]
        message = Message({"intent": ranking[0], "intent_ranking": ranking, "entities": found})
        Guesses({**LIMITS, "ask_below": 0.45}).process([message])
        assert message.get("intent")["name"] == intent
