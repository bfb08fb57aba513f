"""How context decides; what is known here is small and made up."""

from __future__ import annotations

import pytest

from bot.safety.model import Concept, Context, Knowledge
from bot.safety.red_flags import RedFlags


def concept(name: str, detail: str, *wordings: str, **more: object) -> Concept:
    values = {"alone": True, "beside": frozenset(), "short": False, **more}
    return Concept(name, name, detail, "a source", wordings=wordings, **values)


CONCEPTS = [
    concept("bladder", "cauda_equina", "cannot pee", "bladder trouble"),
    concept("chest", "cardiac", "chest pain"),
    concept("fever", "infection", "fever", alone=False, beside=frozenset({"wound"})),
    concept("wound", "infection", "wound oozes", alone=False, beside=frozenset({"fever"})),
    concept("suicidal", "crisis", "suicidal", "want to die"),
    concept("pills", "overdose", "took all pills"),
    concept("bare", "other", "ambulance", short=True),
]
CONTEXT = Context(
    negators=("no", "not", "never"),
    not_negating=("not only",),
    breaks=("but",),
    past=("years ago",),
    now=("again", "now"),
    resolved=("fine now", "went away"),
    general=("is it a sign",),
    mine=("i have",),
    idioms=("chest pain of a bill",),
    even_so=("not suicidal but",),
)
FLAGS = RedFlags(Knowledge({}, {each.name: each for each in CONCEPTS}, CONTEXT))


@pytest.mark.parametrize(
    ("text", "subject", "detail"),
    [
        ("I cannot pee", "emergency", "cauda_equina"),
        ("chest pain and it is not the first time", "emergency", "cardiac"),
        ("not only chest pain", "emergency", "cardiac"),
        ("no sleep but chest pain", "emergency", "cardiac"),
        ("no, chest pain", "emergency", "cardiac"),
        ("had chest pain years ago and now again", "emergency", "cardiac"),
        ("is it a sign of a heart attack, i have chest pain", "emergency", "cardiac"),
        ("no fever, chest pain", "emergency", "cardiac"),
        ("no fever. Chest pain or not, I do not know", "emergency", "cardiac"),
        ("no chest pain. Bladder trouble.", "emergency", "cauda_equina"),
        ("fever, my wound oozes, chest pain", "emergency", "cardiac"),
        ("chest pain and I cannot pee", "emergency", "cardiac"),
        ("I cannot pee and have chest pain", "emergency", "cauda_equina"),
        ("fever and my wound oozes", "emergency", "infection"),
        ("I want to die", "crisis", None),
        ("not suicidal but if a truck came", "crisis", None),
        ("chest pain, I want to die", "crisis", None),
        ("I want to die so I took all my pills", "emergency", "overdose"),
        ("suicidal. my back is fine now", "crisis", None),
        ("need ambulance", "emergency", "other"),
    ],
)
def test_who_needs_help_gets_it(text: str, subject: str, detail: str | None) -> None:
    flag = FLAGS.of(text)
    assert (flag.subject, flag.detail) == (subject, detail)
    assert not flag.taken_back


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("no chest pain", "negated"),
        ("I never had any chest pain", "negated"),
        ("no fits, sweats, bleeding or chest pain", "negated"),
        ("chest pain years ago", "past"),
        ("chest pain in 2015", "past"),
        ("I had chest pain. It went away", "resolved"),
        ("chest pain, but fine now", "resolved"),
        ("is it a sign of something, chest pain", "general"),
        ("the chest pain of a bill like that", "idiom"),
    ],
)
def test_context_takes_back_what_was_found(text: str, reason: str) -> None:
    flag = FLAGS.of(text)
    assert flag.subject is None
    assert flag.taken_back
    assert [sign.undone_by for sign in flag.signs] == [reason]


@pytest.mark.parametrize(
    "text",
    ["I have a fever", "my wound oozes", "what does an ambulance ride cost in town", "", "."],
)
def test_what_needs_more_than_itself_does_not_count(text: str) -> None:
    flag = FLAGS.of(text)
    assert flag.subject is None
    assert not flag.taken_back


def test_a_sign_tells_the_words_that_were_typed() -> None:
    (sign,) = FLAGS.of("Since noon I CANNOT even pee, help").signs
    assert (sign.concept.name, sign.words, sign.undone_by) == ("bladder", "CANNOT even pee", None)


def test_a_misspelt_word_is_mended_first() -> None:
    knowledge = Knowledge({}, {"chest": CONCEPTS[1]}, Context())
    mending = RedFlags(knowledge, lambda word: {"chesst": "chest"}.get(word, word))
    assert mending.of("chesst pain").detail == "cardiac"
    assert FLAGS.of("chesst pain").subject is None
