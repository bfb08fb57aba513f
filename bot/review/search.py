"""What somebody types into the search box, and what of a text it finds. Pure.

All words must occur in what a visitor typed or commented, in any order; the last one may be
unfinished. Words in double quotes must follow one another. There is nothing else to know, so
nothing that is typed can be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.conversations.words import TOO_COMMON, Word, folded, read, stem, stems_of_unfinished
from bot.review.model import Part

LEAST_UNFINISHED = 3
"""Letters that a beginning has at least: with fewer, half of all conversations would be found."""

MOST_TERMS = 10
SNIPPET = 140
"""Characters of a text around the first word found."""

_PHRASE = re.compile(r'["“”„]')


@dataclass(frozen=True)
class Term:
    """Words that must follow one another: pairs of a stem and its place after the first one.

    With `begins`, it is one word of which this much was typed, and `stems` are those of the words
    that may be meant (`stems_of_unfinished`).
    """

    words: tuple[tuple[str, int], ...]
    begins: str | None = None
    stems: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Search:
    """What is searched for, and the words that are not because every message has them."""

    terms: tuple[Term, ...]
    too_common: tuple[str, ...] = ()


def read_search(text: str) -> Search:
    """Takes any text."""
    terms: list[Term] = []
    common: list[str] = []
    pieces = _PHRASE.split(text)
    for position, piece in enumerate(pieces):
        words = [(piece[word.start : word.end], word.stem) for word in read(piece)]
        unfinished = _last_typed(piece, words) if position == len(pieces) - 1 else None
        if position % 2:
            terms += _following(words)
        else:
            rest = words[:-1] if unfinished else words
            terms += [Term(((stem_, 0),)) for _, stem_ in rest if stem_ not in TOO_COMMON]
            terms += [_unfinished(unfinished)] if unfinished else []
            common += [typed for typed, stem_ in rest if stem_ in TOO_COMMON]
    return Search(tuple(dict.fromkeys(terms))[:MOST_TERMS], tuple(dict.fromkeys(common)))


def marked(text: str, terms: Iterable[Term]) -> tuple[Part, ...]:
    """A text in parts, the words that one searched for apart; empty where there is none."""
    found = _places(read(text), list(terms))
    parts: list[Part] = []
    position = 0
    for start, end in found:
        if start > position:
            parts.append(Part(text[position:start]))
        parts.append(Part(text[start:end], is_found=True))
        position = end
    if parts and position < len(text):
        parts.append(Part(text[position:]))
    return tuple(parts)


def snippet(texts: Iterable[str], terms: Sequence[Term]) -> tuple[Part, ...]:
    """The piece of the texts, with marks, in which most of the terms were found."""
    best: tuple[int, str] = (0, "")
    for text in texts:
        count = sum(bool(_places(read(text), [term])) for term in terms)
        if count > best[0]:
            best = (count, text)
    count, text = best
    if not count:
        return ()
    start = _places(read(text), list(terms))[0][0]
    begin = text.rfind(" ", 0, max(0, start - SNIPPET // 3)) + 1
    cut = text[begin : begin + SNIPPET]
    before, after = "…" if begin else "", "…" if begin + SNIPPET < len(text) else ""
    parts = marked(cut, terms)
    return tuple(part for part in (Part(before), *parts, Part(after)) if part.text)


def _last_typed(piece: str, words: Sequence[tuple[str, str]]) -> str | None:
    """The word that somebody may still be typing."""
    ends_with_it = piece[-1:].isalnum() and bool(words)
    return words[-1][0] if ends_with_it and len(words[-1][0]) >= LEAST_UNFINISHED else None


def _following(words: Sequence[tuple[str, str]]) -> list[Term]:
    """The words of a phrase; those that are too common keep their places free."""
    kept = [(n, stem_) for n, (_, stem_) in enumerate(words) if stem_ not in TOO_COMMON]
    return [Term(tuple((stem_, n - kept[0][0]) for n, stem_ in kept))] if kept else []


def _unfinished(typed: str) -> Term:
    return Term(((stem(typed), 0),), folded(typed), stems_of_unfinished(typed))


def _places(words: Sequence[Word], terms: Iterable[Term]) -> list[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    for term in terms:
        for n in range(len(words)):
            here = _found_at(words, n, term)
            found.update((word.start, word.end) for word in here)
    return sorted(found)


def _found_at(words: Sequence[Word], n: int, term: Term) -> list[Word]:
    """The words of a term that begins at the n-th word of a text; none where it does not."""
    if term.begins is not None:
        this = words[n].stem
        return [words[n]] if this in term.stems else []
    here = [(words[n + offset], stem_) for stem_, offset in term.words if n + offset < len(words)]
    whole = len(here) == len(term.words) and all(word.stem == stem_ for word, stem_ in here)
    return [word for word, _ in here] if whole else []
