"""A misspelt word becomes the one that is meant, and a right one never changes."""

from __future__ import annotations

import pytest

from bot.nlu.encoder import SentenceEncoder
from bot.nlu.english import english_words
from bot.nlu.nearest_word import MOST_REMEMBERED, NearestWord

MEANT = {"epidural": 3, "sciatica": 2, "numbness": 1, "epiduralshot": 0}


@pytest.fixture(scope="module")
def nearest(encoder: SentenceEncoder) -> NearestWord:
    return NearestWord(MEANT, encoder.known_words | english_words())


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("epidurral", "epidural"),
        ("sayatica", "sciatica"),
        ("epiduralshott", "epiduralshot"),
        ("epi", "epi"),  # too short to tell
        ("numb2ess", "numb2ess"),  # no word
        ("xylophonic", "xylophonic"),  # near to nothing
    ],
)
def test_a_misspelt_word_becomes_the_nearest_one(nearest: NearestWord, word: str, meant: str):
    assert nearest.of(word) == meant


def test_no_right_word_of_english_is_ever_changed(nearest: NearestWord):
    changed = [word for word in english_words() if nearest.of(word) != word]
    assert changed == []


def test_a_known_word_that_is_nearer_is_what_was_meant(encoder: SentenceEncoder):
    nearest = NearestWord({"meditative": 1}, encoder.known_words | english_words())
    assert nearest.of("medicatio") == "medicatio"
    assert nearest.of("meditativ") == "meditative"


def test_of_equally_near_words_the_most_common_is_taken():
    assert NearestWord({"infection": 1, "injection": 2}, frozenset()).of("inyection") == "injection"
    assert NearestWord({"infection": 2, "injection": 1}, frozenset()).of("inyection") == "infection"


def test_what_is_only_ever_a_mistake_is_not_right(nearest: NearestWord):
    assert nearest.is_right("epidural")
    assert nearest.is_right("spoon")
    assert not nearest.is_right("epiduralshot")


def test_the_memory_of_mended_words_has_an_end(nearest: NearestWord):
    letters = "abcdefghijklmnopqrstuvwxyz"
    for number in range(MOST_REMEMBERED + 10):
        name = "".join(letters[number // 26**place % 26] for place in range(4))
        nearest.of(f"qx{name}")
    assert 0 < len(nearest._mended) <= MOST_REMEMBERED + 1
    assert nearest.of("epideral") == "epidural"
