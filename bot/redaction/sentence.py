"""A message as the search for names reads it: its words, and how far a name goes from one on."""

from __future__ import annotations

import re
from functools import cached_property

from bot.redaction.model import Span
from bot.redaction.words import (
    Looks,
    Word,
    is_english,
    is_in_dictionary,
    is_no_person,
    is_word_name,
    plain,
    word_list,
    words_of,
)

_MOST_WORDS_IN_A_NAME = 5
_BETWEEN = re.compile(r"\.? {1,2}")
_AFTER_A_NAME = re.compile(
    r" {0,2}(?:$|[.,;:!?()\n/]|[-–—]|"
    r" (?:and|from|here|calling|speaking|dob|born|mrn"
    r"|my|i|i['’]?m|is|was|has|age|aged|again|lol)\b)",
    re.IGNORECASE,
)
_AFTER_A_NAME_ONLY = re.compile(r"[’']?s? {0,2}(?:$|[.,;:!?()\n])")
PARTICLES = frozenset(
    (
        *("de", "la", "del", "der", "den", "van", "von", "da", "dos", "di", "du", "le", "al"),
        *("el", "bin", "ibn", "ter"),
    )
)
_SAINTS = frozenset(
    (
        *("st", "saint", "ste", "san", "santa", "santo", "mount", "mt", "lake", "lac"),
        *("port", "fort", "ft", "camp", "eau"),
    )
)


class Sentence:
    """A message's text and words. Positions are those of the text, indices those of `words`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = words_of(text)
        self._at = {word.start: index for index, word in enumerate(self.words)}

    @cached_property
    def shouted(self) -> bool:
        """Whether it is written in capitals, which then say nothing."""
        letters = [c for c in self.text if c.isalpha()]
        return len(letters) > 3 and sum(c.isupper() for c in letters) > 0.8 * len(letters)

    @cached_property
    def headline(self) -> bool:
        """Whether Most Words Have Capitals, which then say little."""
        longer = [word for word in self.words if len(word.written) > 3]
        return len(longer) > 3 and sum(word.capitalised for word in longer) > 0.6 * len(longer)

    @cached_property
    def foreign(self) -> bool:
        """Whether most words are no English ones, so that `im` and `gia dinh` say little."""
        longer = [word for word in self.words if len(word.written) > 2]
        known = sum(is_in_dictionary(word.written) for word in longer)
        return len(longer) > 3 and known < 0.5 * len(longer)

    def index_at(self, position: int) -> int | None:
        """The word that begins at `position`, a quotation mark before it apart."""
        if self.text[position : position + 1] in ('"', "'", "“", "‘"):
            position += 1
        return self._at.get(position)

    def capital(self, index: int) -> bool:
        """Whether a word exists and is written as names are."""
        return index < len(self.words) and self.words[index].capitalised

    def adjoins(self, index: int) -> bool:
        """Whether only a space, or the full stop of an initial, parts a word from the next one."""
        if index + 1 >= len(self.words):
            return False
        word, following = self.words[index], self.words[index + 1]
        gap = self.text[word.end : following.start]
        return _BETWEEN.fullmatch(gap) is not None and ("." not in gap or len(word.written) <= 2)

    def next_plain(self, index: int) -> str:
        """The word after `index` as the lists write it; empty where none adjoins."""
        return plain(self.words[index + 1].written) if self.adjoins(index) else ""

    def ends_a_name(self, index: int) -> bool:
        """Whether what follows a word is what follows a name: an end, `and`, `from`, `calling`."""
        return _AFTER_A_NAME.match(self.text, self.words[index].end) is not None

    def stands_last(self, index: int) -> bool:
        """Whether a word ends a line or a part of a sentence."""
        return _AFTER_A_NAME_ONLY.match(self.text, self.words[index].end) is not None

    def names_a_thing(self, index: int) -> bool:
        """Whether a word belongs to the name of a place, a diagnosis, an exercise."""
        before = plain(self.words[index - 1].written) if index else ""
        if before in _SAINTS and self.adjoins(index - 1):
            return True
        near = self.words[index + 1 : index + 3]
        text = self.text[self.words[index].end : near[-1].end] if near else ""
        if re.search(r"[.,;:!?\n(]", text):
            near = near[:1] if re.fullmatch(r"['’]?s? ?", text[: text.find(" ") + 1]) else []
        return any(plain(word.written) in word_list("things") for word in near)

    def name_from(self, index: int) -> list[Word]:
        """The word at `index`, taken for a name, with those after it that belong to the name."""
        found = [self.words[index]]
        while len(found) < _MOST_WORDS_IN_A_NAME and self.adjoins(index):
            index += 1
            if not self._continues(found[-1], index):
                break
            found.append(self.words[index])
        while len(found) > 1 and len(found[-1].written) == 1 and not found[-1].capitalised:
            found.pop()
        return found

    def _continues(self, before: Word, index: int) -> bool:
        """Whether the word at `index` goes on with a name: `John Smith`, not `John hurts`."""
        word = self.words[index]
        if plain(word.written) in PARTICLES and (
            before.capitalised or plain(before.written) in PARTICLES
        ):
            return self.leads_on(index)
        if len(word.written) == 1:
            return word.capitalised and word.written not in "IA" and not before.written.isupper()
        if word.capitalised:
            listed = word.looks > Looks.NOTHING or word.family
            return listed or self._family_ends_it(index) or self._ends_it(before, word)
        if before.written.islower() != word.written.islower():
            return False
        if word.looks is Looks.GIVEN:
            return True
        if word.looks is Looks.UNKNOWN:
            followed = self.adjoins(index) and self.words[index + 1].family
            return word.family or followed or self.ends_a_name(index)
        is_name = word.family or is_word_name(word.written)
        ends = self.ends_a_name(index) or self.family_follows(index)
        return is_name and not word.common and ends

    def leads_on(self, index: int) -> bool:
        """Whether `de`, `la`, `van der` go on to a word with a capital."""
        while self.adjoins(index) and plain(self.words[index + 1].written) in PARTICLES:
            index += 1
        return self.adjoins(index) and self.capital(index + 1)

    def _ends_it(self, before: Word, word: Word) -> bool:
        """`Alan Kestrel`: any word with a capital after a given name, if capitals say something."""
        if before.looks is not Looks.GIVEN or word.common or is_no_person(word.written):
            return False
        return before.capitalised and not self.headline

    def _family_ends_it(self, index: int) -> bool:
        """`Mai See Xiong`: a word between a name and a family name, all with capitals."""
        return self.capital(index + 1) and self.family_follows(index)

    def family_follows(self, index: int) -> bool:
        """Whether a family name that is no word of the language comes next."""
        if not self.adjoins(index):
            return False
        following = self.words[index + 1]
        return following.family and not is_english(following.written)


def span_of(words: list[Word]) -> Span:
    """The stretch from the first to the last word of a name."""
    return Span(words[0].start, words[-1].end, "name")


def is_month(word: str) -> bool:
    """Whether a name is a month as well: `it's May` names nobody."""
    return plain(word) in word_list("months")
