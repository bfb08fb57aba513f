"""Numbers that are dictated or split: `six one two, five five five ...`, `612 then 555 then 0199`.

A run of digits and digit words is read as one number. Runs are what people type, not what they
count: "one two three four steps" has too few digits for anybody's number, and a list of doses has
no groups of three, three and four.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate

from bot.redaction.model import Span

_DIGIT = {
    **{"zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3"},
    **{"four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9"},
    **{"cero": "0", "uno": "1", "dos": "2", "tres": "3", "cuatro": "4", "cinco": "5"},
    **{"seis": "6", "siete": "7", "ocho": "8", "nueve": "9"},
}
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_REPEATS = {"double": 2, "triple": 3}
_HUNDRED = {"hundred": "00", "thousand": "000"}
_WORDS = "|".join([*_DIGIT, *_TEENS, *_TENS, *_REPEATS, *_HUNDRED])
_PIECE = rf"(?:(?:{_WORDS})\b|\d{{1,10}}(?![\w%]))"
_APART = r"(?:[ ,.;/-]{1,3}(?:(?:and then|then|and|dash|hyphen|space|area code)\b[ ,]{1,2})?)"
_RUN = re.compile(rf"(?<![\w.$-]){_PIECE}(?:{_APART}{_PIECE}){{1,40}}", re.IGNORECASE)
_COUNTED = re.compile(
    r" ?(?:mg|mcg|ug|ml|iu|units?|steps|calories|kcal|cal|lbs?|pounds|dollars|times|percent)(?!\w)",
    re.IGNORECASE,
)
_TOKEN = re.compile(rf"(?:{_WORDS})\b|\d+", re.IGNORECASE)
_ZIP_LABEL = re.compile(r"\b(?:zip|postal)(?: ?code)?(?: is|:)? {0,2}$", re.IGNORECASE)
_ZIP_LABEL_LENGTH = 20
_NUMBER_LABEL = re.compile(
    r"\b(?:social|ssn|social security|mrn|member|account|acct|policy|record|chart|claim|group|case"
    r"|patient|insurance|subscriber|medicare|medicaid|id)(?: (?:number|num|no|id|#))?"
    r"(?: is|:)? {0,2}$",
    re.IGNORECASE,
)
_NUMBER_LABEL_LENGTH = 48
_FEWEST_LABELLED = 4
_ZIP_DIGITS = 5
# Where the groups of a telephone number may end: 612 555 0199, 1 612 555 0199, 555 0199.
_GROUP_ENDS = {10: {3, 6, 10}, 11: {1, 4, 7, 11}, 7: {3, 7}}


def spoken_numbers(text: str) -> Iterator[Span]:
    """Telephone numbers, ZIP codes and labelled numbers that are in words or split up."""
    for match in _RUN.finditer(text):
        if _COUNTED.match(text, match.end()):
            continue
        groups = [value for _, value in _pieces(match.group())]
        digits = "".join(groups)
        before = text[: match.start()]
        worded = any(t.group().isalpha() for t in _TOKEN.finditer(match.group()))
        labelled = _NUMBER_LABEL.search(before[-_NUMBER_LABEL_LENGTH:])
        if worded and _ZIP_LABEL.search(before[-_ZIP_LABEL_LENGTH:]) and len(digits) >= _ZIP_DIGITS:
            yield Span(match.start(), _end_of(match, _ZIP_DIGITS), "address")
        elif worded and labelled and len(digits) >= _FEWEST_LABELLED:
            yield Span(*match.span(), "number")
        elif _is_phone(groups, worded=worded, local=worded or " then " in match.group()):
            yield Span(*match.span(), "phone")


def digits_of(written: str) -> str:
    """The digits of a number in whatever form: `six one two`, `612-555`, `double five`."""
    return "".join(value for _, value in _pieces(written))


def _is_phone(groups: list[str], *, worded: bool, local: bool) -> bool:
    """Whether groups of digits make one telephone number."""
    total = sum(map(len, groups))
    expected = _GROUP_ENDS.get(total)
    if expected is None or groups[0][0] in "01" and total != max(_GROUP_ENDS):
        return False  # no area code and no exchange begins with 0 or 1
    if all(len(group) == 1 for group in groups):
        return True
    ends = set(accumulate(map(len, groups)))
    if worded:
        return expected <= ends
    return ends == expected and (local or total != min(_GROUP_ENDS))


def _end_of(match: re.Match[str], digits: int) -> int:
    """Where the first `digits` digits of a run end."""
    seen = 0
    for end, value in _pieces(match.group()):
        seen += len(value)
        if seen >= digits:
            return match.start() + end
    return match.end()


def _pieces(run: str) -> Iterator[tuple[int, str]]:
    """Each piece of a run: where it ends, and its digits."""
    times = 1
    pending = ""
    pending_end = 0
    for token in _TOKEN.finditer(run):
        word = token.group().lower()
        if pending:
            if word in _DIGIT and _DIGIT[word] != "0":
                yield token.end(), pending + _DIGIT[word]
                pending = ""
                continue
            yield pending_end, pending + "0"
            pending = ""
        if word in _REPEATS:
            times = _REPEATS[word]
        elif word in _TENS:
            pending, pending_end = str(_TENS.index(word) + 2), token.end()
        else:
            yield token.end(), _value(word) * times
            times = 1
    if pending:
        yield pending_end, pending + "0"


def _value(word: str) -> str:
    if word in _TEENS:
        return str(_TEENS.index(word) + 10)
    return _DIGIT.get(word) or _HUNDRED.get(word) or word
