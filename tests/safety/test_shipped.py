"""The wordings that ship: whole, sourced, and quick whatever is sent."""

from __future__ import annotations

import random
import re
import time
import unicodedata
from collections.abc import Iterator

import pytest

from bot.chat.requests import MAX_TEXT
from bot.content import live
from bot.content.model import LIBRARY
from bot.paths import SAFETY_DIR
from bot.safety.files import read_knowledge
from bot.safety.model import CRISIS, DETAILS, Concept
from bot.safety.shipped import red_flags

KNOWLEDGE = read_knowledge(SAFETY_DIR)
MOST_SECONDS = 2.0
"""For the longest message there can be, while coverage is measured; matching that goes wrong would
take minutes. A message of usual length takes less than a thousandth.
"""


@pytest.mark.parametrize("concept", KNOWLEDGE.concepts.values(), ids=lambda c: str(c.name))
def test_a_concept_names_who_says_so_and_where(concept: Concept) -> None:
    assert re.fullmatch(r"[^,]+, .+, https://\S+", concept.source)
    assert concept.title[0].isupper()


def test_there_are_concepts_for_every_kind_of_emergency_and_an_answer_to_it() -> None:
    assert {concept.detail for concept in KNOWLEDGE.concepts.values()} == set(DETAILS)
    for detail in set(DETAILS) - {CRISIS}:
        assert live.shipped().answer(LIBRARY, "emergency", detail)


def test_every_group_is_used() -> None:
    wordings = [w for concept in KNOWLEDGE.concepts.values() for w in concept.wordings]
    wordings += [phrase for phrases in vars(KNOWLEDGE.context).values() for phrase in phrases]
    used = set(re.findall(r"<(\w+)>", " ".join(wordings)))
    assert set(KNOWLEDGE.groups) - used == set()


@pytest.mark.parametrize(
    ("text", "subject", "detail"),
    [
        ("numb between my legs and can't pee since this morning", "emergency", "cauda_equina"),
        ("i cant move my legs all of a sudden", "emergency", "severe_neuro"),
        ("crushing chest pain going down my left arm", "emergency", "cardiac"),
        ("her face is drooping and she slurs", "emergency", "stroke"),
        ("i cant breathe", "emergency", "breathing"),
        ("my mom wont wake up after her pills", "emergency", "overdose"),
        ("i took the whole bottle of oxycodone", "emergency", "overdose"),
        ("incision is oozing pus and i have a fever of 102.4", "emergency", "infection"),
        ("it is bleeding and it wont stop", "emergency", "bleeding"),
        ("i want to kill myself", "crisis", None),
        ("im not suicidal but if a truck came i would not move", "crisis", None),
    ],
)
def test_what_nobody_may_miss(text: str, subject: str, detail: str | None) -> None:
    flag = red_flags().of(text)
    assert (flag.subject, flag.detail) == (subject, detail)


@pytest.mark.parametrize(
    "text",
    [
        "is loss of bladder control a symptom?",
        "no trouble with my bladder, just stiff",
        "this pain is killing me, what treatments are there",
        "my phone died, can i book here",
        "how do spinal cord stimulators work",
        "my toe has been numb for years",
        "had a heart attack in 2012, all good since. which pills are given for nerve pain",
    ],
)
def test_what_only_sounds_like_it(text: str) -> None:
    assert red_flags().of(text).subject is None


def hostile() -> Iterator[str]:
    """1,000 strings that are no messages: controls, bidi, zero width, repeats, mixed scripts."""
    random_ = random.Random(4)
    kinds = ("Cc", "Cf", "Mn", "Zs", "Lo", "So", "Ll", "Nd", "Po")
    by_kind: dict[str, list[str]] = {kind: [] for kind in kinds}
    for code in range(0x30000):
        if unicodedata.category(chr(code)) in by_kind:
            by_kind[unicodedata.category(chr(code))].append(chr(code))
    words = ["can't", "pee", "suicidal", "not", "a", "'", "9.9", ".", "\n", "\u202e", "\u200b"]
    for number in range(1_000):
        mixture = [random_.choice(by_kind[random_.choice(kinds)]) for _ in range(40)] + words
        if number % 4 == 0:
            yield (random_.choice(mixture) * MAX_TEXT)[:MAX_TEXT]
        else:
            yield "".join(random_.choices(mixture, k=random_.choice((1, 30, MAX_TEXT))))


def test_no_string_raises_or_takes_long() -> None:
    red_flags()  # reading the files is no part of it
    slowest = 0.0
    for text in hostile():
        begun = time.process_time()
        red_flags().of(text)
        slowest = max(slowest, time.process_time() - begun)
    assert slowest < MOST_SECONDS


def test_a_message_of_nothing_but_signs_takes_no_longer() -> None:
    wordings = [w for c in KNOWLEDGE.concepts.values() for w in c.wordings]
    plain = re.sub(r"<(\w+)>", lambda found: KNOWLEDGE.groups[found[1]][0], " ".join(wordings))
    begun = time.process_time()
    for start in range(0, len(plain), MAX_TEXT):
        red_flags().of(plain[start : start + MAX_TEXT])
    assert time.process_time() - begun < MOST_SECONDS * (len(plain) // MAX_TEXT + 1)
