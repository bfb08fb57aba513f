"""One subject, one name: in intents, training messages, rules, actions, content, measurements."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path, PurePath
from typing import Any

import pytest

from bot.content.files import load_directory
from bot.content.model import LIBRARY
from bot.content.subjects import (
    DETAILED,
    DIALOGUE_ACTS,
    ENTITY_OF,
    FAQ,
    MEDICAL,
    SERVICE_SUBJECTS,
    SUBJECTS,
)
from bot.content.yaml_lines import read_yaml
from bot.paths import DOMAIN_FILE, EVAL_DIR, STORIES_DIR
from tests.house_rules.source import files, listed, text, tree
from tests.house_rules.training import examples

TRAINED = SUBJECTS | DIALOGUE_ACTS
INTENTS = TRAINED | {FAQ}
NOT_UNDERSTOOD = {"nlu_fallback": "fallback"}
"""Rasa's own name for a message that no intent fits, and what answers it."""

SHARED = frozenset(
    {"__init__", "base", "general", "guesses", "masked", "memory", "pointing", "together"}
)
"""Modules of `actions/` that hold no action of their own, but what several of them need."""


@pytest.fixture(scope="module")
def domain() -> dict[str, Any]:
    found = read_yaml(DOMAIN_FILE, DOMAIN_FILE.name).data
    assert isinstance(found, dict)
    return found


def named(entries: list[Any]) -> set[str]:
    """Names in a list of the domain, where a name may have settings."""
    return {next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries}


def action_modules() -> dict[str, ast.Module]:
    found = {PurePath(name).stem: tree(name) for name in files("actions")}
    return {stem: module for stem, module in found.items() if stem not in SHARED}


def test_the_sets_of_subjects_agree() -> None:
    assert not SUBJECTS & (DIALOGUE_ACTS | SERVICE_SUBJECTS)
    assert MEDICAL | set(DETAILED) | set(DETAILED.values()) | set(ENTITY_OF) <= SUBJECTS | {FAQ}


def test_the_domain_has_an_intent_for_each_subject(domain: dict[str, Any]) -> None:
    assert named(domain["intents"]) == INTENTS


def test_the_domain_has_the_entity_of_each_detailed_subject(domain: dict[str, Any]) -> None:
    assert set(ENTITY_OF.values()) <= named(domain["entities"])


def test_each_intent_has_training_messages_in_a_file_of_its_name() -> None:
    assert {example.intent for example in examples()} == TRAINED
    wrong = {
        f"{example.file}: {example.intent}"
        for example in examples()
        if example.intent not in PurePath(example.file).with_suffix("").parts
    }
    assert not wrong, listed(sorted(wrong))


def test_each_intent_has_one_rule_and_its_own_action() -> None:
    rules = read_yaml(STORIES_DIR / "rules.yml", "rules.yml").data["rules"]
    steps = [(rule["steps"][0]["intent"], rule["steps"][1]["action"]) for rule in rules]
    expected = {intent: f"action_{intent}" for intent in INTENTS}
    expected |= {intent: f"action_{subject}" for intent, subject in NOT_UNDERSTOOD.items()}
    assert sorted(steps) == sorted(expected.items())


def test_stories_name_intents_and_actions_that_exist(domain: dict[str, Any]) -> None:
    stories = read_yaml(STORIES_DIR / "conversations.yml", "conversations.yml").data["stories"]
    steps = [step for story in stories for step in story["steps"]]
    assert {s["intent"] for s in steps if "intent" in s} <= INTENTS | set(NOT_UNDERSTOOD)
    assert {s["action"] for s in steps if "action" in s} <= set(domain["actions"])


def test_each_intent_has_an_action_in_a_module_of_its_name(domain: dict[str, Any]) -> None:
    expected = INTENTS | set(NOT_UNDERSTOOD.values())
    assert set(action_modules()) == expected
    assert sorted(domain["actions"]) == sorted(f"action_{subject}" for subject in expected)


@pytest.mark.parametrize("stem", action_modules())
def test_an_action_answers_the_subject_of_its_module(stem: str) -> None:
    base = {"FALLBACK": "fallback", "FAQ": FAQ}
    subjects = [
        base.get(ast.unparse(statement.value)) or ast.literal_eval(statement.value)
        for node in action_modules()[stem].body
        if isinstance(node, ast.ClassDef)
        for statement in node.body
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "subject"
    ]
    assert subjects == [stem]


def test_content_has_the_same_subjects() -> None:
    answers = load_directory().answers
    assert {answer.subject for answer in answers} == SUBJECTS | SERVICE_SUBJECTS
    whole = {a.subject for a in answers if a.clinic == LIBRARY and a.detail is None}
    assert whole == SUBJECTS | SERVICE_SUBJECTS
    assert {answer.subject for answer in answers if answer.detail} <= set(ENTITY_OF)


def test_the_development_set_has_the_same_subjects() -> None:
    table = text(EVAL_DIR / "README.md").partition("| subject |")[2]
    rows = re.findall(r"^\| ([a-z_, ]+) \|", table, re.MULTILINE)
    assert {name for row in rows for name in row.split(", ")} == SUBJECTS
    lines = [line for path in sorted(EVAL_DIR.glob("*.jsonl")) for line in _lines(path)]
    assert len(lines) > 300
    assert {json.loads(line)["subject"] for line in lines} <= SUBJECTS


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]
