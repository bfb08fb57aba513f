"""A question in the words that its meaning is compared by. Pure.

What people put in front of a question is taken off, misspelt words are mended, and words that mean
the same to somebody who sorts questions (`names.yml`) become one. Only grouping reads the result:
what is shown is what was typed.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from ruamel.yaml import YAML

from bot.nlu.nearest_word import NearestWord

NAMES = Path(__file__).parent / "names.yml"
WORDINGS = Path(__file__).parent / "wordings"

WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
FRONT = re.compile(
    r"^(?:(?:hi|hello|hey|ok|so|um|please|pls|thanks|good morning|good afternoon"
    r"|(?:i was |just )?wondering(?: if)?|(?:can|could) you tell me|tell me|quick question"
    r"|i (?:would like|want) to know)[\s,.!:-]+)+"
)
SHORT = {
    "u": "you", "r": "are", "ur": "your", "pls": "", "plz": "", "thx": "", "w": "with",
    "whats": "what is", "wheres": "where is", "dont": "do not", "cant": "cannot", "im": "i am",
}  # fmt: skip
"""How people who type fast write common words."""


class Wording:
    """Rewrites questions. Built once for a list of names; right English words stay as they are."""

    def __init__(
        self, names: Mapping[str, Iterable[str]], meant: Iterable[str], right: Iterable[str]
    ):
        """`names`: for each word the others that mean the same; `meant`: texts whose words a
        misspelt one may stand for; `right`: words that are spelt right.
        """
        self._same = {other: name for name, others in names.items() for other in others}
        longest_first = sorted(map(re.escape, self._same), key=len, reverse=True)
        self._pattern = re.compile(rf"\b(?:{'|'.join(longest_first) or '(?!)'})\b")
        known = [*self._same, *self._same.values(), *meant]
        targets = Counter(word for text in known for word in WORD.findall(text.lower()))
        self._nearest = NearestWord(targets, {*right, *targets})

    def __call__(self, text: str) -> str:
        """The text in the words to compare by, lower case, without punctuation."""
        return self._pattern.sub(lambda found: self._same[found[0]], self.plain(text))

    def plain(self, text: str) -> str:
        """Only mended and without its front."""
        text = FRONT.sub("", text.lower().replace("’", "'").strip())
        return " ".join(filter(None, map(self._mended, WORD.findall(text))))

    def _mended(self, word: str) -> str:
        if word in SHORT:
            return SHORT[word]
        return self._nearest.of(word) if word.isalpha() else word


def normalised(text: str) -> str:
    """What two copies of one question share: the text without case, punctuation and spaces."""
    return " ".join(re.findall(r"\w+", text.lower()))


@functools.lru_cache(maxsize=1)
def shipped_wording() -> Wording:
    """The wording by `names.yml`, built when first asked for (a tenth of a second)."""
    from bot.nlu.right_words import words_spelt_right

    texts = [text for texts in wordings().values() for text in texts]
    return Wording(_read(NAMES), texts, words_spelt_right())


@functools.lru_cache(maxsize=1)
def wordings() -> dict[str, list[str]]:
    """Topics that people ask a clinic about, some ways of asking about each."""
    return {topic: asked for path in wording_files() for topic, asked in _read(path).items()}


def wording_files() -> list[Path]:
    """The files of the wordings; a topic stands in one of them."""
    return sorted(WORDINGS.glob("*.yml"))


def _read(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = YAML(typ="safe").load(path)
    return found
