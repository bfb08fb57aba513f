"""Another illness's name decides that a question is not about ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.scope import OtherConditionNamed

CONFIG = {
    "own": ["own"],
    "other": {"illness": ["causes", "symptom_check"], "body_part": ["causes"]},
}
LOOKUPS = [
    {"name": "own", "elements": ["fbss", "back surgery"]},
    {"name": "illness", "elements": ["gout", "a hernia", "Crohns disease"]},
    {"name": "body_part", "elements": ["knee"]},
    {"name": "not_configured", "elements": ["banana"]},
]


@pytest.fixture
def scope(tmp_path: Path) -> OtherConditionNamed:
    """Trained, kept and loaded again."""
    storage, resource = LocalModelStorage(tmp_path), Resource("scope")
    wiring: Any = {"model_storage": storage, "resource": resource, "execution_context": None}
    OtherConditionNamed.create(CONFIG, **wiring).train(TrainingData(lookup_tables=LOOKUPS))
    return OtherConditionNamed.load(CONFIG, **wiring)


def intent_of(
    scope: OtherConditionNamed, text: str, intent: str, detail: str | None = None
) -> dict[str, Any]:
    ranking = [
        {"name": intent, "confidence": 0.6},
        {"name": "greet", "confidence": 0.2},
        {"name": "out_of_scope", "confidence": 0.1},
    ]
    message = Message({"text": text, "intent": ranking[0], "intent_ranking": ranking})
    if detail is not None:
        start = text.index(detail)
        found = {"entity": "cause", "value": "x", "start": start, "end": start + len(detail)}
        message.set("entities", [found])
    scope.process([message])
    assert message.get("intent_ranking")[0] == message.get("intent")
    assert len(message.get("intent_ranking")) == len(ranking)
    return message.get("intent")


@pytest.mark.parametrize(
    "text",
    ["what causes gout", "WHY DO I GET HERNIAS?", "crohn's disease causes", "knee pain, why"],
)
def test_a_subject_of_ours_asked_of_another_illness_is_out_of_scope(
    scope: OtherConditionNamed, text: str
):
    intent = intent_of(scope, text, "causes")
    assert intent["name"] == "out_of_scope"
    assert intent["confidence"] == pytest.approx(0.7)


@pytest.mark.parametrize(
    "text", ["what causes it", "does gout cause fbss", "gouty", "can back surgery hurt the knee"]
)
def test_a_text_that_names_no_other_or_names_ours_stays(scope: OtherConditionNamed, text: str):
    assert intent_of(scope, text, "causes") == {"name": "causes", "confidence": 0.6}


@pytest.mark.parametrize("intent", ["emergency", "phone", "out_of_scope"])
def test_other_subjects_are_left_alone(scope: OtherConditionNamed, intent: str):
    assert intent_of(scope, "my gout", intent) == {"name": intent, "confidence": 0.6}


def test_each_table_decides_for_its_own_subjects(scope: OtherConditionNamed):
    assert intent_of(scope, "is knee pain a symptom", "symptom_check")["name"] == "symptom_check"
    assert intent_of(scope, "is gout a symptom", "symptom_check")["name"] == "out_of_scope"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("is scar tissue a cause? i had gout in 2009.", "causes"),
        ("is scar tissue a cause\ni had gout", "causes"),
        ("i have gout. is scar tissue a cause?", "out_of_scope"),
        ("can scar tissue cause gout? hi", "out_of_scope"),
        ("does gout leave scar tissue", "out_of_scope"),
    ],
)
def test_what_is_named_after_the_sentence_that_asks_is_told_by_the_way(
    scope: OtherConditionNamed, text: str, intent: str
):
    assert intent_of(scope, text, "causes", "scar tissue")["name"] == intent


def test_a_detail_that_only_the_meaning_of_a_text_told_is_named_nowhere(scope: OtherConditionNamed):
    text = "why do i get it. gout i mean"
    assert intent_of(scope, text, "causes", text)["name"] == "out_of_scope"


def test_a_message_without_ranking_is_no_error(scope: OtherConditionNamed):
    message = Message({"text": "gout"})
    assert scope.process([message]) == [message]
    assert message.get("intent") is None
