"""The classifier as a component: its ranking, its training, what it keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

pytestmark = pytest.mark.usefixtures("rasa")

INTENTS = ["causes", "crisis", "emergency", "greet", "help", "phone", "symptoms"]
EXAMPLES = [
    ("hello", "greet"), ("hi there", "greet"), ("good morning", "greet"),
    ("what causes it", "causes"), ("why does this happen", "causes"), ("reasons", "causes"),
    ("I cannot breathe", "emergency"), ("crushing chest pain", "emergency"),
    ("I can't feel my legs all of a sudden", "emergency"),
]  # fmt: skip


@pytest.fixture
def make(parts: dict[str, Any]) -> Callable[..., Any]:
    from bot.nlu.intent_classifier import IntentClassifier

    def create(**config: Any) -> IntentClassifier:
        whole = {**IntentClassifier.get_default_config(), **config}
        return IntentClassifier.create(whole, **parts)

    return create


@pytest.fixture
def embedded(rasa: None, message: Any) -> Callable[[Sequence[str]], list[Any]]:
    """Messages with the feature that the classifier needs."""
    from bot.nlu.sentence_embedding import SentenceEmbedding

    component = SentenceEmbedding("embedding", SentenceEmbedding.get_default_config())
    return lambda texts: component.process([message(text) for text in texts])


@pytest.fixture
def data(rasa: None) -> Any:
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.sentence_embedding import SentenceEmbedding

    examples = TrainingData([Message.build(text, intent) for text, intent in EXAMPLES])
    component = SentenceEmbedding("embedding", SentenceEmbedding.get_default_config())
    return component.process_training_data(examples)


def shares(**named: float) -> np.ndarray:
    """A row of probabilities in which what is left over goes to nobody."""
    return np.array([named.get(intent, 0.0) for intent in INTENTS])


def test_all_intents_are_ranked_the_likeliest_first_and_of_two_the_first_by_name(
    make: Callable[..., Any],
):
    classifier = make()
    classifier._model = SimpleNamespace(intents=INTENTS)
    row = shares(greet=0.4, emergency=0.35, crisis=0.25)
    assert [entry["name"] for entry in classifier._ranking(row)][:3] == [
        "greet",
        "emergency",
        "crisis",
    ]


def test_what_was_learnt_is_understood(make: Callable[..., Any], data: Any, embedded: Any):
    classifier = make()
    classifier.train(data)
    for said in classifier.process(embedded([text for text, _ in EXAMPLES])):
        intent, ranking = said.get("intent"), said.get("intent_ranking")
        assert (said.get("text"), intent["name"]) in EXAMPLES
        assert intent == ranking[0]
        confidences = [entry["confidence"] for entry in ranking]
        assert confidences == sorted(confidences, reverse=True)
        assert sum(confidences) == pytest.approx(1, abs=1e-5)


def test_a_classifier_that_was_kept_says_the_same_as_the_one_just_trained(
    make: Callable[..., Any], data: Any, embedded: Any, parts: dict[str, Any]
):
    from bot.nlu.intent_classifier import IntentClassifier

    trained = make()
    resource = trained.train(data)
    loaded = IntentClassifier.load(trained._config, **{**parts, "resource": resource})
    texts = ["hello", "what causes chest pain", "zzz", ""]
    one, two = (
        [said.get("intent_ranking") for said in each.process(embedded(texts))]
        for each in (trained, loaded)
    )
    assert one == two


def test_a_model_archive_without_a_classifier_is_refused(parts: dict[str, Any]):
    from bot.nlu.intent_classifier import IntentClassifier

    with pytest.raises(ValueError, match="component"):
        IntentClassifier.load(IntentClassifier.get_default_config(), **parts)


def test_examples_without_an_intent_or_a_text_are_left_out(
    make: Callable[..., Any], data: Any, message: Any
):
    from rasa.shared.nlu.training_data.message import Message

    data.training_examples += [Message.build("no intent here"), Message({"intent": "causes"})]
    classifier = make()
    classifier.train(data)
    assert classifier._intents == ["causes", "emergency", "greet"]


def test_before_training_messages_pass_unchanged(make: Callable[..., Any], embedded: Any):
    (said,) = make().process(embedded(["hello"]))
    assert said.get("intent_ranking") is None


def test_no_messages_are_no_error(make: Callable[..., Any], data: Any):
    classifier = make()
    classifier.train(data)
    assert classifier.process([]) == []
