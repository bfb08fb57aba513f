"""The words of a text as the search compares them: lower case, no accents, no endings. Pure.

One reading for both databases, so that a search finds the same on either, and the words that it
found can be marked in the text. Endings go by the Snowball rules for English.

The index holds no words but numbers made of them, `key`. SQLite overwrites what it deletes, yet
where a page of a growing index was divided it may leave copies behind: these are then no words.

What is stored follows these rules: a change here needs a migration that reads all texts again.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from itertools import islice

import Stemmer

from bot.nlu.english import english_words
from bot.redaction.redact import KINDS

LONGEST_WORD = 40
"""A longer one is cut: nobody searches for the end of it."""

_MASK = rf"\[(?:{'|'.join(sorted(KINDS))})\]"
_LETTER = r"(?:[^\W_]|[\u0300-\u036f])"
_TOKEN = re.compile(rf"(?P<mask>{_MASK})|{_LETTER}+(?:['’]{_LETTER}+)*")

TOO_COMMON = frozenset(
    {
        "a", "about", "am", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can",
        "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "his",
        "how", "i", "if", "im", "in", "is", "it", "its", "ive", "me", "my", "of", "on", "or",
        "our", "she", "so", "some", "that", "the", "their", "them", "there", "they", "this", "to",
        "was", "we", "were", "what", "when", "which", "will", "with", "would", "you", "your",
    }
)  # fmt: skip
"""Words of nearly every message: they are not kept, which halves what a turn has to write, and not
searched for. "no", "not" and "after" are not among them.
"""

_local = threading.local()


@dataclass(frozen=True)
class Word:
    """A word as it is compared, and where it stands in the text."""

    stem: str
    start: int
    end: int


def read(text: str) -> list[Word]:
    """The words of a text, in order; what redaction put in place of others is none."""
    found = []
    for match in _TOKEN.finditer(text):
        kept = None if match["mask"] else stem(match.group())
        if kept:
            found.append(Word(kept, match.start(), match.end()))
    return found


def places(text: str) -> list[tuple[int, Word]]:
    """Those words that are kept, each with its place among all words of the text."""
    return [(n, word) for n, word in enumerate(read(text)) if word.stem not in TOO_COMMON]


def folded(word: str) -> str:
    """A word in lower case, without accents and apostrophes."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in parts if each.isalnum())[:LONGEST_WORD]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A word without its ending; empty where it has no letter or figure."""
    plain = folded(word)
    if plain in TOO_COMMON:
        return plain
    return str(_stemmer().stemWord(plain))[:LONGEST_WORD]


@lru_cache(maxsize=20_000)
def key(stem_: str) -> int:
    """The number by which a stem is found: 64 bits of a hash, as the databases' integers are."""
    return int.from_bytes(blake2b(stem_.encode(), digest_size=8).digest(), "big", signed=True)


def stems_of_unfinished(word: str) -> frozenset[str]:
    """Stems of the words that may be meant where somebody has typed as far as `word`.

    These are the English ones that begin like this ("injectio": "inject", the stem of "injection"),
    and the word as it is.
    """
    begun = folded(word)
    first = bisect_left(_english(), begun)
    found = {stem(word)}
    for each in islice(_english(), first, None):
        if not each.startswith(begun):
            break
        found.add(str(_stemmer().stemWord(each)))
    return frozenset(found - TOO_COMMON)


@cache
def _english() -> list[str]:
    return sorted(english_words())


def _stemmer() -> Stemmer.Stemmer:
    """This thread's own: the library's are not made for several threads."""
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english")
    stemmer: Stemmer.Stemmer = _local.stemmer
    return stemmer
