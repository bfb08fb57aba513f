"""Writes the parts of the stock set-up that follow from our data: its domain, its rules and its
answers.

One rule an intent, as `rasa init` shows them; every action is a custom one that answers with a text
as long as ours, because it is ours.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.content.model import Answer, Snapshot
from bot.content.yaml_lines import read_yaml
from bot.errors import SetupError
from bot.paths import ROOT
from bot.replies.render import render

STOCK_DIR = ROOT / "bench" / "stock"
FALLBACK = "fallback"
FALLBACK_INTENT = "nlu_fallback"
CLINIC = "temple"


def write_project(folder: Path, nlu_dir: Path, snapshot: Snapshot, at: datetime) -> None:
    """Write `domain.yml`, `data/` and `answers.json` into a folder. `at` is the moment that the
    answers are made for.

    Raises `SetupError` when there is no training data, or a story uses an intent that it does not
    have.
    """
    intents = read_intents(nlu_dir)
    stories = STOCK_DIR / "stories.yml"
    unknown = sorted(story_intents(stories) - set(intents))
    if unknown:
        raise SetupError(f"{stories} uses intents without training data: {', '.join(unknown)}.")
    (folder / "data").mkdir(parents=True, exist_ok=True)
    _write(folder / "domain.yml", domain(intents))
    _write(folder / "data" / "rules.yml", rules(intents))
    _write(folder / "data" / "stories.yml", stories.read_text(encoding="utf-8"))
    answers = {name: _answer(snapshot, name, at) for name in (*intents, FALLBACK)}
    _write(folder / "answers.json", json.dumps(answers, indent=1))


def read_intents(nlu_dir: Path) -> list[str]:
    """The intents that have training data, in order. Raises `SetupError` when there are none."""
    found = set()
    for path in sorted(nlu_dir.rglob("*.yml")):
        for entry in read_yaml(path, str(path)).data.get("nlu", []):
            if "intent" in entry:
                found.add(entry["intent"])
    if not found:
        raise SetupError(f"{nlu_dir} holds no training data.")
    return sorted(found)


def story_intents(path: Path) -> set[str]:
    """The intents that a file of stories uses."""
    stories = read_yaml(path, str(path)).data["stories"]
    return {step["intent"] for story in stories for step in story["steps"] if "intent" in step}


def domain(intents: Sequence[str]) -> str:
    """A domain with one custom action an intent, and `rasa init`'s session settings."""
    lines = [
        'version: "3.1"',
        "intents:",
        *(f"- {name}" for name in intents),
        "actions:",
    ]
    lines += [f"- action_{name}" for name in (*intents, FALLBACK)]
    lines += ["session_config:", "  session_expiration_time: 60"]
    lines += ["  carry_over_slots_to_new_session: true"]
    return "\n".join(lines) + "\n"


def rules(intents: Sequence[str]) -> str:
    """One rule an intent, and one for what was not understood."""
    lines = ['version: "3.1"', "rules:"]
    for intent, action in (
        *((name, name) for name in intents),
        (FALLBACK_INTENT, FALLBACK),
    ):
        lines += [f"- rule: {intent}", "  steps:", f"  - intent: {intent}"]
        lines += [f"  - action: action_{action}"]
    return "\n".join(lines) + "\n"


def _answer(snapshot: Snapshot, subject: str, at: datetime) -> dict[str, Any]:
    """Our own reply of a subject, as the stock action server utters it."""
    reply = render(snapshot, _shipped_answer(snapshot, subject), CLINIC, at)
    buttons = [{"title": b.title, "payload": f"/{b.subject}"} for b in reply.buttons]
    return {"text": reply.text, "buttons": buttons}


def _shipped_answer(snapshot: Snapshot, subject: str) -> Answer:
    """The answer of a subject; of one that has only details, the first; of one that has none, the
    honest miss.
    """
    for name in (subject, FALLBACK):
        plain = snapshot.answer(CLINIC, name)
        if plain is not None:
            return plain
        details = sorted(d for _, s, d in snapshot.answers if s == name and d is not None)
        found = next((a for d in details if (a := snapshot.answer(CLINIC, name, d))), None)
        if found is not None:
            return found
    raise SetupError(f"The shipped content has neither an answer for {subject} nor for {FALLBACK}.")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
