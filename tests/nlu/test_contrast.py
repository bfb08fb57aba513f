"""Questions about other illnesses, made from those about ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from rasa.shared.nlu.training_data.training_data import TrainingData

pytestmark = pytest.mark.usefixtures("rasa")

TABLES = {
    "own_condition": ["fbss", "failed back", "failed back surgery syndrome"],
    "other_condition": ["gout", "a stroke"],
    "own_operation": ["back surgery", "spinal fusion"],
    "other_operation": ["a hip replacement"],
}


def contrasts(texts: list[str], tables: dict[str, list[str]] = TABLES) -> list[str]:
    from bot.nlu.contrast import contrasts as of

    return list(of(texts, tables))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("what causes FBSS?", "what causes gout?"),
        ("What is Failed Back Surgery Syndrome", "What is gout"),
        ("why have back surgery", "why have a hip replacement"),
        ("is fbss like fbss", "is gout like gout"),
    ],
)
def test_our_names_are_swapped_for_others(text: str, other: str):
    assert contrasts([text]) == [other]


@pytest.mark.parametrize(
    "text",
    [
        "what causes it",
        "what causes gout",
        "fbssx",
        "",
        "does fbss follow back surgery",  # the other half would still be about us
    ],
)
def test_a_text_that_would_not_become_another_s_has_no_contrast(text: str):
    assert contrasts([text]) == []


def test_names_are_taken_in_turn_so_that_the_same_texts_give_the_same_contrasts():
    texts = ["fbss?", "what is fbss", "signs of fbss"]
    assert contrasts(texts) == ["gout?", "what is a stroke", "signs of gout"]
    assert contrasts(texts) == contrasts(texts)


@pytest.mark.parametrize("missing", sorted(TABLES))
def test_without_a_lookup_table_its_kind_of_name_is_left_alone(missing: str):
    tables = {name: words for name, words in TABLES.items() if name != missing}
    left = ["why have a hip replacement"] if "condition" in missing else ["what is gout"]
    assert contrasts(["what is fbss", "why have back surgery"], tables) == left


def test_without_any_table_there_are_no_contrasts():
    assert contrasts(["what is fbss"], {}) == []


@pytest.fixture
def component(parts: dict[str, Any]) -> Callable[..., Any]:
    from bot.nlu.contrast import OtherConditions

    def make(**config: Any) -> OtherConditions:
        return OtherConditions.create({**OtherConditions.get_default_config(), **config}, **parts)

    return make


def data(tables: dict[str, list[str]] = TABLES) -> TrainingData:
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    examples = [
        Message.build("what causes fbss", "causes"),
        Message.build("tell me, what causes " + "so very much " * 4 + "fbss", "causes"),
        Message.build("can I get a refund for fbss", "clinic_admin"),
    ]
    lookups = [{"name": name, "elements": words} for name, words in tables.items()]
    return TrainingData(examples, lookup_tables=lookups)


def test_short_examples_of_the_chosen_subjects_get_contrasts_out_of_scope(
    component: Callable[..., Any],
):
    before = data()
    after = component(subjects=["causes"], most_words=6).process_training_data(before)
    pairs = [(e.get("text"), e.get("intent")) for e in after.intent_examples]
    assert pairs[: len(before.intent_examples)] == [
        (e.get("text"), e.get("intent")) for e in before.intent_examples
    ]
    assert pairs[len(before.intent_examples) :] == [("what causes a stroke", "out_of_scope")]


def test_the_same_training_data_gives_the_same_training_data(component: Callable[..., Any]):
    made = component(subjects=["causes", "clinic_admin"], most_words=50)
    once, again = (made.process_training_data(data()) for _ in range(2))
    assert [e.get("text") for e in once.intent_examples] == [
        e.get("text") for e in again.intent_examples
    ]
    assert len(once.intent_examples) == 6


def test_no_subject_is_contrasted_unless_it_is_named(component: Callable[..., Any]):
    assert len(component().process_training_data(data()).intent_examples) == 3


def test_visitors_messages_pass_unchanged(component: Callable[..., Any], message: Any):
    messages = [message("what causes fbss")]
    assert component(subjects=["causes"]).process(messages) == messages


def test_the_shipped_pipeline_makes_contrasts_for_each_of_its_subjects(
    component: Callable[..., Any], configured: Callable[[str], dict[str, Any]]
):
    from rasa.shared.nlu.training_data.loading import load_data

    from bot.paths import NLU_DIR

    shipped, config = load_data(str(NLU_DIR)), configured("OtherConditions")
    before = len(shipped.intent_examples)
    after = component(**config).process_training_data(shipped)
    assert len(after.intent_examples) > before + 100
    for subject in config["subjects"]:
        own = shipped.filter_training_examples(lambda each, of=subject: each.get("intent") == of)
        asked = len(own.intent_examples)
        one = component(**{**config, "subjects": [subject]})
        assert len(one.process_training_data(own).intent_examples) > asked > 0, subject
