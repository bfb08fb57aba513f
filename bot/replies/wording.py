"""The same answer said otherwise: simpler, shorter, in general, put together with another one,
without a detail.

Pure. All words are the store's: an answer is only cut or put together.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection

from bot.content.model import Answer
from bot.content.placeholders import EMERGENCY, ITEMS, PLACEHOLDER

SENTENCE_END = re.compile(r"(?<=[.!?:])\s+")
SAYS_YES_OR_NO = re.compile(r"(?:yes|no)\s*[,.!:;]\s*", re.IGNORECASE)
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


def general(answer: Answer) -> Answer | None:
    """The first sentence as a fact that answers nobody's question: without a yes or a no before it
    and without its list. A sentence that tells one of the answer's telephone numbers stays.

    `None` where nothing but what introduces a list is left.
    """
    yes_or_no = SAYS_YES_OR_NO.match(answer.text)
    text = answer.text[yes_or_no.end() :] if yes_or_no else answer.text
    sentences = SENTENCE_END.split(f"{text[:1].upper()}{text[1:]}")
    facts = [s for s in sentences if not s.endswith(":") and not ONLY_PLACEHOLDERS.fullmatch(s)]
    if not facts:
        return None
    numbers = [link.url.partition(":")[2] for link in answer.links]
    kept = [s for s in facts if s is facts[0] or any(number in s for number in numbers)]
    return dataclasses.replace(answer, text=" ".join(kept), items=())


def framed(answer: Answer, before: Answer | None = None, after: Answer | None = None) -> Answer:
    """The answer with the text of another one in a line before or after it."""
    text = answer.text
    if after is not None and answer.items and f"{{{ITEMS}}}" not in text:
        text = f"{text}\n{{{ITEMS}}}"
    parts = [before.text if before else "", text, after.text if after else ""]
    return dataclasses.replace(answer, text="\n".join(part for part in parts if part))


def led(lead: Answer, answer: Answer) -> Answer:
    """The answer with the text of another one before it in the same line."""
    return dataclasses.replace(answer, text=f"{lead.text} {answer.text}")


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
