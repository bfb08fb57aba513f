"""Nothing that a visitor can read advises on a treatment, promises, names a diagnosis or alarms."""

from __future__ import annotations

import ast
import dataclasses
import re
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy.engine import Engine

from bot.content.boundaries import breaches, rules
from bot.content.editing import write_answer
from bot.content.files import load_directory
from bot.content.model import Snapshot
from bot.content.problems import ContentFilesError
from bot.content.records import AnswerRecord, ContentFiles
from bot.content.vectors import VectorStore
from bot.content.yaml_lines import read_yaml
from bot.errors import ContentError
from bot.paths import DOMAIN_FILE, ROOT, SAFETY_DIR
from bot.replies.render import render
from bot.replies.wording import general
from tests.content.conftest import Clock, edit

SENTENCES = read_yaml(Path(__file__).parent / "sentences.yml", "sentences.yml").data
ALLOWED = "allowed"
REFUSED = [(rule, said) for rule in SENTENCES if rule != ALLOWED for said in SENTENCES[rule]]
TIMES = [datetime(2026, 11, day, tzinfo=timezone.utc) for day in (19, 21)]
"""Before the shipped outage, and in it."""

LAST_RESORT = SAFETY_DIR / "last_resort.yml"
FEWEST = 25
ONE_OF_EACH = [(rule, SENTENCES[rule][0]) for rule in SENTENCES if rule != ALLOWED]


@pytest.mark.parametrize(("rule", "said"), REFUSED)
def test_a_sentence_that_no_text_may_hold_is_refused(rule: str, said: str) -> None:
    assert rule in {breach.rule for breach in breaches(said)}
    among = f"FBSS is pain after surgery. {said} Ask the clinic."
    assert rule in {breach.rule for breach in breaches(among)}
    assert rule in {breach.rule for breach in breaches(f"You read:\n- {said.upper()}\n{{route}}")}


@pytest.mark.parametrize("said", SENTENCES[ALLOWED])
def test_a_sentence_that_a_clinic_needs_is_allowed(said: str) -> None:
    assert [str(breach) for breach in breaches(said)] == []


def test_the_rules_are_measured_by_many_sentences_and_none_of_their_parts_is_dead() -> None:
    assert len(REFUSED) >= FEWEST
    assert len(SENTENCES[ALLOWED]) >= FEWEST
    assert {rule.name for rule in rules()} | {ALLOWED} == set(SENTENCES)
    for rule in rules():
        for pattern in rule.says:
            alone = dataclasses.replace(rule, says=(pattern,))
            said = [s.rstrip(".!").lower() for s in SENTENCES[rule.name]]
            assert any(alone.words(each) for each in [*said, *SENTENCES[rule.name]]), (
                pattern.pattern
            )


def strings(data: Any) -> Iterator[str]:
    """All texts in what a YAML file holds."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, (dict, list)):
        for each in data.values() if isinstance(data, dict) else data:
            yield from strings(each)


def written(content: ContentFiles) -> Iterator[tuple[str, str]]:
    """(place, text) of all content files, drafts too."""
    for answer in content.answers:
        links = [link.title for link in answer.links]
        for text in (answer.title, answer.button, answer.text, answer.simpler, *links):
            yield f"{answer.file} {answer.name}", text
    for clinic in content.clinics:
        for route in clinic.routes:
            for text in (route.label, route.text, route.outage_text):
                yield f"{clinic.file} {route.kind.value}", text
        for notice in clinic.notices:
            yield f"{clinic.file} notice", notice.text


def rendered(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """(name, text) of every reply at every clinic, with and without an outage, and its fact."""
    for clinic in snapshot.clinics:
        for key in {(subject, detail) for _, subject, detail in snapshot.answers}:
            answer = snapshot.answer(clinic, *key)
            if answer is None:
                continue
            whole = [answer, general(answer)]
            for said in (each for each in whole if each is not None):
                for at in TIMES:
                    yield f"{clinic} {key}", render(snapshot, said, clinic, at).text


def of_the_program() -> Iterator[tuple[str, str]]:
    """(file, text) of what does not lie in the content: responses, templates, error sentences."""
    yield from ((DOMAIN_FILE.name, text) for text in strings(read_yaml(DOMAIN_FILE, "d").data))
    for path in [LAST_RESORT] if LAST_RESORT.exists() else []:
        yield from ((path.name, text) for text in strings(read_yaml(path, path.name).data))
    for path in sorted((ROOT / "bot" / "chat" / "templates").iterdir()):
        text = re.sub(r"<[^>]*>|{%.*?%}|{{|}}", "\n", path.read_text(encoding="utf-8"))
        yield from ((path.name, line) for line in text.splitlines())
    for path in sorted((ROOT / "bot" / "chat" / "static").glob("*.js")):
        quoted = re.findall(r"\"([^\"\n]*)\"|'([^'\n]*)'|`([^`]*)`", path.read_text("utf-8"))
        yield from ((path.name, text) for found in quoted for text in found)
    for folder in ("bot/chat", "bot/web", "bot/engine", "actions"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield from ((path.name, text) for text in _literals(path))


def _literals(path: Path) -> Iterator[str]:
    """Strings of a module, apart from docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def test_no_text_that_ships_says_such_a_thing(shipped: ContentFiles, snapshot: Snapshot) -> None:
    texts = [*written(shipped), *rendered(snapshot), *of_the_program()]
    found = [f"{place}: {breach}" for place, text in set(texts) for breach in breaches(text)]
    assert found == []
    assert len(set(texts)) > 500
    everything = "\n".join(text for _, text in texts)
    for known in (
        "Something went wrong on our side",
        "something went wrong on my side",
        "Call 911",
    ):
        assert known in everything


@pytest.mark.parametrize(("rule", "said"), ONE_OF_EACH)
def test_content_files_that_say_it_are_refused_with_file_line_and_key(
    folder: Path, rule: str, said: str
) -> None:
    line = edit(folder / "library/contact.yml", 'text: "{route}"', f'text: "{said} {{route}}"')
    with pytest.raises(ContentFilesError) as caught:
        load_directory(folder)
    [problem] = caught.value.problems
    message = next(each.message for each in rules() if each.name == rule)
    assert str(problem).startswith(f"library/contact.yml:{line}: answers.phone.text: ")
    assert message in str(problem)


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("library/condition.yml", "    title: Causes\n", "    title: Stop your pills\n",
         "answers.causes.title"),
        ("library/condition.yml", "    button: What causes it?\n", "    button: You have FBSS\n",
         "answers.causes.button"),
        ("library/condition.yml", "    simpler: Other nerves", "    simpler: You will heal. Other",
         "answers.cause_detail/surgical_injury.simpler"),
        ("temple.yml", "      label: myTempleHealth\n", "      label: Guaranteed relief\n",
         "clinic.routes.1.label"),
        ("temple.yml", "        Temple Faculty Physicians has", "        You will be fine. It has",
         "clinic.notices.0.text"),
    ],
)  # fmt: skip
def test_every_text_of_a_file_is_looked_at(
    folder: Path, file: str, old: str, new: str, key: str
) -> None:
    edit(folder / file, old, new)
    with pytest.raises(ContentFilesError) as caught:
        load_directory(folder)
    assert [problem.key for problem in caught.value.problems] == [key]


def test_what_visitors_are_expected_to_ask_is_not_looked_at(folder: Path) -> None:
    faq = (
        "  faq/pills:\n    title: Pills\n    text: Only your provider can say. {route}\n"
        "    examples: [should i stop my pills, will it cure me for sure]\n    source: temple\n"
    )
    edit(folder / "twin-cities.yml", "answers:\n", f"answers:\n{faq}")
    assert load_directory(folder).answers


def test_an_edit_that_says_it_is_refused(engine: Engine, clock: Clock) -> None:
    record = AnswerRecord("temple", "phone", None, "Just double the dose. {route}")
    vectors = VectorStore(engine, "model", lambda texts: np.zeros((len(texts), 2), np.float32))
    with pytest.raises(ContentError, match='"Just double the dose" tells to start'):
        write_answer(engine, record, clock, vectors, by="staff", read_version=1)
