"""Details of a message, by the words of the content in force or by meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.content.model import Snapshot
from bot.content.subjects import ENTITY_OF
from tests.nlu.contents import Fixed, snapshot

pytestmark = pytest.mark.usefixtures("rasa")

WORDS = ["Medication management", "pills"]
BEFORE = snapshot({("treatment_detail", "medication"): WORDS})
AFTER = snapshot({("treatment_detail", "medication"): [*WORDS, "zorbex"]}, version=2)

Content = Callable[[Snapshot], Fixed]


@pytest.fixture
def shipped_content(content: Content, shipped: Snapshot) -> None:
    content(shipped)


@pytest.fixture(scope="module")
def extractor(rasa: None, configured: Callable[[str], dict[str, Any]]) -> Any:
    from bot.nlu.details import DetailExtractor

    config = configured("DetailExtractor")
    return DetailExtractor(config["least_cosine"], config["exclusion"])


@pytest.fixture
def entities(extractor: Any, message: Any) -> Callable[..., list[dict[str, Any]]]:
    """Entities found in a text, which an earlier component embedded and took for an intent."""
    from bot.nlu.sentence_embedding import SentenceEmbedding

    embedding = SentenceEmbedding("embedding", SentenceEmbedding.get_default_config())

    def of(text: str, intent: str | None = None) -> list[dict[str, Any]]:
        (processed,) = extractor.process(embedding.process([message(text, intent)]))
        found = processed.get("entities")
        assert all(text[e["start"] : e["end"]] for e in found)
        return found

    return of


@pytest.fixture
def find(entities: Callable[..., list[dict[str, Any]]]) -> Callable[..., list[tuple[str, str]]]:
    """Kinds and details only."""
    return lambda text, intent=None: [(e["entity"], e["value"]) for e in entities(text, intent)]


def test_a_word_that_staff_add_is_understood_at_once(find: Any, content: Content):
    in_force = content(BEFORE)
    assert find("do you have zorbex") == []
    in_force.current = AFTER
    assert find("do you have zorbex") == [("treatment", "medication")]
    in_force.current = snapshot({("treatment_detail", "medication"): WORDS}, version=3)
    assert find("do you have zorbex") == []


def test_the_words_are_read_anew_only_when_the_content_has_other_ones(
    extractor: Any, find: Any, content: Content
):
    in_force = content(snapshot({("treatment_detail", "medication"): WORDS}, version=7))
    find("pills")
    matcher = extractor._current.matcher
    find("pills again")
    assert extractor._current.matcher is matcher
    in_force.current = snapshot({("treatment_detail", "medication"): WORDS}, version=8)
    find("pills")
    assert extractor._current.matcher is matcher
    in_force.current = AFTER
    find("pills")
    assert extractor._current.matcher is not matcher


@pytest.mark.parametrize(
    ("text", "intent", "detail"),
    [
        ("he harmed healthy parts while he was in there", "cause_detail", "surgical_injury"),
        ("the picture of my spine was understood wrongly", "cause_detail", "incorrect_diagnosis"),
        ("walking is nearly impossible now", "symptom_check", "difficulty_moving"),
    ],
)
@pytest.mark.usefixtures("shipped_content")
def test_where_no_word_is_known_the_detail_that_the_intent_asks_for_is_found_by_meaning(
    find: Any, text: str, intent: str, detail: str
):
    assert find(text, intent) == [(ENTITY_OF[intent], detail)]
    assert find(text, "greet") == []
    assert find(text) == []


@pytest.mark.usefixtures("shipped_content")
def test_a_word_that_is_known_goes_before_meaning(find: Any):
    assert find("what is scar tissue", "cause_detail") == [("cause", "scar_tissue")]


@pytest.mark.usefixtures("shipped_content")
def test_what_is_far_from_every_detail_is_none(find: Any):
    assert find("is purple paint on my car", "symptom_check") == []
    assert find("could you do a haircut", "treatment_detail") == []


@pytest.mark.usefixtures("shipped_content")
def test_details_of_another_kind_do_not_keep_the_asked_kind_from_being_found(find: Any):
    found = find("the surgeon slipped and now my foot is numb", "cause_detail")
    assert ("symptom", "numbness") in found
    assert ("cause", "surgical_injury") in found


@pytest.mark.usefixtures("shipped_content")
def test_what_has_a_name_but_no_answer_is_not_listed(find: Any):
    not_listed = [("treatment", "not_listed")]
    assert find("stem cell injections", "treatment_detail") == not_listed
    assert find("do you offer acupuncture", "treatment_detail") == not_listed
    assert find("is hair loss one of the signs", "symptom_check") == [("symptom", "not_listed")]


@pytest.mark.usefixtures("shipped_content")
def test_an_emergency_sign_is_never_taken_for_the_nearest_symptom(find: Any):
    found = find("is incontinence, like being unable to hold it, a symptom", "symptom_check")
    assert found == [("emergency_sign", "cauda_equina")]


@pytest.mark.usefixtures("shipped_content")
def test_only_what_the_visitor_excludes_has_a_role(entities: Any):
    found = entities("not opioids, do you have botox")
    assert [(e["value"], e.get("role")) for e in found] == [
        ("opioids", "excluded"),
        ("botox", None),
    ]


@pytest.mark.usefixtures("shipped_content")
def test_what_is_excluded_is_not_looked_for_again_by_meaning(entities: Any):
    (found,) = entities("anything but injections", "treatment_detail")
    assert (found["value"], found["role"]) == ("injections", "excluded")


def test_a_message_without_text_or_embedding_is_no_error(
    extractor: Any, message: Any, content: Content
):
    content(BEFORE)
    for said in (message("", "treatment_detail"), message("qwerty", "treatment_detail")):
        assert extractor.process([said])[0].get("entities") == []


def test_a_trained_extractor_starts_with_the_vectors_of_the_content(
    configured: Callable[[str], dict[str, Any]],
    parts: dict[str, Any],
    content: Content,
    shipped: Snapshot,
    monkeypatch: pytest.MonkeyPatch,
):
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.details import DetailExtractor

    in_force, config = content(shipped), configured("DetailExtractor")
    resource = DetailExtractor.create(config, **parts).train(TrainingData())
    loaded = DetailExtractor.load(config, **{**parts, "resource": resource})
    asked: list[str] = []
    encode = type(loaded._nearest._encoder).encode

    def remember(encoder: Any, texts: list[str]) -> Any:
        asked.extend(texts)
        return encode(encoder, texts)

    monkeypatch.setattr(type(loaded._nearest._encoder), "encode", remember)
    loaded._matcher()
    assert asked == []
    words = {("cause_detail", "scar_tissue"): ["Scar tissue", "zorbex in the wound"]}
    in_force.current = snapshot(words, version=99)
    loaded._matcher()
    assert asked == ["zorbex in the wound"]


def test_training_learns_what_questions_of_a_kind_have_in_common(
    configured: Callable[[str], dict[str, Any]],
    parts: dict[str, Any],
    content: Content,
    message: Any,
):
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.details import DetailExtractor
    from bot.nlu.sentence_embedding import SentenceEmbedding

    content(BEFORE)
    examples = [
        Message.build("do you have pills", "treatment_detail"),
        Message.build("hello", "greet"),
    ]
    embedding = SentenceEmbedding("embedding", SentenceEmbedding.get_default_config())
    data = embedding.process_training_data(TrainingData(examples))
    config = configured("DetailExtractor")
    resource = DetailExtractor.create(config, **parts).train(data)
    loaded = DetailExtractor.load(config, **{**parts, "resource": resource})
    assert list(loaded._nearest._questions) == ["treatment"]
