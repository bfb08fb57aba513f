"""Names of people, found by the words that introduce them.

Without an introduction a name is not guessed at: a wrong mask would hide a symptom. "I am" and
"I'm" introduce states far more often than names ("I'm tired", "I am Numb"), so they need more
evidence than "my name is".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.redaction.model import Span
from bot.redaction.words import WORD, is_capitalised, is_common, is_first_name

_MOST_WORDS_IN_A_NAME = 3

# What follows is a name in any spelling, unless it starts with a common word ("my name is not
# ...").
_CLEAR = re.compile(
    r"\b(?:(?:my|his|her|their|the|patient'?s?|full|last|first|maiden) name(?: is|'s|’s| was|:)"
    r"|name(?: is|:)|named|patient:|signed(?: by)?[,:]?|sincerely,|regards,|yours truly,) {1,3}",
    re.IGNORECASE,
)
# What follows may be a name: it must look like one.
_VAGUE = re.compile(
    r"\b(?:i am|i['’]m|im|this is|it['’]?s|it is|call me|me llamo|soy"
    r"|thanks,|thank you,|best,|love,"
    r"|(?:my|his|her|our) (?:husband|wife|spouse|partner|son|daughter|mother|mom|mum|father|dad"
    r"|brother|sister|friend|aunt|uncle|grandmother|grandfather|caregiver|nurse)),? {1,3}",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"\b(?:(?:Mr|Mrs|Ms|Dr|Prof)\.?|Miss|Doctor|Professor|Nurse|(?:mr|mrs|ms|dr)\.) {1,2}"
)
_BEFORE_BIRTH = re.compile(
    r"(?P<name>(?:[^\W\d_][\w'’-]{0,30} ){1,2}[^\W\d_][\w'’-]{0,30}),?"
    r" \(?(?:dob|d\.o\.b|date of birth|born)\b",
    re.IGNORECASE,
)
_AFTER_A_WHOLE_NAME = re.compile(
    r" ?(?:$|[.,;:!?()]| (?:and|from|here|calling|dob|born|mrn|my|i|i'm)\b)", re.IGNORECASE
)


def names(text: str) -> Iterator[Span]:
    """Names that the text introduces, each as one span of one to three words."""
    for match in _CLEAR.finditer(text):
        yield from _span(_name_words(text, match.end()))
    for match in _VAGUE.finditer(text):
        words = _name_words(text, match.end())
        if words and _looks_like_a_name(text, words):
            yield from _span(words)
    for match in _TITLE.finditer(text):
        words = _name_words(text, match.end())
        if words and (is_capitalised(words[0].group()) or match.group()[0].islower()):
            yield from _span(words[:2])
    for match in _BEFORE_BIRTH.finditer(text):
        words = list(WORD.finditer(text, match.start("name"), match.end("name")))
        capitalised = [w for w in words if is_capitalised(w.group()) and not is_common(w.group())]
        yield from _span(capitalised)


def _name_words(text: str, position: int) -> list[re.Match[str]]:
    """The words from `position` on that can belong to one name."""
    words: list[re.Match[str]] = []
    while len(words) < _MOST_WORDS_IN_A_NAME:
        word = WORD.match(text, position)
        if word is None or is_common(word.group()):
            break
        if words and not _continues(text, words, word):
            break
        words.append(word)
        gap = re.compile(r"\.? ").match(text, word.end())
        if gap is None or (gap.group() == ". " and len(word.group()) > 1):
            break
        position = gap.end()
    return words


def _continues(text: str, words: list[re.Match[str]], word: re.Match[str]) -> bool:
    """Whether `word` belongs to the name: `John Smith`, `john smith and`, not `John hurts`."""
    if is_capitalised(word.group()):
        return True
    one_case = all(w.group().islower() == word.group().islower() for w in words)
    return one_case and (
        is_first_name(word.group()) or _AFTER_A_WHOLE_NAME.match(text, word.end()) is not None
    )


def _looks_like_a_name(text: str, words: list[re.Match[str]]) -> bool:
    if is_first_name(words[0].group()):
        return True
    capitalised = [w for w in words if is_capitalised(w.group())]
    if len(capitalised) >= 2:
        return True
    alone = _AFTER_A_WHOLE_NAME.match(text, words[0].end()) is not None
    return len(capitalised) == 1 and alone and words[0] is capitalised[0]


def _span(words: list[re.Match[str]]) -> Iterator[Span]:
    if words:
        yield Span(words[0].start(), words[-1].end(), "name")
