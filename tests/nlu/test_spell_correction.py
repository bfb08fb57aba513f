"""The intent is told from what a visitor meant to type."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.content.model import Snapshot
from bot.nlu.spell_correction import SpellCorrection, corrected
from tests.nlu.contents import Fixed, snapshot

EXAMPLES = [
    ("what treatments are there", "treatments"),
    ("treatments please", "treatments"),
    ("numbness is a sympton", "symptom_check"),  # in one message only, and no English
    ("numbness again", "symptom_check"),
    ("como se trata", "other_language"),
    *[("post lami pain", "definition")] * 3,
]
CONFIG = {"least_target": 2, "least_known": 3, "foreign": ["other_language"]}


@pytest.fixture
def correction(content: Callable[[Snapshot], Fixed], tmp_path: Path) -> SpellCorrection:
    """Trained, kept and loaded again."""
    content(snapshot({("treatment_detail", "medication"): ["zorbex"]}))
    storage, resource = LocalModelStorage(tmp_path), Resource("words")
    wiring: Any = {"model_storage": storage, "resource": resource, "execution_context": None}
    data = TrainingData(
        [Message.build(text, intent) for text, intent in EXAMPLES],
        lookup_tables=[{"name": "other_condition", "elements": ["treetmint fever"]}],
    )
    SpellCorrection.create(CONFIG, **wiring).train(data)
    return SpellCorrection.load(CONFIG, **wiring)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("wat treatmnets are ther??", "wat treatments are ther??"),
        ("NUMBNES", "numbness"),
        ("my name is [name], [phone]. treatmnets?", "my name is , . treatments?"),
        ("numbnes, treatmnts...", "numbness, treatments..."),
        ("what treatments are there", "what treatments are there"),
        ("treatmint", "treatmint"),  # "treatment" is nearer, and nobody says it here
        ("treetmint fever", "treetmint fever"),  # another illness is right as it is
        ("post lami", "post lami"),  # no English, but many say it
        ("como se trata", "como se trata"),  # another language is not misspelt English
        ("zorbex", "zorbex"),  # the content knows it
        ("a sympton", "a sympton"),  # one message's mistake is not what others mean
        ("", ""),
    ],
)
def test_a_misspelt_word_is_read_as_the_one_that_was_meant(
    correction: SpellCorrection, text: str, meant: str
):
    message = Message({"text": text})
    correction.process([message])
    assert corrected(message) == meant
    assert message.get("text") == text


def test_a_word_that_staff_add_is_right_from_then_on(
    correction: SpellCorrection, content: Callable[[Snapshot], Fixed]
):
    message = Message({"text": "numbnees"})
    correction.process([message])
    assert corrected(message) == "numbness"
    content(snapshot({("treatment_detail", "medication"): ["numbnees"]}, version=2))
    correction.process([message])
    assert corrected(message) == "numbnees"


def test_training_messages_are_corrected_as_visitors_messages_are(correction: SpellCorrection):
    data = TrainingData([Message.build("my treatmnts", "treatments")])
    (message,) = correction.process_training_data(data).training_examples
    assert corrected(message) == "my treatments"


def test_a_message_that_nothing_corrected_is_read_as_typed():
    assert corrected(Message({"text": "treatmnts"})) == "treatmnts"
