"""Questions about one's own case, through the trained model: who can say, and what is known."""

from __future__ import annotations

import pytest

from tests.engine.stage import Stage

LEAD = "In general, and not about your own case:"


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Should I stop my gabapentin?", "Anti-epileptics are part of medication management"),
        ("can i double my oxycodone tonight", "Weak and strong opioids are part of"),
        ("do I have FBSS", "Failed back surgery syndrome (FBSS) is a condition"),
        ("should I get a spinal cord stimulator", "Temple Health offers spinal cord stimulation"),
    ],
)
async def test_the_fact_comes_after_who_can_say(real: Stage, text: str, fact: str):
    [reply] = await real.engine.answer(real.begin(), text)
    assert reply.subject == "medical_advice"
    advice, lead, general = reply.text.partition(LEAD)
    assert "Only your doctor or another provider who knows you can say" in advice
    assert "myTempleHealth" in advice
    assert lead
    assert general.strip().startswith(fact)
    assert reply.source is not None
    assert reply.buttons


async def test_where_nothing_is_named_nothing_is_told(real: Stage):
    [reply] = await real.engine.answer(real.begin(), "What should I do now, in your opinion?")
    assert reply.subject == "medical_advice"
    assert LEAD not in reply.text
    assert reply.source is None
