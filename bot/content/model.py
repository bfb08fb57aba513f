"""What the content store hands out: frozen values, free of the database.

A `Snapshot` is all published content at one moment. Replies are made from a snapshot in memory; the
database is asked only whether a newer one exists.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.content.hours import ALWAYS, Hours
from bot.content.placeholders import OPENS_DAY, OPENS_TIME

if TYPE_CHECKING:
    from bot.content.answer_index import AnswerIndex

LIBRARY = "library"
"""The pseudo-clinic whose answers serve every clinic that has none of its own."""

RETENTION_DAYS = 90
"""Days from the last message of a conversation to its deletion, where a clinic says nothing."""


class RouteKind(str, Enum):
    """Ways to reach a clinic; each clinic has at most one of a kind."""

    PHONE = "phone"
    PORTAL = "portal"
    CARE_TEAM = "care_team"
    TELEMEDICINE = "telemedicine"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class Source:
    """Where an answer's facts come from.

    `url` is empty while the address is not known, `retrieved_on` is the day the page was read for
    this store.
    """

    key: str
    title: str
    publisher: str
    url: str
    retrieved_on: date | None = None


@dataclass(frozen=True)
class ContactRoute:
    """One way to reach a clinic.

    `text` is the sentence said to visitors, `label` the text of its link and `url` its address
    (`tel:`, `https:`), empty while it is not known. `outage_text` is said of a phone line instead
    of `text` while an outage is in force. `opens_at` is known of a route that is closed at the
    moment that was asked about (`Clinic.routes_in_force`).
    """

    kind: RouteKind
    label: str
    text: str
    url: str
    outage_text: str = ""
    hours: Hours = ALWAYS
    opens_at: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """Something that holds for a time, such as an outage of the phones. Times are aware, UTC."""

    id: int
    kind: str
    text: str
    starts_at: datetime
    ends_at: datetime | None

    def in_force(self, at: datetime) -> bool:
        return self.starts_at <= at and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True)
class AnswerLink:
    """A link that belongs to an answer whatever the clinic, such as `tel:988`."""

    title: str
    url: str


@dataclass(frozen=True)
class Answer:
    """One approved answer.

    `items` are details, in order, that the answer lists (`causes` lists details of `cause_detail`);
    `part_of` is the detail that a kind belongs to (`nerve_block` is part of `injections`). `offers`
    are follow-ups to offer, as `subject` or `subject/detail`. `text` may hold placeholders
    (`bot/replies/`). `button` is the short title of a button that offers this answer; without one
    the button shows `title`. `simpler` says the same in simpler words, empty where nobody wrote it.
    `examples` are questions that the answer is for, in the words of visitors.

    A clinic's own answer has its `title`, `button`, `part_of`, `also_called` and `offers` from the
    library's answer where it states none (`bot/content/snapshot.py`).
    """

    id: int
    version: int
    clinic: str
    subject: str
    detail: str | None
    title: str
    text: str
    items: tuple[str, ...] = ()
    part_of: str | None = None
    also_called: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    source: Source | None = None
    reviewed_on: date | None = None
    button: str = ""
    links: tuple[AnswerLink, ...] = ()
    simpler: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clinic:
    """A clinic, its contact routes in order of preference, its notices (past and coming too).

    `retention_days`: how long a conversation is kept after its last message. `origins` are those of
    the clinic's websites (`https://www.clinic.example`), whose pages may use its chat.
    `closed_text` is added to the sentence of a route that is closed, with when it opens filled in.
    """

    key: str
    name: str
    timezone: str
    routes: tuple[ContactRoute, ...] = ()
    notices: tuple[Notice, ...] = ()
    retention_days: int = RETENTION_DAYS
    origins: tuple[str, ...] = ()
    closed_text: str = ""

    def route(self, kind: RouteKind) -> ContactRoute | None:
        return next((route for route in self.routes if route.kind is kind), None)

    def notice(self, at: datetime, kind: str = "phone_outage") -> Notice | None:
        """The notice of that kind that is in force at a moment, the latest one if several are."""
        found = [n for n in self.notices if n.kind == kind and n.in_force(at)]
        return max(found, key=lambda n: n.starts_at, default=None)

    def routes_in_force(self, at: datetime) -> tuple[ContactRoute, ...]:
        """Routes that work at a moment, those that are open then first; else in their own order.

        The phone is left out while a phone outage is in force. A closed one has `opens_at`, and its
        `text` says so.
        """
        out = self.notice(at) is not None
        found = [r for r in self.routes if not (out and r.kind is RouteKind.PHONE)]
        return tuple(sorted((self._at(r, at) for r in found), key=lambda r: r.opens_at is not None))

    def _at(self, route: ContactRoute, at: datetime) -> ContactRoute:
        opens_at = route.hours.opens_at(at, self.timezone)
        if opens_at is None:
            return route
        local = opens_at.astimezone(ZoneInfo(self.timezone))
        closed = self.closed_text.replace(f"{{{OPENS_DAY}}}", local.strftime("%A"))
        closed = closed.replace(f"{{{OPENS_TIME}}}", local.strftime("%I:%M %p").lstrip("0"))
        return replace(route, text=f"{route.text} {closed}".strip(), opens_at=opens_at)


@dataclass(frozen=True)
class Snapshot:
    """All published content at one moment, found by clinic, subject and detail.

    `index` finds the answers that staff wrote by meaning; none where nobody made one.
    """

    version: int
    clinics: Mapping[str, Clinic]
    answers: Mapping[tuple[str, str, str | None], Answer] = field(default_factory=dict)
    index: AnswerIndex | None = field(default=None, compare=False)

    def answer(self, clinic: str, subject: str, detail: str | None = None) -> Answer | None:
        """The clinic's own answer, or the library's where it has none."""
        own = self.answers.get((clinic, subject, detail))
        return own or self.answers.get((LIBRARY, subject, detail))

    def names(self, subject: str) -> dict[str, tuple[str, ...]]:
        """For each detail of a subject the words that people use for it, its title first.

        Every clinic's words count, because visitors of all clinics speak the same language.
        """
        found: dict[str, dict[str, None]] = {}
        for (_, of_subject, detail), answer in self.answers.items():
            if of_subject == subject and detail is not None:
                words = (answer.title, *answer.also_called)
                found.setdefault(detail, {}).update(dict.fromkeys(words))
        return {detail: tuple(words) for detail, words in found.items()}
