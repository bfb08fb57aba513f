"""The development set is a copy, and none of it is training data."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.content.yaml_lines import read_yaml
from bot.paths import EVAL_DIR, NLU_DIR, ROOT

COPIED = ("README.md", "dialogues.yml", "noisy.jsonl", "safety.jsonl", "typical.jsonl")
DIALOGUES = (EVAL_DIR / "dialogues.yml", EVAL_DIR / "conversations.yml")
GROUPING = "missed"
"""Its sets measure how questions are grouped, which learns from other texts: `tests/missed/`."""
ORIGINAL = ROOT.parent / "shared" / "eval"


def folded(text: str) -> str:
    """Without case, punctuation and extra space, as `tests/eval/README.md` asks."""
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub("['’]", "", text.casefold())).split())


def training_lines() -> set[str]:
    found = set()
    for path in sorted(NLU_DIR.rglob("*.yml")):
        for entry in read_yaml(path, path.name).data["nlu"]:
            lines = entry.get("examples", "").splitlines()
            found.update(folded(line.strip().removeprefix("-")) for line in lines)
    return found


def eval_texts(path: Path) -> list[str]:
    if path.suffix == ".jsonl":
        return [json.loads(line)["text"] for line in path.read_text().split("\n") if line]
    dialogues = read_yaml(path, path.name).data
    return [turn["visitor"] for dialogue in dialogues for turn in dialogue["turns"]]


@pytest.mark.parametrize("name", COPIED)
def test_the_copy_is_there_and_like_the_original_where_that_lies_beside(name):
    copy = (EVAL_DIR / name).read_bytes()
    assert copy
    if ORIGINAL.is_dir():
        assert copy == (ORIGINAL / name).read_bytes()


def test_nothing_of_the_original_is_missing_in_the_copy():
    original = {p.name for p in ORIGINAL.iterdir()} if ORIGINAL.is_dir() else set()
    assert original | set(COPIED) <= {p.name for p in EVAL_DIR.iterdir()}


def test_nothing_that_we_measure_with_is_training_data():
    training = training_lines()
    assert len(training) > 1000, "the training data was not read"
    both = {
        f"{path.name}: {text}"
        for path in [*EVAL_DIR.rglob("*.jsonl"), *DIALOGUES]
        if path.parent.name != GROUPING
        for text in eval_texts(path)
        if folded(text) and folded(text) in training
    }
    assert both == set()


def test_the_comparison_does_not_see_case_punctuation_or_space():
    assert folded("What  is F.B.S.S?!") == folded("what is f b s s")
    assert folded("I don’t know") == folded("i dont know")


def test_there_are_a_hundred_different_questions_on_other_conditions():
    texts = [folded(text) for text in eval_texts(EVAL_DIR / "other_conditions.jsonl")]
    assert len(texts) == len(set(texts)) == 100
