"""Misspelt words are mended towards the words of the content, and right ones never are."""

from __future__ import annotations

import pytest

from bot.nlu.encoder import SentenceEncoder
from bot.nlu.english import english_words
from bot.nlu.spelling import Speller
from bot.nlu.words import Word

PHRASES = [
    "epidural injection", "spinal cord stimulator", "nerve block", "sciatica", "cortisone shot",
    "physical therapy", "gabapentin", "ibuprofen", "numbness", "inflammation", "opioid",
    "medication", "ointment", "anti inflammatory", "scar tissue",
]  # fmt: skip


@pytest.fixture(scope="module")
def speller(encoder: SentenceEncoder) -> Speller:
    return Speller([p.split() for p in PHRASES], encoder.known_words | english_words())


def mended(speller: Speller, text: str) -> str:
    words, start = [], 0
    for word in text.split():
        words.append(Word(word, start, start + len(word)))
        start += len(word) + 1
    return " ".join(word.text for word in speller.mend(words))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("epideral", "epidural"),  # a wrong letter
        ("epidual", "epidural"),  # a missing one
        ("epidurral", "epidural"),  # one too many
        ("epidrual", "epidural"),  # two that changed places
        ("pidural", "epidural"),  # the first is missing
        ("apidural", "epidural"),  # the first is wrong
        ("peidural", "epidural"),  # the first two changed places
        ("gabbapentun", "gabapentin"),  # two of many
        ("ibuprophen", "ibuprofen"),
        ("kortizone", "cortisone"),  # by its sound
        ("sayatica", "sciatica"),
        ("epi dural", "epidural"),
        ("gaba pen tin", "gabapentin"),
        ("anti-inflammatory".replace("-", " "), "anti inflammatory"),
        ("nerveblock", "nerve block"),
        ("nerveblok", "nerve block"),
        ("spinalcord stimulator", "spinal cord stimulator"),
        ("spinalcordstimulator", "spinal cord stimulator"),
    ],
)
def test_a_word_is_mended_however_it_is_misspelt(speller: Speller, text: str, right: str):
    assert mended(speller, text) == right


@pytest.mark.parametrize(
    "text",
    [
        "meditation",
        "appointment",
        "epidermal",
        "optioned",
        "num",
        "opoi",  # too far for so few letters
        "x9dural",
        "nerve shock",
        "ther any",  # no piece of a long word
        "",
    ],
)
def test_other_words_are_left_alone(speller: Speller, text: str):
    assert mended(speller, text) == text


def test_a_mended_word_keeps_its_place(speller: Speller):
    words = [Word("epi", 3, 6), Word("dural", 7, 12), Word("nerveblock", 20, 30)]
    assert speller.mend(words) == [
        Word("epidural", 3, 12),
        Word("nerve", 20, 30),
        Word("block", 20, 30),
    ]


def test_pieces_that_are_apart_are_not_joined(speller: Speller):
    apart = [Word("epi", 0, 3), Word("dural", 9, 14)]
    assert speller.mend(apart) == apart
