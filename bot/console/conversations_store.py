"""What the pages of conversations ask of the stores, and what they record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from starlette.requests import Request

from bot.console.access import person_of
from bot.console.conversations_query import FIELDS, Wanted, wanted_of
from bot.console.forms import text_of
from bot.console.parts import parts_of, store_of
from bot.content.model import LIBRARY
from bot.review.bulk import BulkReview
from bot.review.filters import ConversationFilter
from bot.review.recorded import of_filter
from bot.staff.model import Permission, Person

LISTED, SEARCHED = "conversation.listed", "conversation.searched"
KEYS = "__Host-careline-keys"
KEYS_SECONDS = 365 * 24 * 3600


def count_of(
    request: Request, chosen: Collection[str] | ConversationFilter, clinics: Collection[str]
) -> int:
    """How many conversations a change to many would change, exactly."""
    return store_of(request, BulkReview).count(chosen, clinics)


def record_list(request: Request, wanted: Wanted) -> None:
    """Record that the list was looked at, and with which filter.

    A search for words records itself (`ReviewLog.page`).
    """
    if "words" not in wanted.typed:
        action = SEARCHED if wanted.is_narrowed else LISTED
        entry = of_filter(wanted.filter, person_of(request).name, action)
        parts_of(request).audit.record(entry)


def clinic_of(wanted: Wanted) -> str | None:
    """The clinic that a list is of, where it is of one only."""
    clinics = wanted.filter.clinics
    return clinics[0] if len(clinics) == 1 else None


def colleagues(request: Request, clinics: Iterable[str]) -> tuple[Person, ...]:
    """Whom a conversation of one of these clinics can be assigned to: who may review there."""
    wanted = tuple(clinics)
    found = parts_of(request).people.all(wanted)
    return tuple(p for p in found if any(p.may(Permission.REVIEW, clinic) for clinic in wanted))


Titles = Mapping[tuple[str, str | None], str]
"""The titles of answers by subject and detail; no detail for the answer to a whole subject."""


def titles_of(request: Request, clinics: Iterable[str]) -> Titles:
    """What answers are called at these clinics, a clinic's own before the library's."""
    answers = parts_of(request).live.current.answers
    titles: dict[tuple[str, str | None], str] = {}
    mine = set(clinics)
    for (clinic, subject, detail), answer in answers.items():
        if clinic in mine:
            titles[subject, detail] = answer.title
        elif clinic == LIBRARY:
            titles.setdefault((subject, detail), answer.title)
    return titles


def by_subject(titles: Titles) -> dict[str, list[tuple[str, str]]]:
    """The same as choices: for each subject its details and their names, by name."""
    found: dict[str, list[tuple[str, str]]] = {}
    for (subject, detail), title in sorted(titles.items(), key=lambda item: item[1].lower()):
        if detail is not None:
            found.setdefault(subject, []).append((detail, title))
    return found


def keys_are_on(request: Request) -> bool:
    """Whether single keys work in this browser (WCAG 2.1.4: they can be switched off)."""
    return request.cookies.get(KEYS) != "off"


def carried(request: Request, needs: Permission = Permission.READ) -> Wanted:
    """The filter that a form carries along, so that one comes back to the same list."""
    return wanted_of(request, {name: text_of(request, name) for name in FIELDS}, needs)
