"""The shipped answers are plain and short."""

from __future__ import annotations

from jinja2 import Template

from bot.content.reading_grade import HARDEST, MOST_SENTENCES, MOST_WORDS, reading
from bot.content.records import ContentFiles
from bot.content.yaml_lines import read_yaml
from bot.paths import DOMAIN_FILE, ROOT

TEMPLATES = ROOT / "bot" / "chat" / "templates"


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


def test_every_answer_is_written_for_grade_8_at_most(shipped: ContentFiles) -> None:
    grades = {name: reading(text).grade for name, text in graded_texts(shipped)}
    counted = {name: grade for name, grade in grades.items() if grade is not None}
    assert {name: grade for name, grade in counted.items() if grade > HARDEST} == {}
    assert len(counted) > 100


def test_answers_are_short(shipped: ContentFiles) -> None:
    assert [name for name, text in graded_texts(shipped) if reading(text).long] == []


def test_a_hard_and_a_long_text_are_told() -> None:
    assert reading("Neuromodulation necessitates multidisciplinary consideration.").hard
    assert not reading("Call {route} now.").hard
    assert reading("A word. " * (MOST_SENTENCES + 1)).long
    assert reading("word " * (MOST_WORDS + 1)).long
