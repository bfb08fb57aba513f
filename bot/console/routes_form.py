"""The form of a clinic's contact routes: from routes to fields, and back with every mistake.

A field is named for the kind of its route: `phone-label`, `phone-mon`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from bot.console.forms import text_of, whole_number
from bot.content.contact_routes import LONGEST, mistakes
from bot.content.hours import ALWAYS, DAYS, Hours, read_hours
from bot.content.model import ContactRoute, RouteKind
from bot.errors import ContentError

TEXTS = ("label", "text", "url", "outage_text")
USED, PLACE = "used", "place"


@dataclass(frozen=True)
class RoutesForm:
    """What the form holds: the kinds in the order in which they are shown, each field's text by its
    name, and the sentence of each mistake by the field it belongs to.
    """

    kinds: tuple[RouteKind, ...]
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    routes: tuple[ContactRoute, ...]


def form_of_routes(routes: tuple[ContactRoute, ...]) -> RoutesForm:
    """The form as it is opened: the clinic's routes in order, then the kinds that it has not."""
    typed: dict[str, str] = {}
    for place, route in enumerate(routes, start=1):
        kind = route.kind.value
        typed |= {f"{kind}-{name}": getattr(route, name) for name in TEXTS}
        typed |= {f"{kind}-{day}": route.hours.day(day) for day in DAYS}
        typed |= {f"{kind}-{USED}": "on", f"{kind}-{PLACE}": str(place)}
    return RoutesForm(_shown(routes), typed, {}, routes)


def read_form(request: Request, known: tuple[ContactRoute, ...]) -> RoutesForm:
    """What was sent, as routes in the order that was chosen; `known` are those that are stored."""
    typed = dict(_typed(request))
    errors: dict[str, str] = {}
    found = []
    for kind in _shown(known):
        if typed[f"{kind.value}-{USED}"]:
            hours = _hours(kind, typed, errors)
            label, text, url, outage_text = (typed[f"{kind.value}-{name}"] for name in TEXTS)
            route = ContactRoute(kind, label, text, url, outage_text, hours)
            found.append((_place(kind, typed), route))
    routes = tuple(route for _, route in sorted(found, key=lambda pair: pair[0]))
    for mistake in mistakes(routes):
        field = f"{mistake.kind.value}-{mistake.field}" if mistake.kind else ""
        errors.setdefault(field.replace("-hours", "-mon"), mistake.message)
    return RoutesForm(_shown(known), typed, errors, routes)


def _shown(routes: tuple[ContactRoute, ...]) -> tuple[RouteKind, ...]:
    return tuple(dict.fromkeys([*(route.kind for route in routes), *RouteKind]))


def _typed(request: Request) -> Iterator[tuple[str, str]]:
    for kind in RouteKind:
        for name in (*TEXTS, *DAYS, USED, PLACE):
            field = f"{kind.value}-{name}"
            most = LONGEST.get(name, 200) + 1
            yield field, " ".join(text_of(request, field, most=most).split())


def _place(kind: RouteKind, typed: Mapping[str, str]) -> int:
    """The place that was chosen; those that share one stay in the order of the form."""
    chosen = whole_number(typed[f"{kind.value}-{PLACE}"])
    return len(RouteKind) if chosen is None else chosen


def _hours(kind: RouteKind, typed: Mapping[str, str], errors: dict[str, str]) -> Hours:
    """The week of a route, read day by day so that each mistake stands beside its day."""
    stated = {day: typed[f"{kind.value}-{day}"] for day in DAYS}
    stated = {day: text for day, text in stated.items() if text}
    for day, text in stated.items():
        try:
            read_hours({day: text})
        except ContentError as error:
            errors[f"{kind.value}-{day}"] = str(error)
            return ALWAYS
    return read_hours(stated)
