"""How wordings and meaning are combined."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.red_flags import RANKING_LENGTH, RedFlagDetector

SIGN = "I can't pee and I am numb between my legs"
TAKEN_BACK = "no chest pain"
NOTHING = "which treatments are there"
CRISIS = "i want to kill myself"


def understood(text: str, **shares: float) -> Message:
    """A message that the classifier has judged: emergency and crisis as given, the rest is calm."""
    rest = 1 - sum(shares.values())
    shares |= {"treatments": rest * 0.6, "causes": rest * 0.3, "greet": rest * 0.1}
    shares |= {f"intent_{number}": 0.0 for number in range(10)}
    ranking = [{"name": n, "confidence": c} for n, c in shares.items()]
    ranking.sort(key=lambda each: -each["confidence"])
    message = Message({"text": text, "intent": ranking[0], "intent_ranking": ranking})
    detector = RedFlagDetector.create(
        {**RedFlagDetector.get_default_config(), "least": 0.4},
        model_storage=None,  # type: ignore[arg-type]
        resource=None,  # type: ignore[arg-type]
        execution_context=None,  # type: ignore[arg-type]
    )
    detector.process([message])
    return message


def intent(message: Message) -> str:
    return str(message.get("intent")["name"])


@pytest.mark.parametrize(
    ("text", "shares", "expected"),
    [
        (NOTHING, {"emergency": 0.1}, "treatments"),
        (NOTHING, {"emergency": 0.3, "crisis": 0.35}, "crisis"),
        (SIGN, {"emergency": 0.1}, "emergency"),
        (SIGN, {"emergency": 0.0}, "treatments"),  # sure that it is not: "a play named ..."
        (TAKEN_BACK, {"emergency": 0.5}, "treatments"),
        (TAKEN_BACK, {"emergency": 0.9}, "emergency"),
        (CRISIS, {"emergency": 0.4, "crisis": 0.1}, "crisis"),  # the words say which
    ],
)
def test_wordings_and_meaning_decide_together(
    text: str, shares: dict[str, float], expected: str
) -> None:
    message = understood(text, **shares)
    assert intent(message) == expected
    assert message.get("intent_ranking")[0] == message.get("intent")


def test_the_urgent_ones_have_their_probability_and_the_others_the_rest() -> None:
    message = understood(TAKEN_BACK, emergency=0.2, crisis=0.1)
    ranking = {each["name"]: each["confidence"] for each in message.get("intent_ranking")}
    urgent = message.get("red_flag")["probability"]
    assert urgent < 0.3
    assert ranking["emergency"] == urgent
    assert "crisis" not in ranking
    assert sum(ranking.values()) == pytest.approx(1)
    assert ranking["treatments"] == pytest.approx((1 - urgent) * 0.6)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("is loss of bladder control a symptom?", "redflag_general"),
        ("what are the signs of a heart attack", "out_of_scope"),  # not of the spine
        ("I have no trouble with my bladder", "out_of_scope"),
    ],
)
def test_a_sign_asked_about_in_general_is_not_out_of_scope(text: str, expected: str) -> None:
    message = understood(text, out_of_scope=0.8)
    assert intent(message) == expected
    names = [each["name"] for each in message.get("intent_ranking")]
    assert len(set(names)) == len(names)


def test_no_more_candidates_than_anybody_reads() -> None:
    assert len(understood(NOTHING, emergency=0.1).get("intent_ranking")) == RANKING_LENGTH


def test_the_kind_of_emergency_is_named() -> None:
    [found] = understood(SIGN, emergency=0.5).get("entities")
    assert (found["entity"], found["value"]) == ("emergency_sign", "cauda_equina")
    assert SIGN[found["start"] : found["end"]] == "can't pee"
    assert not understood(CRISIS, crisis=0.5).get("entities")
    assert not understood(NOTHING, emergency=0.9).get("entities")


def test_a_decision_can_be_explained() -> None:
    found = understood(TAKEN_BACK, emergency=0.5).get("red_flag")
    assert found["meaning"] == 0.5
    signs = {sign["words"]: sign["undone_by"] for sign in found["signs"]}
    assert signs["chest pain"] == "negated"


@pytest.mark.parametrize(("text", "urgent"), [(SIGN, True), (NOTHING, False), ("", False)])
def test_without_a_classifier_the_wordings_decide(text: str, urgent: bool) -> None:
    message = Message({"text": text})
    wiring: Any = {"model_storage": None, "resource": None, "execution_context": None}
    RedFlagDetector.create(RedFlagDetector.get_default_config(), **wiring).process([message])
    assert (message.get("intent") is not None) is urgent
    if urgent:
        assert message.get("intent") == {"name": "emergency", "confidence": 1.0}
