"""Which corrections a model may learn, and why not the others. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import paths
from bot.content.subjects import FAQ
from bot.corrections.model import Correction, State, key_of, one_line
from bot.corrections.shipped import Example, measured_messages, training_messages

ENTITY_MARK = re.compile(r"\](\(|\{)")
"""Rasa would read such a text as one with marks for entities."""

MASKED = re.compile(r"\[\w+\]")
"""What redaction puts in the place of what it masks."""

MARKS = " .,;:!?-'\"()"


@dataclass(frozen=True)
class Shipped:
    """What a correction is held against: training messages by their folded text, and the folded
    texts of what the bot is measured with.
    """

    training: Mapping[str, Example]
    measured: Collection[str]

    @classmethod
    def read(cls, nlu: Path | None = None, eval_dir: Path | None = None) -> Shipped:
        """What ships, or what other folders hold. Reads once; about a second."""
        return cls(
            training_messages(nlu or paths.NLU_DIR), measured_messages(eval_dir or paths.EVAL_DIR)
        )


@dataclass(frozen=True)
class LeftOut:
    """A correction that is not learnt, and why."""

    correction: Correction
    why: str


@dataclass(frozen=True)
class Lesson:
    """What a candidate learns beside the shipped data: (subject, text), sorted, each once."""

    examples: tuple[tuple[str, str], ...]
    left_out: tuple[LeftOut, ...] = ()


def why_not(text: str, subject: str, shipped: Shipped) -> str | None:
    """Why a message cannot be learnt as one of a subject; None where it can.

    A sentence for a person; it does not repeat the message.
    """
    key = key_of(text)
    if subject == FAQ:
        return "A written answer is found by its example questions: add the message to those."
    if not MASKED.sub("", one_line(text)).strip(MARKS):
        return "There are no words in it that could be learnt."
    if ENTITY_MARK.search(text):
        return "It holds brackets that Rasa reads as marks; it can be asked, not learnt."
    if key in shipped.measured:
        return "It is a message that the bot is measured with (tests/eval): it can be asked only."
    there = shipped.training.get(key)
    if there is None:
        return None
    if there.subject == subject:
        return f"It is in the training data already (data/nlu/{there.file})."
    return f"data/nlu/{there.file} says that it is one of {there.subject}; change it there."


def lesson(corrections: Iterable[Correction], shipped: Shipped) -> Lesson:
    """What can be learnt of the corrections in training, the same for the same ones in any order.

    Where two say different things of the same message, the later one counts.
    """
    chosen: dict[str, tuple[str, str]] = {}
    left_out = []
    taught = (each for each in corrections if each.state is State.TRAINING)
    for each in sorted(taught, key=lambda c: (c.at, c.id), reverse=True):
        why = why_not(each.text, each.wanted.subject, shipped)
        text = one_line(each.text)
        before = chosen.get(key_of(text))
        if why is None and before is not None and before[0] != each.wanted.subject:
            why = "A later correction says something else of the same message."
        if why is None:
            chosen[key_of(text)] = (each.wanted.subject, text)
        else:
            left_out.append(LeftOut(each, why))
    return Lesson(tuple(sorted(chosen.values())), tuple(left_out))
