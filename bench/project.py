"""A copy of the project whose training data is a sample, for both sides to train on.

Stock training takes hours on all of our examples, so a run may take fewer of them; ours then learns
from the same few, in a copy, so that nothing else differs.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.content.yaml_lines import read_yaml
from bot.paths import NLU_DIR, ROOT

PARTS = ("bot", "actions", "data", "config.yml", "domain.yml")
FEWEST = 8
"""Examples of an intent, however small its share: fewer teach nothing."""


def sampled_project(folder: Path, examples: int) -> Path:
    """Copy the project into a folder with about so many training examples, spread over the intents
    by their share. The same number gives the same sample. Returns the copy's root.
    """
    root = folder / f"project-{examples}"
    shutil.rmtree(root, ignore_errors=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, root / part)
    shutil.rmtree(root / "data" / "nlu")
    (root / "data" / "nlu").mkdir()
    shutil.copytree(NLU_DIR / "lookup", root / "data" / "nlu" / "lookup")
    (root / "data" / "nlu" / "sample.yml").write_text(_sample(examples), encoding="utf-8")
    return root


def evenly(texts: Sequence[str], wanted: int) -> list[str]:
    """So many of the texts, at even distances, so that each file and kind is in it."""
    count = min(wanted, len(texts))
    return [texts[i * len(texts) // count] for i in range(count)]


def _sample(examples: int) -> str:
    by_intent: dict[str, list[str]] = {}
    for intent, text in _examples():
        by_intent.setdefault(intent, []).append(text)
    total = sum(map(len, by_intent.values()))
    lines = ['version: "3.1"', "nlu:"]
    for intent, texts in sorted(by_intent.items()):
        wanted = max(FEWEST, round(examples * len(texts) / total))
        lines += [f"- intent: {intent}", "  examples: |"]
        lines += [f"    - {text}" for text in evenly(texts, wanted)]
    return "\n".join(lines) + "\n"


def _examples() -> Iterator[tuple[str, str]]:
    for path in sorted(NLU_DIR.rglob("*.yml")):
        for entry in read_yaml(path, str(path)).data.get("nlu", []):
            for line in str(entry["examples"]).splitlines() if "intent" in entry else ():
                yield entry["intent"], line.strip().removeprefix("- ")
