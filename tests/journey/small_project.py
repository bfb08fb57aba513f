"""A copy of the project that learns in seconds, for tests that train and compare for real.

Nothing is replaced: it is the whole program with its pipeline, its rules and its content. Only what
it reads is less: a fixed share of each intent, of each list of names and of each file that it is
measured with. It understands visitors less well than the product does, which is what a test of
corrections needs; how well the product does is measured elsewhere.

Which are kept is a matter of each text's hash. So the same tree gives the same sample, the same
sample the same weights and each run of a test the same figures; and a message that is added to the
data changes one or two of the sample, not all of it.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bench.project import FEWEST, PARTS
from bot.candidates.measuring import SAFETY_FILES
from bot.corrections.shipped import examples_of
from bot.evaluation.reading import BLIND, DEVELOPMENT_FILES
from bot.paths import EVAL_DIR, NLU_DIR, ROOT

MESSAGES_SHARE, NAMES_SHARE, MEASURED_SHARE = 20, 8, 10
"""One of so many is kept."""

Item = TypeVar("Item")


def small_project(folder: Path) -> Path:
    """Copy the project into a folder, with a part of its data. Returns the copy's root."""
    root = folder / "project"
    for part in PARTS:
        source, target = ROOT / part, root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "nlu"))
        else:
            shutil.copy(source, target)
    shutil.copytree(ROOT / "bot" / "nlu", root / "bot" / "nlu")
    _write(root / "data" / "nlu" / "few.yml", {"version": "3.1", "nlu": list(_few_messages())})
    for path in sorted((NLU_DIR / "lookup").glob("*.yml")):
        lists = _read(path)
        _write(root / "data" / "nlu" / "lookup" / path.name, {**lists, "nlu": _few_names(lists)})
    for name in (*DEVELOPMENT_FILES, *(f"{BLIND}/{file}" for file in SAFETY_FILES)):
        _few_measured(EVAL_DIR / name, root / "tests" / "eval" / name)
    return root


def few(items: Sequence[Item], share: int, least: int = 1) -> list[Item]:
    """One of so many, in their order, at least so many: those whose hash is the lowest."""
    wanted = max(least, round(len(items) / share))
    kept = sorted(range(len(items)), key=lambda place: _hash(items[place]))[:wanted]
    return [items[place] for place in sorted(kept)]


def _hash(item: object) -> bytes:
    return hashlib.blake2b(str(item).encode(), digest_size=8).digest()


def _few_messages() -> Iterator[dict[str, str]]:
    by_intent: dict[str, list[str]] = defaultdict(list)
    for path in sorted(NLU_DIR.rglob("*.yml")):
        for intent, text in examples_of(path):
            by_intent[intent].append(f"- {text}")
    for intent, lines in sorted(by_intent.items()):
        yield {"intent": intent, "examples": "\n".join(few(lines, MESSAGES_SHARE, FEWEST))}


def _few_names(lists: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {**each, "examples": "\n".join(few(each["examples"].splitlines(), NAMES_SHARE))}
        for each in lists["nlu"]
    ]


def _few_measured(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".jsonl":
        lines = source.read_text(encoding="utf-8").splitlines()
        target.write_text("\n".join(few(lines, MEASURED_SHARE)) + "\n", encoding="utf-8")
    else:
        _write(target, few(_read(source), MEASURED_SHARE))


def _read(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(value, allow_unicode=True, sort_keys=False), encoding="utf-8")
