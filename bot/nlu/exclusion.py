"""Finds what a visitor does not want to hear of: "not opioids, what else", "besides surgery".

A cue opens a scope, and the names in it are excluded. The scope ends at the first word that neither
belongs to a name nor stands between names, so that "is numbness not a symptom" excludes nothing.
Pure: no Rasa, no database. The cues are data (`config.yml`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.util import filter_spans
from spacy.vocab import Vocab

from bot.nlu.words import NOT, WordReader

Cues = Mapping[str, Sequence[str]]
"""Phrases by their use; `Exclusion` says which uses there are."""

Place = tuple[int, int]
"""First word of a name and the one after its last, in a message."""

BEFORE, AFTER, HARMLESS = "before", "after", "harmless"
JOINS = frozenset({"and", "or", "nor"})
COMMA = ","


class Exclusion:
    """Tells which of the names found in a message are excluded.

    `before` cues stand before what they exclude, with none but `fillers` between; `after` cues
    behind it, with none but `links` between. `harmless` phrases hold a cue but exclude nothing.
    `adverbs` may stand inside all three. A plain "not"
    excludes what follows at once, but not in a question: after one of `auxiliaries` it does so
    only where one of `subjects` comes before that ("it is not", but "is it not", "isn't"), and
    never after one of `asking` ("why not").
    """

    def __init__(self, vocab: Vocab, reader: WordReader, cues: Cues):
        self._words = {
            use: frozenset(w.text for phrase in cues.get(use, ()) for w in reader.read(phrase))
            for use in ("fillers", "links", "determiners", "auxiliaries", "subjects", "asking")
        }
        self._matcher = Matcher(vocab)
        adverbs: dict[str, Any] = {"ORTH": {"IN": list(cues.get("adverbs", ()))}, "OP": "?"}
        for use in (BEFORE, AFTER, HARMLESS):
            patterns = [_pattern(reader, phrase, adverbs) for phrase in cues.get(use, ())]
            if patterns:
                self._matcher.add(use, patterns)

    def of(self, doc: Doc, names: Sequence[Span]) -> frozenset[Place]:
        """The places of the excluded ones among the names of a message."""
        places = {(name.start, name.end) for name in names}
        inside = {at for start, end in places for at in range(start, end)}
        found: set[Place] = set()
        for cue in filter_spans(self._matcher(doc, as_spans=True)):
            if cue.label_ == HARMLESS or inside.intersection(range(cue.start, cue.end)):
                continue  # "can't sleep" is the name of a symptom
            if cue.label_ == AFTER:
                found |= self._behind(doc, places, cue.start)
            elif cue.text == NOT:
                if not self._asks(doc, cue.start):
                    found |= self._ahead(doc, places, cue.end, self._words["determiners"])
            else:
                found |= self._ahead(doc, places, cue.end, self._words["fillers"])
        return frozenset(found)

    def _asks(self, doc: Doc, at: int) -> bool:
        """Whether the "not" at a place belongs to a question: "isn't", "is it not", "why not"."""
        before, earlier = _word(doc, at - 1), _word(doc, at - 2)
        if before in self._words["asking"]:
            return True
        if before in self._words["auxiliaries"]:
            return earlier not in self._words["subjects"]
        return before in self._words["subjects"] and earlier in self._words["auxiliaries"]

    def _ahead(self, doc: Doc, places: set[Place], at: int, fillers: frozenset[str]) -> set[Place]:
        """The names from `at` on, up to the first that is not joined to the one before.

        A comma alone joins only in a list that goes on to an "and" or "or": in "not pills,
        injections" the second one is what is wanted.
        """
        found: set[Place] = set()
        waiting: set[Place] = set()
        joined = True
        while True:
            while _word(doc, at) in fillers:
                at += 1
            here = {place for place in places if place[0] == at}
            if not here:
                return found
            waiting |= _within(places, here)
            at, comma, word = _joiner(doc, max(end for _, end in here))
            if joined or word:
                found |= waiting
            if not (comma or word):
                return found
            joined = word

    def _behind(self, doc: Doc, places: set[Place], at: int) -> set[Place]:
        """The names that end before `at`, and those joined to them."""
        found: set[Place] = set()
        while True:
            while _word(doc, at - 1) in self._words["links"]:
                at -= 1
            here = {place for place in places if place[1] == at}
            if not here:
                return found
            found |= _within(places, here)
            at = min(start for start, _ in here)
            if _word(doc, at - 1) not in JOINS | {COMMA}:
                return found
            at -= 1


def _joiner(doc: Doc, at: int) -> tuple[int, bool, bool]:
    """Where the words that join two names end, and whether a comma and whether a word does."""
    comma = _word(doc, at) == COMMA
    at += comma
    word = _word(doc, at) in JOINS
    return at + word, comma, word


def _within(places: set[Place], outer: set[Place]) -> set[Place]:
    """The places that lie inside of others: another kind of thing may have the same words."""
    return {p for p in places if any(start <= p[0] and p[1] <= end for start, end in outer)}


def _pattern(reader: WordReader, phrase: str, adverbs: dict[str, Any]) -> list[dict[str, Any]]:
    pattern: list[dict[str, Any]] = []
    for word in reader.read(phrase):
        if pattern:
            pattern.append(adverbs)
        pattern.append({"ORTH": word.text})
    return pattern


def _word(doc: Doc, at: int) -> str:
    """The word at a place, empty beyond either end."""
    return doc[at].text if 0 <= at < len(doc) else ""
