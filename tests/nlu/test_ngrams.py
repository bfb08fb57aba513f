"""N-grams are those that scikit-learn finds, in its order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.ngrams import KINDS

THEIRS = {
    "characters": TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4)),
    "words": TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)[\w']+"),
}


@pytest.mark.parametrize("kind", KINDS)
@given(text=st.text(alphabet=st.sampled_from("aB é背1'-.,\t\n _İß"), max_size=30))
def test_the_ngrams_are_those_of_scikit_learn(kind: str, text: str):
    assert KINDS[kind](text) == THEIRS[kind].build_analyzer()(text)


def test_a_short_word_is_counted_once():
    assert KINDS["characters"]("a it") == [
        " a",
        "a ",
        " a ",
        " i",
        "it",
        "t ",
        " it",
        "it ",
        " it ",
    ]


def test_words_come_with_their_pairs():
    assert KINDS["words"]("What's the cause?") == [
        "what's",
        "the",
        "cause",
        "what's the",
        "the cause",
    ]
