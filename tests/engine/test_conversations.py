"""Conversations with the trained model: what a message means by what was said before it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.stage import Stage

Turn = tuple[str, str, str | None]
"""What is typed, and the subject and detail of the reply."""

CONVERSATIONS: dict[str, list[Turn]] = {
    "pronouns, kinds, a place in a list": [
        ("tell me what failed back surgery syndrome is", "definition", None),
        ("put that in simpler words", "definition", None),
        ("so how do you treat that condition", "treatments", None),
        ("and what about the injections", "treatment_detail", "injections"),
        ("which kinds do you have there", "treatment_detail", "injections"),
        ("tell me about the second one", "treatment_detail", "nerve_block"),
        ("ok thank you", "thanks", None),
        ("go back to what we talked about", "treatment_detail", "injections"),
    ],
    "a correction and the same question twice": [
        ("list the symptoms please", "symptoms", None),
        ("no sorry, i meant the causes of it", "causes", None),
        ("the last one on your list", "cause_detail", "scar_tissue"),
        ("thats not what i asked you, i want to know how common this is", "prevalence", None),
        ("how common is fbss", "prevalence", None),
        ("please make that shorter", "prevalence", None),
    ],
    "not that, what else": [
        ("what treatments are there for fbss", "treatments", None),
        ("no opioids for me, what else is there", "treatments", None),
        ("do you offer botox or nerve blocks", "treatment_detail", "nerve_block"),
        ("and the other one?", "treatment_detail", "botox"),
    ],
    "a no, a why, and what one cannot have": [
        ("how often does it fail like this", "prevalence", None),
        ("no thanks", "thanks", None),
        ("why is that", "causes", None),
        ("ok how is fbss treated", "treatments", None),
        ("i dont want needles, what is there without them", "treatments", None),
        ("the first one sounds good, what is it", "treatment_detail", "behavioral_health"),
    ],
    "an emergency is not let go of": [
        ("i suddenly cannot pee and my groin is numb", "emergency", "cauda_equina"),
        ("are you sure about that?", "emergency", "cauda_equina"),
        ("no", "emergency", "cauda_equina"),
        ("what is your phone number", "phone", None),
        ("thanks", "emergency", "cauda_equina"),
        ("what are the treatments of fbss", "treatments", None),
        ("thanks", "thanks", None),
    ],
}


@pytest.fixture
def stage(
    make_real: Callable[..., Stage], stocked_copy: Callable[[str, Path], str], tmp_path: Path
) -> Stage:
    return make_real(stocked_copy("sqlite", tmp_path / "careline.db"))


@pytest.mark.parametrize("turns", CONVERSATIONS.values(), ids=CONVERSATIONS)
async def test_a_message_is_understood_by_what_was_said_before(stage: Stage, turns: list[Turn]):
    conversation = stage.begin()
    said = []
    for text, subject, detail in turns:
        [*_, reply] = await stage.engine.answer(conversation, text)
        assert (reply.subject, reply.detail) == (subject, detail), text
        said.append(reply.text)
    assert len(set(said)) >= len(said) - 2, "hardly anything is said twice word for word"


async def test_an_emergency_route_is_the_first_sentence_of_every_reply_to_a_doubt(stage: Stage):
    conversation = stage.begin()
    for text in ("my chest hurts and i cannot breathe", "can that not wait?", "ok thanks", "no"):
        [reply] = await stage.engine.answer(conversation, text)
        assert "911" in reply.text.partition(". ")[0], text
