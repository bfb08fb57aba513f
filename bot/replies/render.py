"""From an answer to a reply: placeholders, list items, offers, links, source line.

Pure: the same in, the same out. No word of a reply is made here; all of them are content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime

from bot.content import placeholders
from bot.content.model import Answer, Clinic, ContactRoute, RouteKind, Snapshot
from bot.content.subjects import DETAILED
from bot.conversations.model import Link, SourceLine
from bot.errors import NotFound
from bot.replies.model import Offer, Reply

MOST_OFFERS = 3
"""More buttons than this are read by nobody and fill a phone's screen."""

CONTACT = (RouteKind.PHONE, RouteKind.PORTAL)
"""The routes that `{route}` names, as far as they are in force, in the clinic's own order."""

ITEM_MARK = "- "


def render(snapshot: Snapshot, answer: Answer, clinic: str, at: datetime) -> Reply:
    """The reply that an answer makes at a clinic at a moment.

    `clinic` is the key of the clinic whose visitor reads it, also for an answer of the library.
    Raises `NotFound` for a clinic that the snapshot does not hold.
    """
    here = snapshot.clinics.get(clinic)
    if here is None:
        raise NotFound(f"There is no clinic '{clinic}'.")
    words = _Words(here, at)
    items = [f"{ITEM_MARK}{title}" for title in item_titles(snapshot, answer, clinic)]
    text = _fill(answer.text, words, "\n".join(items))
    return Reply(
        text=text,
        buttons=offers(snapshot, answer, clinic),
        links=_links(answer, words.routes),
        subject=answer.subject,
        detail=answer.detail,
        source=source_line(answer),
        answer_id=answer.id,
        answer_version=answer.version,
    )


def item_titles(snapshot: Snapshot, answer: Answer, clinic: str) -> list[str]:
    """The titles of the details that an answer lists, in its own order."""
    subject = listed_subject(answer.subject)
    found = (snapshot.answer(clinic, subject, item) for item in answer.items)
    return [item.title for item in found if item is not None]


def listed_subject(subject: str) -> str:
    """The subject of the details that an answer lists: `cause_detail` for `causes`."""
    return next((detailed for detailed, lists in DETAILED.items() if lists == subject), subject)


def offers(snapshot: Snapshot, answer: Answer, clinic: str) -> tuple[Offer, ...]:
    """The follow-ups of an answer that have an answer at this clinic, at most `MOST_OFFERS`."""
    found = []
    for name in answer.offers:
        subject, _, detail = name.partition("/")
        target = snapshot.answer(clinic, subject, detail or None)
        if target is not None:
            found.append(Offer(target.button or target.title, subject, detail or None))
    return tuple(found[:MOST_OFFERS])


def source_line(answer: Answer) -> SourceLine | None:
    source = answer.source
    if source is None:
        return None
    return SourceLine(f"{source.publisher}: {source.title}", source.url, answer.reviewed_on)


class _Words:
    """A clinic's placeholders at one moment. Says nothing twice, remembers what it named."""

    def __init__(self, clinic: Clinic, at: datetime):
        self.routes: list[ContactRoute] = []
        self._clinic = clinic
        self._notice = clinic.notice(at)
        self._said: set[str] = set()
        self._in_force = clinic.routes_in_force(at)
        self._open = [r for r in self._in_force if r.kind in CONTACT]

    def of(self, placeholder: str) -> str:
        """The words for a placeholder, empty where it has none here."""
        if placeholder == placeholders.CLINIC:
            return self._clinic.name
        if placeholder == placeholders.RETENTION_DAYS:
            return str(self._clinic.retention_days)
        named = [route for route in self._named(placeholder) if route not in self.routes]
        self.routes += named
        words = [self._text(route) for route in named]
        if self._notice is not None and self._tells_notice(placeholder):
            words.insert(0, self._notice.text)
        new = [sentence for sentence in dict.fromkeys(words) if sentence not in self._said]
        self._said.update(new)
        return " ".join(new)

    def _tells_notice(self, placeholder: str) -> bool:
        without_portal = self._clinic.route(RouteKind.PORTAL) is None
        return placeholder in (placeholders.ROUTE, placeholders.NOTICE) or (
            placeholder == placeholders.PORTAL and without_portal
        )

    def _named(self, placeholder: str) -> list[ContactRoute]:
        """The routes that stand behind a placeholder, in the order in which they are said."""
        phone = self._route(RouteKind.PHONE)
        emergency = self._route(RouteKind.EMERGENCY)
        if placeholder == placeholders.EMERGENCY:
            return emergency
        if placeholder == placeholders.PHONE:
            return phone or self._open
        if placeholder == placeholders.PORTAL and self._route(RouteKind.PORTAL):
            return self._route(RouteKind.PORTAL)
        if placeholder not in (placeholders.ROUTE, placeholders.PORTAL, placeholders.NOTICE):
            return []
        if self._notice is None:
            return [] if placeholder == placeholders.NOTICE else self._open
        return [*(self._open or phone), *emergency]

    def _route(self, kind: RouteKind) -> list[ContactRoute]:
        working = next((r for r in self._in_force if r.kind is kind), None)
        route = working or self._clinic.route(kind)
        return [] if route is None else [route]

    def _text(self, route: ContactRoute) -> str:
        out = self._notice is not None and route.kind is RouteKind.PHONE
        return (route.outage_text if out else "") or route.text


def _fill(text: str, words: _Words, items: str) -> str:
    """The text with its placeholders filled; the list comes last unless the text says where."""
    if items and f"{{{placeholders.ITEMS}}}" not in text:
        text = f"{text}\n{{{placeholders.ITEMS}}}"

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        return items if name == placeholders.ITEMS else words.of(name)

    filled = placeholders.PLACEHOLDER.sub(value, text)
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in filled.strip().splitlines())
    return "\n".join(line for line in lines if line)


def _links(answer: Answer, routes: Iterable[ContactRoute]) -> tuple[Link, ...]:
    """The answer's own links, then those of the routes that its text named; each address once."""
    found = [
        *(Link(link.title, link.url) for link in answer.links),
        *(Link(route.label, route.url) for route in routes if route.url),
    ]
    first = {link.url: link for link in reversed(found)}
    return tuple(link for link in found if first[link.url] is link)
