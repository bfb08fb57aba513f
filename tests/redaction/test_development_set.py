"""Masking takes nothing from the messages that understanding is measured on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.chat.public_numbers import POISON_HELP
from bot.redaction.redact import find_spans
from tests.house_rules.training import examples

FOLDER = Path(__file__).parents[1] / "eval"
# What these messages tell of a person, and all that may be masked in them.
PRIVATE = {"typical": set(), "noisy": {"Mabel", "Tina"}, "safety": set()}
MOST_MASKED_OF_TRAINING = 0.01


def masked(text: str) -> set[str]:
    return {text[s.start : s.end] for s in find_spans(text, frozenset({POISON_HELP}))}


@pytest.mark.parametrize("file", PRIVATE)
def test_no_message_of_the_development_set_is_masked_unless_it_is_private(file: str):
    lines = (FOLDER / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(lines) > 50
    assert set().union(*(masked(json.loads(line)["text"]) for line in lines)) == PRIVATE[file]


def test_hardly_a_training_message_is_masked():
    """They were written to be understood, and few of them hold a name or a day."""
    texts = {example.text for example in examples()}
    assert len(texts) > 10_000
    touched = [text for text in texts if masked(text)]
    assert len(touched) < MOST_MASKED_OF_TRAINING * len(texts), touched
