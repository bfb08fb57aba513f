"""The language of a message that is not English."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot.content.model import Snapshot
from bot.nlu.language_detector import LanguageDetector, in_foreign_script
from bot.paths import EVAL_DIR
from tests.house_rules.training import examples

pytestmark = pytest.mark.usefixtures("rasa")

LEAST_RIGHT = 0.95
"""Of the blind set's messages in ten languages."""


@pytest.fixture(scope="module")
def component(rasa: None, configured: Callable[[str], dict[str, Any]]) -> Any:
    from bot.nlu.language import LanguageExtractor

    return LanguageExtractor(configured("LanguageExtractor"))


@pytest.fixture(scope="module")
def detector(configured: Callable[[str], dict[str, Any]]) -> LanguageDetector:
    config = configured("LanguageExtractor")
    return LanguageDetector(config["languages"], config["rare"])


@pytest.fixture(scope="module")
def blind() -> list[tuple[str, str]]:
    """Messages and their languages, that nothing was made from."""
    lines = (EVAL_DIR / "blind" / "languages.jsonl").read_text(encoding="utf-8").splitlines()
    return [(each["text"], each["language"]) for each in map(json.loads, lines)]


def test_ten_languages_as_patients_type_them_are_told_apart(
    detector: LanguageDetector, blind: list[tuple[str, str]]
):
    asked = [(text, code) for text, code in blind if code != "en"]
    found = [(text, code, detector.language(text)) for text, code in asked]
    missed = [f"{text!r}: {code}, not {said}" for text, code, said in found if code != said]
    right = 1 - len(missed) / len(asked)
    print(f"{right:.1%} right; missed:", *missed, sep="\n  ")
    assert len(asked) == 200
    assert right >= LEAST_RIGHT


def test_no_english_message_is_surely_another_language(
    detector: LanguageDetector, blind: list[tuple[str, str]]
):
    foreign_names = [text for text, code in blind if code == "en"]
    english = [each.text for each in examples() if each.intent != "other_language"]
    taken = [text for text in (*foreign_names, *english) if detector.is_surely_foreign(text)]
    assert len(foreign_names) == 30
    assert taken == []


def test_most_messages_in_ten_languages_are_surely_not_english(
    detector: LanguageDetector, blind: list[tuple[str, str]]
):
    asked = [text for text, code in blind if code != "en"]
    assert sum(map(detector.is_surely_foreign, asked)) >= 0.8 * len(asked)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("FBSS가 뭐예요", True),
        ("что такое FBSS", True),
        ("my name is 王伟 and my back hurts after surgery", False),
        ("¿Qué es el síndrome de espalda fallida?", False),
        ("nerve pain 🤕 10/10, 20 µg", False),
        ("", False),
        ("12 🤕", False),
    ],
)
def test_another_script_counts_where_it_is_a_good_part_of_the_letters(text: str, foreign: bool):
    assert in_foreign_script(text) is foreign


@pytest.mark.parametrize("text", ["migraines", "fusion cuisine", "yes maam", "handicap placard"])
def test_one_or_two_words_are_never_surely_another_language(detector: LanguageDetector, text: str):
    assert not detector.is_surely_foreign(text)


@pytest.mark.parametrize("text", ["kuv mob\x00 nraub\ud83d qaum", "kuv mob nraub qaum \U0010ffff"])
def test_characters_that_are_none_do_no_harm(detector: LanguageDetector, text: str):
    assert detector.language(text) == "hmn"


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
        ("kuv mob nraub qaum heev tom qab phais", "hmn"),
        ("nesesito una sita porfabor me duele la espalda", "es"),
        ("toi dau lung sau khi mo, phai lam sao", "vi"),
        ("dhabarka ayaa i xanuunaya", "so"),
        ("masakit pa rin ang likod ko pagkatapos ng operasyon", "tl"),
        ("mwen gen doulè nan do apre operasyon an", "ht"),
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


@pytest.mark.parametrize("text", ["", "12345", "???", "🤕🤕", "asante sana"])
def test_where_no_language_can_be_told_none_is_named(component: Any, message: Any, text: str):
    (processed,) = component.process([message(text, "other_language")])
    assert not processed.get("entities")


def test_entities_that_were_found_before_are_kept(component: Any, message: Any):
    said = message("¿dónde puedo pedir una cita?", "other_language")
    said.set("entities", [{"entity": "symptom", "value": "numbness"}])
    component.process([said])
    assert [each["value"] for each in said.get("entities")] == ["numbness", "es"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("병원에 언제 갈 수 있어요", "definition"),
        ("minha perna esquerda continua dormente depois da cirurgia", "out_of_scope"),
        ("kuv mob nraub qaum heev tom qab phais", "out_of_scope"),
    ],
)
def test_what_the_classifier_overlooks_becomes_another_language(
    component: Any, message: Any, text: str, intent: str
):
    said = message(text, intent)
    others = [{"name": intent, "confidence": 0.9}, {"name": "other_language", "confidence": 0.1}]
    said.set("intent_ranking", others)
    (processed,) = component.process([said])
    assert processed.get("intent") == {"name": "other_language", "confidence": 1.0}
    ranking = processed.get("intent_ranking")
    assert [each["name"] for each in ranking] == ["other_language", intent]
    assert ranking[1]["confidence"] == 0.0
    assert processed.get("entities")


def test_a_message_that_the_classifier_is_unsure_of_may_be_in_another_language(
    component: Any, message: Any
):
    said = message("minha perna esquerda continua dormente depois da cirurgia", "symptoms")
    said.set("intent", {"name": "symptoms", "confidence": 0.2})
    (processed,) = component.process([said])
    assert processed.get("intent")["name"] == "other_language"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("다리에 감각이 없고 소변을 못 봐요", "emergency"),
        ("no quiero vivir mas con este dolor", "crisis"),
        ("minha perna esquerda continua dormente depois da cirurgia", "symptoms"),
        ("who won the game last night", "out_of_scope"),
    ],
)
def test_urgent_and_understood_messages_keep_their_intent(
    component: Any, message: Any, text: str, intent: str
):
    (processed,) = component.process([message(text, intent)])
    assert processed.get("intent")["name"] == intent
    assert not processed.get("entities")


def test_every_common_language_has_an_answer_and_so_have_some_rare_ones(
    configured: Callable[[str], dict[str, Any]], shipped: Snapshot
):
    """The others are answered in English, with the contact route."""
    config = configured("LanguageExtractor")
    answered = set(shipped.names("other_language"))
    assert set(config["languages"]) <= answered
    assert answered <= {*config["languages"], *config["rare"]}


def test_a_language_that_does_not_exist_is_refused(parts: dict[str, Any]):
    from bot.nlu.language import LanguageExtractor

    config = {**LanguageExtractor.get_default_config(), "languages": ["xx"]}
    with pytest.raises(KeyError, match="xx"):
        LanguageExtractor.create(config, **parts)
