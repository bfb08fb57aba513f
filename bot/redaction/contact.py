"""E-mail addresses, links, telephone numbers and what somebody signs in with."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from phonenumbers import Leniency, PhoneNumberMatcher

from bot.redaction.model import Span
from bot.redaction.spoken import digits_of
from bot.redaction.words import is_common, is_english

# Every repeat is bounded and followed by a character that it cannot match itself, so matching stays
# linear.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%-]{1,64}@(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}")
_DOT = r"(?: ?\(dot\) ?| ?\[dot\] ?| dot |\.| \. )"
_PROVIDER = (
    r"(?:gmail|googlemail|g mail|yahoo|hotmail|outlook|icloud|aol|live|comcast|verizon|msn|proton"
    r"|protonmail|ymail|mail|charter|att|me|q|centurylink|frontier)"
)
_TOP = r"(?:com|net|org|edu|gov|us|me|co|io)"
_SPOKEN_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}(?: (?:dot|period|point|underscore|dash|hyphen) [\w.+-]{1,64}){0,4}"
    rf"(?: ?(?:\(at\)|\[at\]|@) ?[\w-]{{1,63}}{_DOT}{_TOP}"
    rf"| at {_PROVIDER}{_DOT}{_TOP})\b",
    re.IGNORECASE,
)
# b o b 4 4 at yahoo dot com
_SPELT_EMAIL = re.compile(
    rf"(?<![\w.-])(?:[^\W_] ){{2,30}}at {_PROVIDER}{_DOT}{_TOP}\b", re.IGNORECASE
)
# `my email is b o b at yahoo dot com`: the words before "at" belong to the address.
_LABELLED_EMAIL = re.compile(
    r"\be-?mails?(?: (?:address|is|me|at|it|to|us)){0,3}:? (?P<email>(?:[\w.+-]{1,64} ){1,6}"
    rf"at {_PROVIDER}{_DOT}{_TOP})\b",
    re.IGNORECASE,
)
_CUT_EMAIL = re.compile(r"(?<![\w.+-])[\w.+%-]{1,64}@[^\W\d_][\w-]{2,62}")
_LINK = re.compile(r"\b(?:https?://|ftp://|www\.)\S{1,2000}", re.IGNORECASE)
_BARE_LINK = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9-]{1,63}\.){1,6}"
    r"(?:com|org|net|edu|gov|io|me|info|us|co|gl|ly|be|tv|app|dev|uk|ca|de|fr|link|page|site"
    r"|online|health|care|cloud|live|biz|mn|gle|ms|fm|cc|ai)/\S{1,2000}",
    re.IGNORECASE,
)
_END_OF_SENTENCE = ".,;:!?)]}'\"»”’"

_UNIT = (
    r"(?! ?(?:mg|mcg|ug|g|ml|iu|units?|steps|calories|kcal|cal|lbs?|pounds|dollars|bucks|people"
    r"|patients|percent|%)(?!\w))"
)
_EXTENSION = r"(?:,? ?(?:ext|extension|x)\.? ?\d{1,6})?"
# North American numbers, also those that no carrier has given out (phonenumbers knows only real
# ranges).
_AMERICAN_PHONE = re.compile(
    r"(?<![\w.-])(?:\+?1[ ./-]?)?(?:\(\d{3}\) ?[./-]? ?|\d{3}(?:[ ./_*]| ?[-–—] ?)?)"
    rf"\d{{3}}(?:[ ./_*]| ?[-–—] ?)?\d{{4}}(?![\w-]){_UNIT}{_EXTENSION}",
    re.IGNORECASE,
)
_LOCAL_PHONE = re.compile(
    rf"(?<![\w.-])(?:\d{{3}}[-.]\d{{4}}|\d{{3}}-\d{{4}}-\d{{3}})(?![\w-]){_UNIT}{_EXTENSION}",
    re.IGNORECASE,
)
_LABELLED_PHONE = re.compile(
    r"\b(?:call|phone|cell|text|number|mobile|reach me|fax|tel|home|work)\b[^\W\d_]*:?"
    rf"(?: (?:me|is|at|on|us|number|phone|it|back)){{0,4}}:? "
    rf"(?P<local>\d{{3}} \d{{4}})(?![\w-]){_UNIT}",
    re.IGNORECASE,
)
_ABROAD = re.compile(
    r"(?<!\w)(?:\+|00(?=[1-9]\d{0,3}[ .-]))[1-9]\d{0,3}(?:[ .-]?\(?\d{1,4}\)?){2,6}(?![\w-])"
)
_FEWEST_DIGITS = 7
_FEWEST_ABROAD, _MOST_ABROAD = 8, 15
_AREA_CODE = re.compile(r"\barea code(?: is|:)? (?P<code>\d{3})(?!\w)", re.IGNORECASE)

_HANDLE = re.compile(r"(?<![\w.@/+-])@[^\W\d][\w.]{1,38}\w")
_LOGIN = re.compile(
    r"\b(?:user ?names?|user ?ids?|log ?-?in(?: name| id)?|screen ?name|handle|password|passcode"
    r"|instagram|insta|twitter|facebook|snapchat|tiktok|skype|telegram|discord|sign ?-?in(?: name)?"
    r"|portal (?:id|name)|mychart (?:id|name)|pin)"
    r"(?P<says> is|:| was| =|=|'s|) ?(?P<quote>[\"'“]?)(?P<value>[\w@][\w.@!#$*-]{1,38})",
    re.IGNORECASE,
)


def emails(text: str) -> Iterator[Span]:
    """E-mail addresses, also `name at gmail dot com`."""
    for pattern in (_EMAIL, _CUT_EMAIL, _SPOKEN_EMAIL, _SPELT_EMAIL):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "email")
    for match in _LABELLED_EMAIL.finditer(text):
        yield Span(match.start("email"), match.end("email"), "email")


def links(text: str) -> Iterator[Span]:
    """Addresses of pages. A bare site name without a path says nothing about a person and stays."""
    for pattern in (_LINK, _BARE_LINK):
        for match in pattern.finditer(text):
            end = match.start() + len(match.group().rstrip(_END_OF_SENTENCE))
            yield Span(match.start(), end, "link")


def phones(text: str) -> Iterator[Span]:
    """Telephone numbers of any country, in digits."""
    digits = sum(c.isdigit() for c in text)
    if digits >= _FEWEST_DIGITS:
        for found in PhoneNumberMatcher(text, "US", Leniency.VALID):
            yield Span(found.start, found.end, "phone")
    elif not digits:
        return
    for pattern in (_AMERICAN_PHONE, _LOCAL_PHONE):
        for match in pattern.finditer(text):
            yield Span(match.start(), match.end(), "phone")
    for match in _ABROAD.finditer(text):
        if _FEWEST_ABROAD <= sum(c.isdigit() for c in match.group()) <= _MOST_ABROAD:
            yield Span(match.start(), match.end(), "phone")
    for match in _LABELLED_PHONE.finditer(text):
        yield Span(match.start("local"), match.end("local"), "phone")
    for match in _AREA_CODE.finditer(text):
        yield Span(match.start("code"), match.end("code"), "phone")


def logins(text: str) -> Iterator[Span]:
    """User names, passwords and handles: `my username is pat_88`, `@pat.88`."""
    for match in _HANDLE.finditer(text):
        yield Span(match.start(), match.end(), "login")
    for match in _LOGIN.finditer(text):
        value = match["value"].rstrip(".!-")
        if value and _is_made_up(value, said=bool(match["says"])):
            start = match.start("value")
            yield Span(start, start + len(value), "login")


def _is_made_up(value: str, *, said: bool) -> bool:
    """Whether a word is one that somebody chose for an account, and not the rest of a sentence."""
    inside = value[1:-1]
    if any(c.isdigit() for c in value) or any(c in "_@#$*" for c in value):
        return len(value) > 2
    if "." in inside or any(c.isupper() for c in inside) and not value.isupper():
        return said
    return said and value.isalpha() and not is_common(value) and not is_english(value)


def national_digits(number: str) -> str:
    """The digits of a number: ASCII, and a North American number without its leading 1."""
    digits = "".join(str(unicodedata.digit(c)) for c in number if c.isdigit())
    if any(c.isalpha() for c in number):
        digits = digits_of(number)
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits
