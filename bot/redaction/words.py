"""Words as redaction sees them, and the lists that decide whether one can be part of a name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path

from bot.nlu.english import english_words

_LISTS = Path(__file__).parent / "lists"

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_POSSESSIVE = ("'s", "’s")


class Looks(IntEnum):
    """How much a word by itself speaks for a name. More is more."""

    NOTHING = 0
    """A word of the language, or the name of something that is nobody."""

    WORD_TOO = 1
    """A name that is also a word: Will, Grace, Baker."""

    UNKNOWN = 2
    """In no list of words, or a family name that is no word: Kowalczyk."""

    GIVEN = 3
    """A given name and no other word: Denise."""


@dataclass(frozen=True)
class Word:
    """One word of a text, with its place: `text[start:end]`. A possessive 's does not belong."""

    written: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.written)

    @property
    def capitalised(self) -> bool:
        return is_capitalised(self.written)

    @property
    def common(self) -> bool:
        return is_common(self.written)

    @property
    def looks(self) -> Looks:
        return looks(self.written)

    @property
    def family(self) -> bool:
        return is_family_name(self.written)


def words_of(text: str) -> list[Word]:
    """The words of a text in order."""
    found = []
    for match in WORD.finditer(text):
        written = match.group()
        if written.lower().endswith(_POSSESSIVE):
            written = written[:-2]
        found.append(Word(written, match.start()))
    return found


@cache
def word_list(name: str) -> frozenset[str]:
    """The lower-case words of `lists/NAME.txt`; lines that start with # are remarks."""
    lines = (_LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def fixed_phrases() -> re.Pattern[str]:
    """What finds `Dr Pepper` and `Trader Joe`: the lines of `lists/phrases.txt`."""
    lines = (_LISTS / "phrases.txt").read_text(encoding="utf-8").splitlines()
    phrases = [re.escape(line) for line in lines if line and not line.startswith("#")]
    return re.compile(rf"\b(?:{'|'.join(phrases)})s?(?!\w)", re.IGNORECASE)


@cache
def _medical_endings() -> tuple[str, ...]:
    return tuple(word_list("medical_endings"))


def is_capitalised(word: str) -> bool:
    """Whether a word is written as names are: `Smith`, `O'Neil`, `McDonald`, `José`.

    `FBSS` is not.
    """
    return word[0].isupper() and (len(word) == 1 or any(c.islower() for c in word))


def is_common(word: str) -> bool:
    """Whether a word is too common in a visitor's sentence to be a name without evidence."""
    return word.lower().replace("’", "'") in word_list("common_words")


def is_in_dictionary(word: str) -> bool:
    """Whether a word is in the list of English words, which holds frequent names as well."""
    return is_common(word) or word.lower() in english_words()


def is_english(word: str) -> bool:
    """Whether a word is a word of the language and not only a name that stands in its list."""
    key = plain(word)
    names = (word_list("first_names"), word_list("family_names"))
    return key in english_words() and not any(key in known for known in names)


def is_family_name(word: str) -> bool:
    """Whether a word, or each part of `Hernandez-Quiroz`, is a frequent family name."""
    parts = plain(word).split("-")
    known = (word_list("family_names"), word_list("word_family_names"))
    return all(any(part in names for names in known) for part in parts)


def is_no_person(word: str) -> bool:
    """Whether a capital there names a diagnosis, a medicine, a maker, a hospital or a town."""
    return plain(word) in word_list("not_people")


def is_word_name(word: str) -> bool:
    """Whether a word is a given name that is also something else: Will, August, Mercedes."""
    return plain(word) in word_list("word_names")


@lru_cache(maxsize=4096)
def looks(word: str) -> Looks:
    """How much a word speaks for a name, whatever stands around it."""
    key = plain(word)
    if len(key) < 2:
        return Looks.NOTHING
    parts = key.split("-")
    if all(part in word_list("first_names") for part in parts):
        return Looks.GIVEN
    if is_word_name(key):
        return Looks.WORD_TOO
    if is_common(word) or is_no_person(key) or key.endswith(_medical_endings()):
        return Looks.NOTHING
    english = all(is_english(part) for part in parts)
    if is_family_name(key):
        return Looks.WORD_TOO if english else Looks.UNKNOWN
    return Looks.NOTHING if english else Looks.UNKNOWN


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """A word as the lists write it: lower case, straight apostrophe, no accents."""
    lower = word.lower().replace("’", "'").replace("đ", "d").replace("ł", "l").replace("ø", "o")
    split = unicodedata.normalize("NFKD", lower)
    return "".join(c for c in split if not unicodedata.combining(c))
