"""What a visitor does not want to hear of, and what only sounds like it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.content.model import Snapshot
from bot.nlu.encoder import SentenceEncoder
from bot.nlu.matcher import DetailMatcher


@pytest.fixture(scope="module")
def excluded(
    encoder: SentenceEncoder, shipped: Snapshot, configured: Callable[[str], dict[str, Any]]
) -> Callable[[str], tuple[list[str], list[str]]]:
    """The details that a text excludes, and the others that it names; without emergency signs."""
    matcher = DetailMatcher(
        shipped, encoder.known_words, configured("DetailExtractor")["exclusion"]
    )

    def of(text: str) -> tuple[list[str], list[str]]:
        found = [m for m in matcher.find(text) if m.entity != "emergency_sign"]
        return [m.detail for m in found if m.excluded], [m.detail for m in found if not m.excluded]

    return of


Excluded = Callable[[str], tuple[list[str], list[str]]]


@pytest.mark.parametrize(
    ("text", "out", "rest"),
    [
        ("not opioids, what else is there", ["opioids"], []),
        ("what is there besides injections", ["injections"], []),
        ("anything but pills", ["medication"], []),
        ("other than surgery or injections", ["injections"], []),
        ("treat it without a stimulator", ["stimulation"], []),
        ("i dont want shots", ["injections"], []),
        ("I really don't want to take any more pills", ["medication"], []),
        ("no opioids please", ["opioids"], []),
        ("non-opioid options", ["opioids"], []),
        ("drug free treatment", ["medication"], []),
        ("i cant take nsaids", ["nsaids"], []),
        ("it is not scar tissue", ["scar_tissue"], []),
        ("what do you have that isn't medication", ["medication"], []),
        ("i'd prefer not to have an epidural", ["epidural"], []),
        ("sick of needles and meds", ["injections", "medication"], []),
        ("no pills, injections or botox", ["medication", "injections", "botox"], []),
        ("pills didn't work, what else", ["medication"], []),
        ("injections and pills did not help me", ["injections", "medication"], []),
        ("opioids aside, what can you do", ["opioids"], []),
        ("botox is not an option for me", ["botox"], []),
        ("not opioids, injections", ["opioids"], ["injections"]),
        ("not opioids but botox", ["opioids"], ["botox"]),
        ("a nerve block instead of opioids", ["opioids"], ["nerve_block"]),
        ("i have no numbness, is tingling a symptom", ["numbness"], ["tingling"]),
        ("besides acupuncture", ["not_listed"], []),
    ],
)
def test_a_cue_excludes_what_stands_in_its_scope(
    excluded: Excluded, text: str, out: list[str], rest: list[str]
):
    assert excluded(text) == (out, rest)


@pytest.mark.parametrize(
    "text",
    [
        "is numbness not a symptom",
        "why can't i sleep",
        "why am i not sleeping",
        "i can't feel my leg",
        "i am not able to move",
        "i can't stop taking my pills",
        "can't live without my pills",
        "no strength in my legs",
        "isn't botox a treatment",
        "don't injections help",
        "is it not scar tissue",
        "why not opioids",
        "why can't i take nsaids",
        "are opioids not an option",
        "not only opioids",
        "nothing but pills",
        "no, injections",
        "no i meant injections",
        "is it an injection or not",
        "not sure what an epidural is",
    ],
)
def test_what_only_sounds_like_it_excludes_nothing(excluded: Excluded, text: str):
    out, rest = excluded(text)
    assert out == []
    assert rest


def test_a_message_that_names_nothing_excludes_nothing(excluded: Excluded):
    for text in ("", "not", "besides", "no no no", "without and or ,"):
        assert excluded(text) == ([], [])
