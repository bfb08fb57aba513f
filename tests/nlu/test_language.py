"""The language of a message that is not English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.content.model import Snapshot

pytestmark = pytest.mark.usefixtures("rasa")


@pytest.fixture(scope="module")
def component(rasa: None, configured: Callable[[str], dict[str, Any]]) -> Any:
    from bot.nlu.language import LanguageExtractor

    return LanguageExtractor(configured("LanguageExtractor")["languages"])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("¿Cuáles son los síntomas de la cirugía fallida?", "es"),
        ("Tôi bị đau lưng sau phẫu thuật", "vi"),
        ("手术后背部疼痛怎么办", "zh"),
        ("Болит спина после операции", "ru"),
        ("ما هي أعراض فشل جراحة الظهر", "ar"),
        ("J'ai toujours mal au dos après l'opération", "fr"),
        ("허리 수술 후 통증이 있어요", "ko"),
        ("Ich habe nach der Operation starke Rückenschmerzen", "de"),
        ("手術の後も背中が痛いです", "ja"),
    ],
)
def test_the_language_of_another_language_is_named(
    component: Any, message: Any, text: str, code: str
):
    (processed,) = component.process([message(text, "other_language")])
    (entity,) = processed.get("entities")
    assert (entity["entity"], entity["value"]) == ("language", code)
    assert (entity["start"], entity["end"]) == (0, len(text))


def test_a_message_of_any_other_intent_has_no_language(component: Any, message: Any):
    for intent in ("greet", None):
        (processed,) = component.process([message("hola buenos días", intent)])
        assert not processed.get("entities")


@pytest.mark.parametrize("text", ["", "12345", "???", "🤕🤕"])
def test_where_no_language_can_be_told_none_is_named(component: Any, message: Any, text: str):
    (processed,) = component.process([message(text, "other_language")])
    assert not processed.get("entities")


def test_entities_that_were_found_before_are_kept(component: Any, message: Any):
    said = message("¿dónde puedo pedir una cita?", "other_language")
    said.set("entities", [{"entity": "symptom", "value": "numbness"}])
    component.process([said])
    assert [each["value"] for each in said.get("entities")] == ["numbness", "es"]


def test_most_languages_that_are_named_have_an_answer_in_that_language(
    configured: Callable[[str], dict[str, Any]], shipped: Snapshot
):
    """The others are answered in English, with the contact route."""
    named = set(configured("LanguageExtractor")["languages"])
    assert len(named & set(shipped.names("other_language"))) >= 15


def test_a_language_that_does_not_exist_is_refused(parts: dict[str, Any]):
    from bot.nlu.language import LanguageExtractor

    with pytest.raises(KeyError, match="xx"):
        LanguageExtractor.create({"languages": ["xx"]}, **parts)
