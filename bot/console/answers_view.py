"""What the page of an answer shows beside the form: how visitors see it, what it may lead to, how
hard it is to read, and whether it would be found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request

from bot.console.answers_finder import finder_of
from bot.console.answers_store import clinics_of
from bot.console.parts import parts_of
from bot.content.checks import LISTING
from bot.content.differences import Difference, differences
from bot.content.model import LIBRARY, Answer, Snapshot, Source
from bot.content.reading_grade import Reading, reading
from bot.content.records import AnswerRecord
from bot.content.snapshot import with_answer
from bot.content.subjects import FAQ, SERVICE_SUBJECTS
from bot.content.trial import Trial, beside
from bot.replies.model import Reply
from bot.replies.render import render

MOST_TRIED = 20
"""Questions that somebody may try at once."""


@dataclass(frozen=True)
class Preview:
    """An answer as visitors of a clinic would see it: what they ask, and the reply."""

    clinic: str
    question: str
    reply: Reply
    reading: Reading
    trial: Trial | None


@dataclass(frozen=True)
class Choices:
    """What an answer can point at, each with its name: follow-ups, items, whole of which it is a
    part.
    """

    offers: Sequence[tuple[str, str]]
    items: Sequence[tuple[str, str]]
    wholes: Sequence[tuple[str, str]]


def preview_of(
    request: Request,
    record: AnswerRecord,
    sources: Mapping[str, Source],
    questions: Sequence[str] | None = None,
) -> Preview | None:
    """How it would be seen; None where there is nothing to see yet.

    With `questions`, which may be empty, it is tried out whether they would find it.
    """
    if not record.text:
        return None
    parts = parts_of(request)
    current = parts.live.current
    mine = [key for key in clinics_of(request) if key in current.clinics]
    clinic = record.clinic if record.clinic != LIBRARY else next(iter(mine), "")
    if clinic not in current.clinics:
        return None
    changed = with_answer(current, record, sources)
    answer = changed.answers[record.key]
    asked = record.examples[0] if record.examples else answer.button or answer.title
    trial = None
    if questions is not None and record.subject == FAQ and record.examples:
        near = beside(list(current.answers.values()), record.clinic)
        trial = finder_of(request).try_out(answer, near, questions[:MOST_TRIED])
    reply = render(changed, answer, clinic, parts.clock())
    return Preview(clinic, asked, reply, reading(record.text), trial)


def choices_of(request: Request, record: AnswerRecord) -> Choices:
    """Names of what this answer may lead to at its clinic."""
    snapshot = parts_of(request).live.current
    reachable = _reachable(snapshot, record.clinic)
    offers = [
        (_name(answer), answer.button or answer.title)
        for answer in reachable
        if answer.subject not in SERVICE_SUBJECTS and _name(answer) != record.name
    ]
    listed = LISTING.get(record.subject)
    items = [(a.detail or "", a.title) for a in reachable if a.subject == listed and a.detail]
    wholes = [
        (a.detail or "", a.title)
        for a in reachable
        if a.subject == record.subject and a.detail and a.detail != record.detail
    ]
    known = dict(items)
    first = [(item, known.get(item, item)) for item in record.items]
    rest = [(item, title) for item, title in _by_title(items) if item not in record.items]
    return Choices(_by_title(offers), [*first, *rest], _by_title(wholes))


def changes(before: AnswerRecord, after: AnswerRecord) -> tuple[Difference, ...]:
    """What is different in the words of two answers, whatever becomes of them."""
    return differences(before.body(), replace(after, status=before.status).body())


def _reachable(snapshot: Snapshot, clinic: str) -> list[Answer]:
    """The answers that visitors of a clinic can be given; of the library, those of the library."""
    found: dict[tuple[str, str | None], Answer] = {}
    for owner in (LIBRARY, clinic):
        for answer in snapshot.answers.values():
            if answer.clinic == owner:
                found[answer.subject, answer.detail] = answer
    return list(found.values())


def _name(answer: Answer) -> str:
    return answer.subject if answer.detail is None else f"{answer.subject}/{answer.detail}"


def _by_title(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: pair[1].casefold())
