"""Names of people, found by the words that introduce them and by the names themselves.

A wrong mask would hide a symptom, so how much a word must look like a name depends on what stands
before it: nearly anything after "my name is", little after "my wife", more after "I'm", which
introduces states far more often ("I'm tired", "I am Numb"). Without an introduction only a given
name that is no other word counts (`bot/redaction/words.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.redaction.model import Span
from bot.redaction.sentence import Sentence, is_month, span_of
from bot.redaction.titles import last_first, spelt_out, titled, with_credentials
from bot.redaction.words import Looks, fixed_phrases, is_english, is_no_person, is_word_name, plain

_CLEAR = re.compile(
    r"\b(?:(?:last|first|middle|maiden)(?=:)"
    r"|(?:my|his|her|their|full|last|first|middle|maiden|family|sur) ?name(?: is|['’]?s| was)?"
    r"|name(?: is|:|=)|(?<!what is )the name is|signed(?: by)?[,:]?|me llamo|mi nombre es"
    r"|mi esposo se llama|mi esposa se llama|kuv lub npe (?:yog|hu ua)|magacaygu(?: waa)?)"
    r"[:,]? {1,3}",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:this is|it['’]?s|it is|known as|aka|patient(?: is|:)|pt:|for patient|hi from|my"
    r" (?:surgeon|doctor|dr|physician|therapist|nurse|pt|chiropractor|specialist|neurologist)"
    r"(?: is| was)),? {1,3}",
    re.IGNORECASE,
)
_I_AM = re.compile(r"\b(?:i am|i['’]?m|soy),? {1,3}", re.IGNORECASE)
_CALLED = re.compile(r"\b(?:(?:calls?|called) me|go(?:es)? by|named),? {1,2}", re.IGNORECASE)
_RELATIVE = re.compile(
    r"\b(?:my|his|her|our|your|the|an? ?)(?: (?:late|ex|old|best|oldest|youngest|older|younger"
    r"|big|little|good|dear|step|great|1st|first|second))?[ -]?"
    r"(?:husband|wife|spouse|partner|boyfriend|girlfriend|fianc[eé]e?|son|daughter|child|kid|baby"
    r"|mother|mom|mum|mama|father|dad|papa|brother|sister|sis|bro|twin|friend|neighbou?r|coworker"
    r"|colleague|boss|roommate|aunt|auntie|uncle|cousin|niece|nephew|grandmother|grandma|granny"
    r"|nana|grandfather|grandpa|grandson|granddaughter|stepson|stepdaughter|stepmom|stepdad"
    r"|caregiver|aide|pca|nurse|therapist|surgeon|chiropractor|physician|anesthesiologist"
    r"|receptionist|secretary|scheduler|interpreter|ex|guardian|pastor|social worker"
    r"|case ?(?:worker|manager)|husbands?|esposo|esposa|hijo|hija|madre|padre|hermano|hermana)"
    r"(?:[ -]in[ -]law)?(?: is named| is called| named)?,? {1,2}",
    re.IGNORECASE,
)
_AUNT = re.compile(
    r"\b(?:grandma|grandpa|auntie?|uncle|cousin) {1,2}(?-i:(?=[A-Z]))", re.IGNORECASE
)
_CUE = re.compile(
    r"\b(?:ask(?:ed|ing|s)? for|(?:speak|spoke|spoken|talk|talked|talking|speaking)"
    r" (?:to|with)|attn:?|attention:?|c/o|tell|told|text|email|contact|message for|ask"
    r"|it says|says|behalf of|appointment for|appt for|refill for|records for|records of"
    r"|results for|call for|calling for|writing for|thank(?:s| you)|hi|hello|hey|dear|bless"
    r"|seen by|operated by|done by|from|with|by),? {1,2}",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"\b(?:thanks|thank you|thankyou|thx|ty|sincerely|regards|cheers|best|love|respectfully"
    r"|yours(?: truly)?|gracias|ua tsaug|mahadsanid|take care|blessings|peace)"
    r"(?: [^\W\d_]{1,12}){0,5}[,.!:]{0,3}[ \n]{0,3}(?:[-–—~] ?)?(?=[^\W\d_])",
    re.IGNORECASE,
)
_GREETING = re.compile(r"\b(?:hi|hello|hey|dear|morning|afternoon|evening),? (?=[^\W\d_])", re.I)
_DASH = re.compile(r"(?:(?<=[\n.!?])|(?<=[\n.!?] ))[-–—~]{1,2} ?(?=[^\W\d_])")
_LINE = re.compile(r"(?:\n[ \t]{0,3}| [-–—~]{1,2} ?)(?=[^\W\d_])")
_LAST_THEN_FIRST = re.compile(r", ?(?=[^\W\d_])")
# What a person does and a thing or a wish does not: "my aunt may might need", "my son will is".
_FROM = ("from", "calling", "here", "speaking", "again")
_DOES = frozenset(
    (
        *("is", "was", "has", "had", "says", "said", "wants", "needs", "will", "would"),
        *("might", "can", "could", "does", "did", "thinks", "feels", "told", "asked", "gets"),
        *("takes", "keeps", "fell", "went", "came"),
    )
)

_ASKING = ("will", "may")

Test = Callable[[Sentence, int], bool]


def names(text: str) -> Iterator[Span]:
    """Names in a text, each as one span of one to five words."""
    sentence = Sentence(text)
    fixed = [match.span() for match in fixed_phrases().finditer(text.replace("’", "'"))]
    for span in _all(sentence):
        if not any(start <= span.start < end for start, end in fixed):
            yield span


def _all(sentence: Sentence) -> Iterator[Span]:
    for pattern, test in _INTRODUCTIONS:
        if pattern is _CLEAR or not sentence.foreign:
            yield from _introduced(sentence, pattern, test)
    yield from titled(sentence)
    yield from with_credentials(sentence)
    yield from spelt_out(sentence)
    yield from last_first(sentence)
    yield from _standing_free(sentence)


def _introduced(sentence: Sentence, pattern: re.Pattern[str], test: Test) -> Iterator[Span]:
    """Names right after what `pattern` finds, where the first word passes `test`."""
    for match in pattern.finditer(sentence.text):
        index = sentence.index_at(match.end())
        if index is None or not test(sentence, index):
            continue
        words = sentence.name_from(index)
        yield span_of(words)
        comma = _LAST_THEN_FIRST.match(sentence.text, words[-1].end)
        other = sentence.index_at(comma.end()) if comma and pattern is _CLEAR else None
        if other is not None and sentence.words[other].looks >= Looks.UNKNOWN:
            yield span_of(sentence.name_from(other))


def _is_clear(sentence: Sentence, index: int) -> bool:
    """After "my name is": all but a word of the language in lower case."""
    word = sentence.words[index]
    if word.looks >= Looks.UNKNOWN or (is_word_name(word.written) and not _asks(sentence, index)):
        return True
    if word.looks is Looks.WORD_TOO or word.capitalised:
        return not word.common and (sentence.ends_a_name(index) or sentence.family_follows(index))
    return len(word.written) > 1 and not word.common and not is_english(word.written)


def _is_vague(sentence: Sentence, index: int) -> bool:
    """After "this is": a given name, or a capital and more that speaks for a name."""
    word = sentence.words[index]
    if sentence.names_a_thing(index):
        return False
    if word.looks is Looks.GIVEN:
        return True
    if word.looks is Looks.NOTHING:
        return False
    if not word.capitalised:
        if sentence.next_plain(index) in _FROM and is_word_name(word.written):
            return True
        if sentence.adjoins(index) and sentence.words[index + 1].looks > Looks.NOTHING:
            index += sentence.family_follows(index + 1)
        return sentence.family_follows(index) and not sentence.words[index + 1].common
    if sentence.adjoins(index) and sentence.capital(index + 1):
        following = sentence.words[index + 1]
        return following.looks > Looks.NOTHING or following.family
    return sentence.ends_a_name(index) and not is_month(word.written)


def _is_self(sentence: Sentence, index: int) -> bool:
    """After "I'm": as after "it's", and April is nobody's month."""
    word = sentence.words[index]
    month = is_month(word.written) and word.capitalised and not sentence.shouted
    return _is_vague(sentence, index) or (month and sentence.ends_a_name(index))


def _is_relative(sentence: Sentence, index: int) -> bool:
    """After "my wife": also a name that is a word, if written or used as a name is."""
    word = sentence.words[index]
    if _is_vague(sentence, index):
        return True
    if sentence.names_a_thing(index) or word.looks is Looks.NOTHING or sentence.shouted:
        return False
    if word.capitalised:
        return True
    return is_word_name(word.written) and sentence.next_plain(index) in _DOES


def _is_called(sentence: Sentence, index: int) -> bool:
    """After "call me": as after "my wife", but `call me March 5` names nobody."""
    return not is_month(sentence.words[index].written) and _is_relative(sentence, index)


def _is_named(sentence: Sentence, index: int) -> bool:
    """After "ask for" or "tell": a given name, or a name that is a word, with a capital."""
    word = sentence.words[index]
    if sentence.names_a_thing(index):
        return False
    if word.looks is Looks.GIVEN:
        return True
    if not word.capitalised or not (word.looks and sentence.adjoins(index)):
        return False
    unknown = word.looks is sentence.words[index + 1].looks is Looks.UNKNOWN
    return sentence.capital(index + 1) and (unknown or sentence.family_follows(index))


def _is_signed(sentence: Sentence, index: int) -> bool:
    """After "Thanks,": a name that ends the line or the sentence."""
    words = sentence.name_from(index)
    word = max(words, key=lambda word: word.looks) if len(words[0].written) == 1 else words[0]
    last = index + len(words) - 1
    if word.looks is Looks.NOTHING or word.common or not sentence.stands_last(last):
        return False
    return word.looks is Looks.GIVEN or word.capitalised


def _standing_free(sentence: Sentence) -> Iterator[Span]:
    """Names that no word introduces: `John Smith`, `Denise`, `john smith`, `Will Abernathy`."""
    covered = 0
    for index, word in enumerate(sentence.words):
        if word.start < covered or not _is_free(sentence, index) or sentence.names_a_thing(index):
            continue
        words = sentence.name_from(index)
        covered = words[-1].end
        yield span_of(words)


def _is_free(sentence: Sentence, index: int) -> bool:
    """A given name with a capital, or any name before a family name."""
    word = sentence.words[index]
    if len(word.written) < 3 or word.looks is Looks.NOTHING or is_no_person(word.written):
        return False
    together = sentence.family_follows(index) and not sentence.names_a_thing(index + 1)
    if word.looks is Looks.GIVEN:
        return word.capitalised or (together and not sentence.foreign)
    if not (word.capitalised and sentence.adjoins(index) and sentence.capital(index + 1)):
        return False
    following = sentence.words[index + 1]
    given = is_word_name(word.written) and plain(word.written) not in _ASKING
    unknown = given and following.looks is Looks.UNKNOWN and not sentence.headline
    return (together or unknown) and not is_no_person(following.written)


def _is_last_line(sentence: Sentence, index: int) -> bool:
    """On the last line: nothing but a name."""
    words = sentence.name_from(index)
    rest = sentence.text[words[-1].end :].strip(" .!\n")
    return not rest and words[0].capitalised and max(word.looks for word in words) > Looks.WORD_TOO


def _asks(sentence: Sentence, index: int) -> bool:
    """`may I`, `will you`: a question begins, no name."""
    return sentence.next_plain(index) in ("i", "you", "we")


_INTRODUCTIONS: tuple[tuple[re.Pattern[str], Test], ...] = (
    (_CLEAR, _is_clear),
    (_VAGUE, _is_vague),
    (_I_AM, _is_self),
    (_CALLED, _is_called),
    (_RELATIVE, _is_relative),
    (_AUNT, _is_relative),
    (_CUE, _is_named),
    (_SIGN_OFF, _is_signed),
    (_GREETING, _is_signed),
    (_DASH, _is_signed),
    (_LINE, _is_last_line),
)
