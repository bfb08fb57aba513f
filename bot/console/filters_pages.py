"""Filters that a person keeps under a name of their own."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, staff_route
from bot.console.conversations_store import carried
from bot.console.forms import number_in_path, text_of
from bot.console.going_on import see_other
from bot.console.parts import store_of
from bot.errors import BadRequest
from bot.review.saved_filters import SavedFilters
from bot.staff.model import Permission

LIST = "/staff/conversations"
LONGEST_NAME = 80


def keep(request: Request) -> Response:
    """Keep the filter of the list. A second one of the same name takes the place of the first."""
    wanted = carried(request)
    name = text_of(request, "name", most=LONGEST_NAME)
    if wanted.errors or not name:
        raise BadRequest("Nothing was kept: a filter needs a name. Go back and write one.")
    by = person_of(request).name
    store_of(request, SavedFilters).save(name, wanted.filter, by=by, clinic=wanted.clinic)
    more = f"{wanted.query}&" if wanted.query else ""
    return see_other(f"{LIST}?{more}done=kept")


def drop(request: Request) -> Response:
    """Keep it no longer. Nobody can drop another person's."""
    store_of(request, SavedFilters).delete(number_in_path(request), by=person_of(request).name)
    return see_other(LIST, done="dropped")


ROUTES = [
    staff_route("/conversations/filters", keep, methods=["POST"], needs=Permission.REVIEW),
    staff_route(
        "/conversations/filters/{number}/drop", drop, methods=["POST"], needs=Permission.REVIEW
    ),
]
