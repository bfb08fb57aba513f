"""The words of the interface are complete in each language, and the scripts use no others."""

from __future__ import annotations

import json
import re

import pytest

from bot.chat.widget import FOLDER

TEXTS = {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}
SCRIPTS = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.js")}
BY_KIND = {"offline", "unreachable", "busy", "ended", "failed"}
"""Keys that are looked up by the kind of trouble."""


def keys(texts: dict) -> set[str]:
    return {f"{part}.{key}" for part, words in texts.items() for key in words}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"\{\w+\}", text))


def test_there_are_english_and_spanish():
    assert {"en", "es"} <= set(TEXTS)


@pytest.mark.parametrize("language", sorted(set(TEXTS) - {"en"}))
def test_every_language_has_every_text_of_the_english_and_its_placeholders(language: str):
    assert keys(TEXTS[language]) == keys(TEXTS["en"])
    for part, words in TEXTS["en"].items():
        for key, text in words.items():
            other = TEXTS[language][part][key]
            assert other.strip()
            assert placeholders(other) == placeholders(text), key


def test_every_text_is_used_and_every_used_text_is_there():
    used = set(re.findall(r"\bwords\.(\w+)", "".join(SCRIPTS.values()))) - {"map"}
    there = {key for words in TEXTS["en"].values() for key in words}
    assert used - there == set()
    assert there - used - BY_KIND == set()


def test_no_script_holds_words_for_visitors():
    """A sentence in a string; what is told to a website's developer in the console may be one."""
    for name, script in SCRIPTS.items():
        code = re.sub(r"^\s*(//|\*|/\*).*$", "", script, flags=re.MULTILINE)
        code = re.sub(r"console\.warn\(.*\)|new Error\(.*\)", "", code)
        found = re.findall(r"""["'`>][A-Z][a-z]+(?: [a-z]+){2,}""", code)
        assert found == [], name
