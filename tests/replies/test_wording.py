"""The same answer said otherwise."""

from __future__ import annotations

import pytest

from bot.content.model import LIBRARY, Answer, AnswerLink
from bot.replies import wording


def answer(text: str, **more: object) -> Answer:
    return Answer(1, 1, LIBRARY, "causes", None, "Title", text, **more)  # type: ignore[arg-type]


def test_simpler_words_stand_in_for_the_text_where_there_are_some():
    both = answer("Hard.", simpler="Easy.")
    assert wording.simpler(both).text == "Easy."
    assert wording.says_simpler(wording.simpler(both))
    assert not wording.says_simpler(both)
    assert wording.simpler(answer("Hard.")).text == "Hard."
    assert not wording.says_simpler(answer("Hard."))


@pytest.mark.parametrize(
    ("text", "items", "short"),
    [
        ("One. Two. Three.", (), "One."),
        ("One? Two.", (), "One?"),
        ("Only one", (), "Only one"),
        ("One. Two. {route} {emergency}", (), "One. {route} {emergency}"),
        ("{route}", (), "{route}"),
        ("One. Two. These are:", ("a",), "These are:"),
        ("One. Two.", ("a",), "One."),
    ],
)
def test_shorter_is_the_heart_of_it(text: str, items: tuple[str, ...], short: str):
    assert wording.shorter(answer(text, items=items)).text == short


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("One. Two.", "One."),
        ("Yes, one is listed. Two.", "One is listed."),
        ("No. We do not have one. Two.", "We do not have one."),
        ("None of these. Two.", "None of these."),
        ("These are some: A fact. Kinds are:", "A fact."),
        ("One. {route} {emergency}", "One."),
        ("One. Two. Text 988 at any hour.", "One. Text 988 at any hour."),
    ],
)
def test_a_general_fact_answers_nobody_s_question(text: str, fact: str):
    link = AnswerLink("Text 988", "sms:988")
    said = wording.general(answer(text, items=("a",), links=(link,)))
    assert said is not None
    assert (said.text, said.items) == (fact, ())


@pytest.mark.parametrize("text", ["Kinds are:", "{route}", "Yes, these:"])
def test_what_only_introduces_a_list_is_no_general_fact(text: str):
    assert wording.general(answer(text, items=("a",))) is None


def test_a_lead_stands_in_the_same_line():
    assert wording.led(answer("Lead:"), answer("Text.")).text == "Lead: Text."


def test_a_frame_stands_before_the_text_and_after_its_list():
    frame = answer("Frame.")
    assert wording.framed(answer("Text."), before=frame).text == "Frame.\nText."
    assert wording.framed(answer("Text."), after=frame).text == "Text.\nFrame."
    listed = answer("Text:", items=("a",))
    assert wording.framed(listed, after=frame).text == "Text:\n{items}\nFrame."
    placed = answer("Text:\n{items}\nEnd.", items=("a",))
    assert wording.framed(placed, after=frame).text == "Text:\n{items}\nEnd.\nFrame."


def test_what_is_excluded_is_neither_listed_nor_offered():
    given = answer("Text:", items=("a", "b"), offers=("causes", "cause_detail/a", "cause_detail/b"))
    left = wording.without(given, {"a"})
    assert left.items == ("b",)
    assert left.offers == ("causes", "cause_detail/b")
    assert wording.without(given, ()) == given


def test_the_emergency_sentence_comes_last():
    assert wording.with_emergency(answer("Text.")).text == "Text. {emergency}"
