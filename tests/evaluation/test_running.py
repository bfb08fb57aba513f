from __future__ import annotations

import re

from bot.evaluation.reading import Dialogue, DialogueTurn, Question
from bot.evaluation.running import ask, ask_all, broken_patterns, converse, converse_all
from tests.evaluation.stub import StubBot, message, question


def turn(visitor: str, must: str = "", must_not: str = "") -> DialogueTurn:
    def patterns(text: str) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(p, re.IGNORECASE) for p in text.split())

    return DialogueTurn(visitor, patterns(must), patterns(must_not))


def dialogue(*turns: DialogueTurn, clinic: str = "temple", outage: bool = True) -> Dialogue:
    return Dialogue("talk", clinic, outage, turns, "dialogues.yml:1")


async def test_each_question_is_asked_in_a_fresh_conversation():
    bot = StubBot({"a question": [message("greet", "Hello.")]}, confidence=0.75)
    steps: list[int] = []
    outcomes = await ask_all(bot, [question("greet"), question("help")], lambda: steps.append(1))
    assert [o.verdict.right for o in outcomes] == [True, False]
    assert outcomes[0].confidence == 0.75
    assert [talk.said for talk in bot.talks] == [["a question"], ["a question"]]
    assert len(steps) == 2


async def test_a_question_is_asked_and_scored_at_its_own_clinic_and_moment():
    bot = StubBot({"hi": [message("phone", "Call 800-836-7536.")]})
    out = Question("hi", "phone", None, "temple", True, "f", 1)
    works = Question("hi", "phone", None, "temple", False, "f", 2)
    assert not (await ask(bot, out)).verdict.right
    assert (await ask(bot, works)).verdict.right
    assert [talk.setting for talk in bot.talks] == [("temple", True), ("temple", False)]


async def test_a_dialogue_is_held_in_one_conversation_to_its_end():
    bot = StubBot({"one": [message("greet", "Alpha")], "two": [message("greet", "Beta")]})
    held = await converse(bot, dialogue(turn("one", "alpha"), turn("two", "beta", "gamma")))
    assert held.passed
    assert [talk.said for talk in bot.talks] == [["one", "two"]]


async def test_a_dialogue_ends_at_its_first_failure_which_says_what_was_broken():
    bot = StubBot({"one": [message("greet", "Alpha"), message("greet", "gamma")]})
    held = await converse(bot, dialogue(turn("one", "beta alpha", "gamma"), turn("two")))
    assert held.failure is not None
    assert (held.failure.turn, held.failure.visitor) == (1, "one")
    assert held.failure.reply == "Alpha\ngamma"
    assert held.failure.broken == ("must: beta", "must not: gamma")
    assert bot.talks[0].said == ["one"]


async def test_every_dialogue_is_held_where_it_plays():
    bot = StubBot({})
    steps: list[int] = []
    held = await converse_all(
        bot,
        [dialogue(turn("x", "a")), dialogue(turn("x"), clinic="twin-cities", outage=False)],
        lambda: steps.append(1),
    )
    assert [h.passed for h in held] == [False, True]
    assert [talk.setting for talk in bot.talks] == [("temple", True), ("twin-cities", False)]
    assert len(steps) == 2


def test_button_titles_and_links_are_no_part_of_what_patterns_see():
    assert broken_patterns(turn("x", "alpha"), "") == ("must: alpha",)
