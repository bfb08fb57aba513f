"""The same answer said otherwise: simpler, shorter, with a sentence around it, without a detail.

Pure. All words are the store's: an answer is only cut or put together.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection

from bot.content.model import Answer
from bot.content.placeholders import EMERGENCY, ITEMS, PLACEHOLDER

SENTENCE_END = re.compile(r"(?<=[.!?:])\s+")
ONLY_PLACEHOLDERS = re.compile(rf"(?:{PLACEHOLDER.pattern}\s*)+")


def simpler(answer: Answer) -> Answer:
    """The answer in its simpler words, where it has some."""
    return dataclasses.replace(answer, text=answer.simpler or answer.text)


def says_simpler(answer: Answer) -> bool:
    """Whether an answer's text is made of its simpler words."""
    return bool(answer.simpler) and answer.simpler in answer.text


def shorter(answer: Answer) -> Answer:
    """The first sentence, and those that tell a contact route or introduce the answer's list.

    A list in the middle of the text is there to help on: it is left out.
    """
    sentences = SENTENCE_END.split(answer.text)
    if f"{{{ITEMS}}}" in answer.text:
        answer = dataclasses.replace(answer, items=())
    lists = bool(answer.items)
    # What introduces a list is the shortest way to say what the list is of.
    head = [s for s in sentences if s.endswith(":")] if lists else []
    kept = [s for s in sentences if s in (head or sentences[:1]) or ONLY_PLACEHOLDERS.fullmatch(s)]
    return dataclasses.replace(answer, text=" ".join(kept))


def framed(answer: Answer, before: Answer | None = None, after: Answer | None = None) -> Answer:
    """The answer with the text of another one in a line before or after it."""
    text = answer.text
    if after is not None and answer.items and f"{{{ITEMS}}}" not in text:
        text = f"{text}\n{{{ITEMS}}}"
    parts = [before.text if before else "", text, after.text if after else ""]
    return dataclasses.replace(answer, text="\n".join(part for part in parts if part))


def with_emergency(answer: Answer) -> Answer:
    """The answer, then what to do in an emergency."""
    return dataclasses.replace(answer, text=f"{answer.text} {{{EMERGENCY}}}")


def without(answer: Answer, details: Collection[str]) -> Answer:
    """The answer with neither a list item nor an offer of these details."""
    return dataclasses.replace(
        answer,
        items=tuple(item for item in answer.items if item not in details),
        offers=tuple(o for o in answer.offers if o.partition("/")[2] not in details),
    )
