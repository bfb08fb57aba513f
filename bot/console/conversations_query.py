"""Between the address of a list and the filter that it means.

The address is what the form sends, what a saved filter opens and what a transcript carries along
to know its neighbours: one way to read it, one way to write it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from typing import TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request

from bot.console.access import person_of
from bot.console.forms import whole_number
from bot.console.parts import parts_of
from bot.errors import NotFound
from bot.review.filters import (
    LOW_CONFIDENCE,
    ConversationFilter,
    Cursor,
    FeedbackIs,
    Order,
)
from bot.staff.model import Permission

MOST_WORDS = 200
"""Characters of a search: more than anybody types, less than a database minds."""
MOST_TURNS = 100_000
Kind = TypeVar("Kind", bound=Enum)
NOBODY = "-"
"""Stands for "assigned to nobody"; no person's name is this."""
YES, NO = "yes", "no"
SAID = {True: YES, False: NO, None: None}
TICKS = {"flag": "red_flag", "missed": "missed", "person": "handoff"}
"""Fields of the form that are ticks, and what they are in the filter. An address may say "no"."""
FIELDS = (
    *("words", "from", "to", "clinic", "about", *TICKS, "unsure", "feedback", "reviewed", "tag"),
    *("assigned", "least", "most", "order"),
)
"""Everything that an address may say of a list, in the order of the form."""


@dataclass(frozen=True)
class Wanted:
    """What an address asks for.

    `typed`: the fields that say something, as they were typed. `errors`: sentences' keys by field;
    where there are some, the filter must not be used. `clinic`: the one that was chosen; `zone`
    its time zone, on whose clock the dates are meant.
    """

    filter: ConversationFilter
    zone: str
    clinic: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """As a part of an address, without the question mark."""
        return urlencode(self.typed)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        return any(name != "order" for name in self.typed)

    def without(self, *names: str) -> str:
        """The address's part with some of the fields taken off."""
        return urlencode({key: value for key, value in self.typed.items() if key not in names})


def wanted_of(
    request: Request, fields: Mapping[str, str], needs: Permission = Permission.READ
) -> Wanted:
    """Read the fields of an address or of a form that carries them along.

    Only clinics in which the person may do what is needed are looked at. Raises `NotFound` for
    another one.
    """
    clinics = person_of(request).clinics(needs)
    typed = {name: _cut(fields.get(name, "")) for name in FIELDS if _cut(fields.get(name, ""))}
    chosen = typed.get("clinic")
    if chosen is not None:
        if chosen not in clinics:
            raise NotFound("There is no such page, or it belongs to a clinic that you cannot open.")
        clinics = (chosen,)
    zone = zone_of(request, clinics)
    return _read(typed, clinics, chosen, zone)


def opened(request: Request, kept: Mapping[str, object]) -> Wanted:
    """What a saved filter means for the person today."""
    clinics = person_of(request).clinics(Permission.READ)
    filter_ = ConversationFilter.from_json(kept, clinics)
    chosen = kept.get("clinic")
    only = chosen if isinstance(chosen, str) and chosen in clinics else None
    zone = zone_of(request, (only,) if only else clinics)
    return Wanted(filter_, zone, only, written(filter_, only, zone))


def zone_of(request: Request, clinics: tuple[str, ...]) -> str:
    """The time zone of the first of these clinics that the content knows."""
    known = parts_of(request).live.current.clinics
    return next((known[key].timezone for key in clinics if key in known), "UTC")


def cursor_of(request: Request) -> Cursor | None:
    """Where the page of the list begins. Raises `BadRequest`."""
    at = request.query_params.get("at")
    return Cursor.parse(at) if at else None


def written(chosen: ConversationFilter, clinic: str | None, zone: str) -> dict[str, str]:
    """The reverse of `wanted_of`: the fields that ask for this filter."""
    about = "/".join(part for part in (chosen.subject, chosen.detail) if part)
    fields = {
        "words": chosen.words,
        "from": _day(chosen.since, zone),
        "to": _day(chosen.until, zone, -1),
        "clinic": clinic,
        "about": about,
        **{name: SAID[getattr(chosen, of)] for name, of in TICKS.items()},
        "unsure": YES if chosen.confidence_below is not None else None,
        "feedback": chosen.feedback.value if chosen.feedback else None,
        "reviewed": SAID[chosen.reviewed],
        "tag": chosen.tag,
        "assigned": NOBODY if chosen.assigned_to == "" else chosen.assigned_to,
        "least": _text(chosen.least_turns),
        "most": _text(chosen.most_turns),
        "order": chosen.order.value if chosen.order is not Order.ATTENTION else None,
    }
    return {name: value for name, value in fields.items() if value}


def no_later_than(chosen: ConversationFilter, moment: datetime) -> ConversationFilter:
    """The filter without conversations that go on after a moment: what a person has not seen
    counted is not changed either.
    """
    until = min(chosen.until, moment) if chosen.until else moment
    return replace(chosen, until=until)


def _read(
    typed: Mapping[str, str], clinics: tuple[str, ...], chosen: str | None, zone: str
) -> Wanted:
    errors: dict[str, str] = {}
    since = _moment(typed, "from", zone, errors)
    until = _moment(typed, "to", zone, errors, days=1)
    least, most = (_number(typed, name, errors) for name in ("least", "most"))
    if since and until and since >= until:
        errors["to"] = "backwards"
    if least is not None and most is not None and least > most:
        errors["most"] = "backwards"
    subject, _, detail = typed.get("about", "").partition("/")
    assigned = typed.get("assigned")
    read = ConversationFilter(
        clinics,
        since=since,
        until=until,
        subject=subject or None,
        detail=detail or None,
        confidence_below=LOW_CONFIDENCE if "unsure" in typed else None,
        **{of: typed[name] != NO for name, of in TICKS.items() if name in typed},
        feedback=_one_of(FeedbackIs, typed.get("feedback")),
        reviewed={YES: True, NO: False}.get(typed.get("reviewed", "")),
        tag=typed.get("tag", "").lower() or None,
        assigned_to="" if assigned == NOBODY else assigned,
        least_turns=least,
        most_turns=most,
        words=typed.get("words"),
        order=_one_of(Order, typed.get("order")) or Order.ATTENTION,
    )
    return Wanted(read, zone, chosen, typed, errors)


def _moment(
    typed: Mapping[str, str], name: str, zone: str, errors: dict[str, str], days: int = 0
) -> datetime | None:
    if name not in typed:
        return None
    try:
        day = date.fromisoformat(typed[name]) + timedelta(days=days)
        return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(timezone.utc)
    except (ValueError, OverflowError):
        errors[name] = "date"
        return None


def _number(typed: Mapping[str, str], name: str, errors: dict[str, str]) -> int | None:
    if name not in typed:
        return None
    number = whole_number(typed[name])
    if number is not None and number <= MOST_TURNS:
        return number
    errors[name] = "number"
    return None


def _one_of(kind: type[Kind], value: str | None) -> Kind | None:
    """The member of an enumeration, None for what is none."""
    return next((each for each in kind if each.value == value), None)


def _day(moment: datetime | None, zone: str, days: int = 0) -> str | None:
    if moment is None:
        return None
    return (moment.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)).isoformat()


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)


def _cut(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:MOST_WORDS]
