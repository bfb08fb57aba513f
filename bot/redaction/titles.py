"""Names by what stands beside them: a title, a degree, "here" or "speaking", a date of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redaction.model import Span
from bot.redaction.sentence import PARTICLES, Sentence, span_of
from bot.redaction.words import (
    Looks,
    Word,
    is_common,
    is_english,
    is_family_name,
    is_no_person,
    is_word_name,
    looks,
    plain,
)

_TITLE = re.compile(
    r"\b(?P<title>Mr|Mrs|Ms|Mx|Drs?|Prof|Miss|Doctor|Professor|Nurse|PA|NP|Sra?|Señora?|Pastor|Officer|Father|Sister|Rev|Reverend"
    r"|Judge|Attorney)"
    r"(?P<dot>\.?) {1,2}",
    re.IGNORECASE,
)
_PLAIN_TITLES = frozenset(("mr", "mrs", "dr", "drs", "prof", "doctor", "professor"))
_BESIDE = re.compile(
    r"(?:,? \(?(?P<degree>M\.?D\.?|D\.?O\.?|RN|NP|PA-C|PA|PhD|DPT|PT|LPN|APRN|CRNA|DC|OTR)\b"
    r"|(?P<birth>,? \(?(?:dob|d\.o\.b|date of birth|born)\b)"
    r"|(?P<kin> is my (?:[^\W\d_]{2,8} )?(?:wife|husband|spouse|partner|son|daughter|mother|mom"
    r"|father|dad|brother|sister|friend|aunt|uncle|cousin|niece|nephew|caregiver|aide)\b)"
    r"|(?P<here> (?:here|speaking|calling|writing)(?= ?(?:$|[.,;:!?\n-]| (?:with|about|for|from"
    r"|again|i|my)\b))))",
    re.IGNORECASE,
)
_STARTS = re.compile(
    r"(?:^|[.!?,;:\n-] {0,2}|\b(?:hi|hello|hey|morning|afternoon|evening) )$", re.I
)
_LONGEST_START = 12
_MOST_WORDS = 4
# What follows the name of a doctor, and not the word "dr" by itself.
_DID = frozenset(
    (
        *("said", "says", "told", "did", "does", "wants", "wanted", "is", "was", "put"),
        *("gave", "gives", "ordered", "thinks", "thought", "has", "had", "at", "in"),
        *("operated", "and", "did's", "never", "refused", "sent", "referred", "fused"),
        *("prescribed", "recommended"),
    )
)


# A name that is spelt out: K-O-W-A-L-S-K-I.
_SPELT = re.compile(r"(?<![\w-])(?:[A-Za-z]-){4,20}[A-Za-z](?![\w-])")


def titled(sentence: Sentence) -> Iterator[Span]:
    """Names after Mr, Mrs, Dr, Nurse and their like. The title stays."""
    for match in _TITLE.finditer(sentence.text):
        index = sentence.index_at(match.end())
        if index is not None and _is_titled(sentence, index, match):
            words = sentence.name_from(index)
            yield span_of(words[:_MOST_WORDS])


def _is_titled(sentence: Sentence, index: int, match: re.Match[str]) -> bool:
    """`Dr. Long`, `dr brown said`, `Nurse Becky`; not `Dr says`, `ms contin`, `Nurse Line`."""
    word = sentence.words[index]
    title = match["title"]
    if word.looks is Looks.GIVEN:
        return title.lower() != "pa" or not title.islower()
    if word.capitalised and plain(word.written) in PARTICLES:
        return sentence.leads_on(index)
    nobody = word.common or is_no_person(word.written)
    if len(word.written) < 2 or (nobody and not word.family):
        return False
    if word.capitalised and not title.islower():
        return word.family or word.looks > Looks.NOTHING
    courteous = title.lower() in ("mr", "mrs") or (title.lower() == "ms" and match["dot"])
    nurse = title.lower() == "nurse" and word.capitalised and not sentence.shouted
    if is_word_name(word.written) and (courteous or nurse):
        return True
    if title.lower() not in _PLAIN_TITLES:
        return False
    if is_word_name(word.written) and sentence.family_follows(index):
        return True
    if word.family:
        sure = not is_english(word.written) and not word.common
        return sure or sentence.next_plain(index) in _DID
    return word.looks is Looks.UNKNOWN and (word.capitalised or bool(match["dot"]))


# As a record has it: DVORAK,EMIL MRN 123
_LAST_FIRST = re.compile(
    r"(?<![\w-])(?P<last>[A-Z][A-Z'’-]{1,24}), ?(?P<first>[A-Z]{2,20})(?![\w-])"
    r"(?P<record>,? ?(?i:mrn|dob|\())?"
)


def last_first(sentence: Sentence) -> Iterator[Span]:
    """Names in capitals, the family name first."""
    for match in _LAST_FIRST.finditer(sentence.text):
        last = match["last"]
        if match["record"]:
            sure = not is_common(last)
        else:
            sure = looks(last) > Looks.WORD_TOO or is_family_name(last)
        if sure and looks(match["first"]) is Looks.GIVEN:
            yield Span(match.start(), match.end("first"), "name")


def spelt_out(sentence: Sentence) -> Iterator[Span]:
    """Names in single letters."""
    for match in _SPELT.finditer(sentence.text):
        yield Span(*match.span(), "name")


def with_credentials(sentence: Sentence) -> Iterator[Span]:
    """Names before `MD`, `DOB 3/4/60`, `here.` and `speaking.`"""
    if not sentence.words:
        return
    ends = {word.end: index for index, word in enumerate(sentence.words)}
    for match in _BESIDE.finditer(sentence.text):
        last = ends.get(match.start())
        if last is None:
            continue
        degree = match["degree"]
        if degree and (not degree[0].isupper() or sentence.shouted):
            continue
        words = _name_until(sentence, last)
        if match["kin"] and not any(word.looks > Looks.WORD_TOO for word in words):
            continue
        if words and (not match["here"] or _begins(sentence, words[0])):
            yield span_of(words)


def _name_until(sentence: Sentence, last: int) -> list[Word]:
    """The name of one to three words that ends at `last`; empty where it does not look like one."""
    first = last
    while last - first < _MOST_WORDS and first >= 0 and _belongs(sentence, first):
        first -= 1
        if first < 0 or not sentence.adjoins(first):
            break
    else:
        first = max(first, last - _MOST_WORDS)
    words = sentence.words[first + 1 : last + 1]
    if not any(word.looks > Looks.NOTHING or word.family for word in words):
        return []
    return words


def _belongs(sentence: Sentence, index: int) -> bool:
    word = sentence.words[index]
    if len(word.written) == 1:
        return word.capitalised and word.written not in "IA"
    if word.looks is Looks.GIVEN:
        return True
    if word.capitalised:
        return word.family or not (word.common or is_no_person(word.written))
    return word.looks is Looks.UNKNOWN and word.family


def _begins(sentence: Sentence, word: Word) -> bool:
    """Whether a word begins a sentence: `Hi, Will Abernathy here`, not `the pain here`."""
    before = sentence.text[max(0, word.start - _LONGEST_START) : word.start]
    return _STARTS.search(before) is not None or before.lower().rstrip(". ") in ("mrs", "mr", "ms")
