"""Which parts of a message ask, and when two of them are worth two answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.nlu.questions import LEAST_CONFIDENCE, Questions, worth_answering_both

ANSWERABLE = frozenset({"causes", "treatments", "appointment"})


@pytest.fixture(scope="module")
def questions() -> Questions:
    return Questions()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("what causes it and how is it treated?", ["what causes it", "and how is it treated?"]),
        (
            "Hello there. What is it? Also, how do I book?",
            ["What is it?", "Also, how do I book?"],
        ),
        ("whats it called\nhow is it treated", ["whats it called", "how is it treated"]),
        ("WHAT IS IT, AND DO YOU TREAT IT", ["WHAT IS IT", "AND DO YOU TREAT IT"]),
        ("what about pain and weakness?", ["what about pain and weakness?"]),
        (
            "Two things: what is it, and how do I book?",
            ["what is it", "and how do I book?"],
        ),
        ("hi, can i ask, is it common?", ["can i ask, is it common?"]),
        ("my back, my leg, it hurts", []),
        ("My back hurts and I can't sleep.", []),
        ("Why? I had surgery. Is it normal?", ["Is it normal?"]),
        ("", []),
        ("?!", []),
    ],
)
def test_a_message_is_cut_where_another_question_begins(
    questions: Questions, text: str, parts: list[str]
):
    assert questions.of(text) == parts


def parsed(intent: str, confidence: float = 0.9) -> dict[str, Any]:
    return {"intent": {"name": intent, "confidence": confidence}}


def test_two_clear_questions_about_different_things_are_both_answered():
    parts = [parsed("causes", LEAST_CONFIDENCE), parsed("treatments")]
    assert worth_answering_both(parsed("treatments"), parts, ANSWERABLE)


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("causes", [parsed("causes"), parsed("causes")]),
        ("causes", [parsed("causes"), parsed("treatments", LEAST_CONFIDENCE - 0.01)]),
        ("causes", [parsed("causes"), parsed("greet")]),
        ("emergency", [parsed("causes"), parsed("treatments")]),
        ("causes", [parsed("causes"), parsed("treatments"), parsed("appointment")]),
        ("causes", [parsed("causes")]),
    ],
)
def test_anything_else_gets_one_answer(whole: str, parts: list[dict[str, Any]]):
    assert not worth_answering_both(parsed(whole), parts, ANSWERABLE)
