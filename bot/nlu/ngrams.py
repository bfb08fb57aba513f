"""The n-grams of a text, and how much each weighs in it.

What scikit-learn's `TfidfVectorizer` has (analyzers `char_wb` and `word`, sublinear counts), for
one text at a time and without scikit-learn: a server need not hold its 40 MB. Pure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

CHARACTERS = (2, 3, 4)
"""Lengths of the pieces of a word, which is counted with a space at both ends."""

WORD = re.compile(r"[\w']+")


def characters(text: str) -> list[str]:
    """The pieces of each word, in order; a word too short for a length is one piece, once."""
    found: list[str] = []
    for word in text.lower().split():
        padded = f" {word} "
        for size in CHARACTERS:
            if size >= len(padded):
                found.append(padded)
                break
            found += [padded[at : at + size] for at in range(len(padded) - size + 1)]
    return found


def words(text: str) -> list[str]:
    """The words, then the pairs of words."""
    found = WORD.findall(text.lower())
    return found + [f"{first} {second}" for first, second in zip(found, found[1:])]


KINDS: Mapping[str, Callable[[str], list[str]]] = {"characters": characters, "words": words}


class Ngrams:
    """The TF-IDF of one kind of n-gram, for one text at a time."""

    def __init__(self, kind: str, known: Sequence[str], idf: np.ndarray, first: int):
        """`idf` is how rare each of the `known` n-grams is; `first`: the place of this kind's first
        n-gram among all kinds'.
        """
        self.known, self.idf = known, idf
        self._ngrams_of = KINDS[kind]
        self._places = {ngram: place for place, ngram in enumerate(known)}
        self._first = first

    def of(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The places of the n-grams that are known, and their weights: a vector of length one."""
        places = self._places
        counts = Counter(places[ngram] for ngram in self._ngrams_of(text) if ngram in places)
        found = np.fromiter(counts.keys(), dtype=np.intp, count=len(counts))
        times = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(times)) * self.idf[found]
        return found + self._first, weights / max(float(np.linalg.norm(weights)), 1e-9)
