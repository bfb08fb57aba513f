"""What no text may say to a visitor: advice on a treatment, a promise, a diagnosis, needless alarm.

The rules are data (`boundaries.yml`, which tells how they are written). They hold for what ships
and for what a clinic's staff write: the check of content files and of edits asks here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.content.placeholders import CLINIC, PLACEHOLDER
from bot.content.yaml_lines import read_yaml

RULES_FILE = Path(__file__).with_suffix(".yml")
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
MARKS = re.compile(r"[*_`]+|^\W+")
"""What makes words bold or a line an item of a list: it says nothing."""

NAMED = re.compile(r"<(\w+)>")
MOST_WORDS_BETWEEN = 4
BETWEEN = "between"
APART = "apart"
"""Words that keep what stands before and after them apart: "take a list of your medicines"."""


@dataclass(frozen=True)
class Rule:
    """One thing that is not said. A sentence is found by any of `says`."""

    name: str
    message: str
    says: tuple[re.Pattern[str], ...]
    unless_before: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def words(self, sentence: str) -> str | None:
        """The words of a sentence that break the rule."""
        if self.unless and self.unless.search(sentence):
            return None
        for pattern in self.says:
            for found in pattern.finditer(sentence):
                before = sentence[: found.start()]
                if not (self.unless_before and self.unless_before.search(before)):
                    return found.group().strip(" ,;:")
        return None


@dataclass(frozen=True)
class Breach:
    """A rule that a text breaks, and the words that break it."""

    rule: str
    words: str
    message: str

    def __str__(self) -> str:
        return f'"{self.words}" {self.message}.'


def breaches(text: str) -> Iterator[Breach]:
    """All that a text says and may not, sentence by sentence. Its placeholders say nothing."""
    for sentence in SENTENCE.split(PLACEHOLDER.sub(_filled, text.replace("’", "'"))):
        plain = MARKS.sub("", " ".join(sentence.split()))
        for rule in rules():
            words = rule.words(plain)
            if words:
                yield Breach(rule.name, words, rule.message)


@lru_cache(maxsize=1)
def rules() -> tuple[Rule, ...]:
    """The rules of `boundaries.yml`."""
    data = read_yaml(RULES_FILE, RULES_FILE.name).data
    parts = _parts(data["words"])
    return tuple(_rule(each, parts) for each in data["rules"])


def _rule(data: Mapping[str, Any], parts: Mapping[str, str]) -> Rule:
    def pattern(written: str | None) -> re.Pattern[str] | None:
        return _compiled(written, parts) if written else None

    return Rule(
        data["name"],
        data["message"],
        tuple(_compiled(each, parts) for each in data["says"]),
        pattern(data.get("unless_before")),
        pattern(data.get("unless")),
    )


def _compiled(written: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    """A pattern with its names filled in; what a name stands for may hold names as well."""
    while NAMED.search(written):
        written = NAMED.sub(lambda name: parts[name.group(1)], written)
    return re.compile(written, re.IGNORECASE)


def _parts(words: Mapping[str, str]) -> dict[str, str]:
    """What each name in a pattern stands for: any of its words, as whole words."""
    parts = {name: rf"(?:{listed.replace(', ', '|')})(?![\w-])" for name, listed in words.items()}
    parts[BETWEEN] = rf"(?:(?!<{APART}>)[\w'-]+ ){{0,{MOST_WORDS_BETWEEN}}}"
    return parts


def _filled(placeholder: re.Match[str]) -> str:
    return CLINIC if placeholder.group(1) == CLINIC else ""
