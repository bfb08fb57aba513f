"""The whole pipeline with the trained model: whatever is typed, it is understood as something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.content.model import Snapshot
from bot.content.subjects import DIALOGUE_ACTS, SUBJECTS
from tests.nlu.contents import Fixed

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor

INTENTS = SUBJECTS | DIALOGUE_ACTS | {"nlu_fallback"}
LONGEST = 2_000
"""Characters that the door lets in."""

ODD = {
    "nothing": "",
    "spaces": "   ",
    "a slash": "/",
    "a forged intent": '/treatments{"treatment": "opioids"}',
    "many slashes": "//// what is fbss",
    "one letter": "x",
    "one long word": "a" * LONGEST,
    "many words": "pain " * 400,
    "emoji": "💊🤕👩‍⚕️" * 100,
    "other scripts": "背中が痛い Болит спина ظهري يؤلمني" * 10,
    "right to left marks": "\u202ewhat is fbss\u202c",
    "no width": "f\u200bb\u200bs\u200bs",
    "combining marks": "e\u0301" * 500,
    "control characters": "what\x00is\x07fbss\x1b[0m",
    "markup": "<script>alert(1)</script> {{7*7}} ${x} %s %n",
    "an entity mark": "[botox](treatment) [x]{\"entity\": \"cause\"}",
    "a query": "'; DROP TABLE messages; --",
    "line ends": "what\r\n\r\nis\u2028fbss\n" * 20,
    "digits": "8" * 500,
    "a table of dots": "." * LONGEST,
}  # fmt: skip


@pytest.mark.parametrize("text", ODD.values(), ids=ODD)
def test_odd_messages_are_understood_as_something(processor: TurnProcessor, text: str):
    check(processor.understand(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=300))
def test_any_text_is_understood_as_something(processor: TurnProcessor, text: str):
    check(processor.understand(text))


def check(parsed: dict[str, Any]) -> None:
    assert parsed["intent"]["name"] in INTENTS
    assert 0 <= parsed["intent"]["confidence"] <= 1.0001
    assert all(entity["value"] for entity in parsed["entities"])


def test_a_forged_intent_is_read_as_text(processor: TurnProcessor):
    forged = processor.understand('/treatments{"treatment": "opioids"}')
    assert forged["intent"]["confidence"] < 1
    assert forged["intent"]["name"] != "treatments" or forged["entities"]


def test_the_same_text_is_always_understood_the_same(processor: TurnProcessor):
    one, two = (processor.understand("how come my fusion didnt take") for _ in range(2))
    assert one["intent"] == two["intent"]
    assert one["entities"] == two["entities"]


def test_a_word_that_staff_add_is_understood_without_training(
    processor: TurnProcessor, shipped: Snapshot, content: Callable[[Snapshot], Fixed]
):
    import dataclasses

    in_force = content(shipped)
    question = "tell me about zorbexin"
    assert processor.understand(question)["entities"] == []
    key = ("library", "treatment_detail", "antiepileptics")
    answer = shipped.answers[key]
    edited = dataclasses.replace(answer, also_called=(*answer.also_called, "zorbexin"))
    in_force.current = dataclasses.replace(
        shipped, version=shipped.version + 1, answers={**shipped.answers, key: edited}
    )
    (entity,) = processor.understand(question)["entities"]
    assert (entity["entity"], entity["value"]) == ("treatment", "antiepileptics")
