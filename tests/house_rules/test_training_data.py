"""Training messages: enough of each subject, and none that says two things at once."""

from __future__ import annotations

from collections import Counter, defaultdict

from bot.content.subjects import SUBJECTS
from bot.folding import folded
from tests.house_rules.source import listed
from tests.house_rules.training import Example, examples

FEWEST = 50
FEWEST_OUT_OF_SCOPE = 300
"""Everything else in the world is more than any one subject."""


def copies() -> dict[str, list[Example]]:
    """Messages that stand more than once, by their text without case and punctuation."""
    found: dict[str, list[Example]] = defaultdict(list)
    for example in examples():
        found[folded(example.text)].append(example)
    return {text: those for text, those in found.items() if len(those) > 1}


def test_each_subject_has_enough_messages() -> None:
    counts = Counter(example.intent for example in examples())
    assert {subject: counts[subject] for subject in SUBJECTS if counts[subject] < FEWEST} == {}
    assert counts["out_of_scope"] >= FEWEST_OUT_OF_SCOPE


def test_no_message_belongs_to_two_intents() -> None:
    torn = {text: those for text, those in copies().items() if len({e.intent for e in those}) > 1}
    assert not torn, listed(torn.items())


def test_no_message_stands_twice() -> None:
    assert not copies(), listed(copies().items())


def test_a_message_is_plain_text_without_marks_for_entities() -> None:
    """Details are found by the words in the content store, so that a new one needs no training."""
    marked = [e for e in examples() if "](" in e.text or "]{" in e.text]
    assert not marked, listed(marked)


def test_messages_are_compared_without_case_and_punctuation_but_a_smiley_as_it_is() -> None:
    assert folded("What  IS it?!") == folded("what is it")
    assert folded("I don’t") == folded("i dont")
    assert folded(":)") != folded(":(")
    assert folded("👍") != folded("👎")
