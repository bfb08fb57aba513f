"""Which language a short message is in, and whether it is surely not English.

Two detectors, for each knows what the other does not. CLD2 knows Hmong and is hardly ever wrong
where it names a language that people here write; but it takes much that is typed without accents
for English or for a language that nobody here speaks. There lingua, which compares only the few
languages that are common here, is asked. Figures: docs/decisions/016.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cached_property

import pycld2
from lingua import IsoCode639_1, Language, LanguageDetectorBuilder
from lingua import LanguageDetector as Lingua

from bot import memory

ENGLISH = "en"
FOREIGN_SHARE = 1 / 3
"""Of the letters in another script, from which on a text is not English. "FBSS가 뭐예요" has half;
an English sentence with one name in Chinese has a tenth."""

FEWEST_WORDS = 3
"""Of a text in Latin script that is surely another language: "migraines" alone is French too."""

LEAST_LIKELY = 0.4
"""Of lingua, to name a language alone: "asante sana" would be Spanish by 0.37."""

LEAST_CONFIDENCE = 0.5
"""Of lingua, that a text is surely in the language that CLD2 names."""

LEAST_SCORE = 800
"""Of CLD2, for a language that lingua does not know. Its scores go to about 2000."""

LONG_WORDS = "questions without answers"
"""Makes lingua read all of the models for Latin script: for any length of word it has another."""

WORD = re.compile(r"[^\W\d_]+")


class LanguageDetector:
    """Names languages by ISO 639 code: two letters, or three where there are no two (`hmn`)."""

    def __init__(self, common: Sequence[str], rare: Sequence[str] = ()):
        """`common` languages are expected, `rare` ones named only where CLD2 names them.

        Raises KeyError for a code that CLD2 does not know.
        """
        known = {code for _, code in pycld2.LANGUAGES}
        if unknown := [code for code in (*common, *rare) if code not in known]:
            raise KeyError(f"no such language: {', '.join(unknown)}")
        self._named = frozenset({*common, *rare})
        self._common = common

    def language(self, text: str) -> str | None:
        """The code of the language; None where it looks English or like none of them."""
        if not WORD.search(text):
            return None
        code, _ = _by_cld2(text)
        if code in self._named:
            return code
        likely, confidence = self._by_lingua(text)
        return likely if likely != ENGLISH and confidence >= LEAST_LIKELY else None

    def is_surely_foreign(self, text: str) -> bool:
        """Whether it is not English by its script, or by what both detectors say."""
        if in_foreign_script(text):
            return True
        if len(WORD.findall(text)) < FEWEST_WORDS:
            return False
        code, score = _by_cld2(text)
        if code not in self._named:
            return False
        if code not in self._compared:
            return code in self._common and score >= LEAST_SCORE
        other, confidence = self._by_lingua(text)
        return other == code and confidence >= LEAST_CONFIDENCE

    def _by_lingua(self, text: str) -> tuple[str, float]:
        """Code and confidence; without any evidence all languages are equally likely."""
        best = self._lingua.compute_language_confidence_values(text)[0]
        return _code(best.language), best.value

    @cached_property
    def _compared(self) -> dict[str, Language]:
        known = {_code(language): language for language in Language.all()}
        return {code: known[code] for code in (*self._common, ENGLISH) if code in known}

    @cached_property
    def _lingua(self) -> Lingua:
        # 105 MB, loaded in a quarter of a second by the first message that needs it.
        detector = LanguageDetectorBuilder.from_languages(*self._compared.values()).build()
        detector.compute_language_confidence_values(LONG_WORDS)
        memory.give_back()
        return detector


def in_foreign_script(text: str) -> bool:
    """Whether a good part of the letters are not Latin ones."""
    if text.isascii():
        return False
    letters = [character for character in text if character.isalpha()]
    foreign = sum("LATIN" not in unicodedata.name(letter, "LATIN") for letter in letters)
    return foreign > 0 and foreign >= FOREIGN_SHARE * len(letters)


def _by_cld2(text: str) -> tuple[str, float]:
    """Code and score. CLD2 refuses control characters and halves of characters; they go."""
    plain = "".join(each for each in text if unicodedata.category(each) not in ("Cc", "Cs", "Cn"))
    _, _, found = pycld2.detect(plain, bestEffort=True)
    _, code, _, score = found[0]
    return code.split("-")[0], score


def _code(language: Language) -> str:
    code: IsoCode639_1 = language.iso_code_639_1
    return code.name.lower()
