"""The start page: what needs a person now, what is in force, and how the chat has been doing."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import own_route, person_of
from bot.console.conversations_query import zone_of
from bot.console.days_query import today_in
from bot.console.page import render
from bot.console.parts import parts_of
from bot.console.today_query import DAYS, wanted_of
from bot.console.today_view import boards_of, picture_of, waiting_for
from bot.content.model import LIBRARY
from bot.content.review_dates import overdue
from bot.staff.model import Permission

MOST_OVERDUE = 5
"""Answers that are named here; the page of answers has all."""


def show(request: Request) -> Response:
    """Each part for those who may do something with it; it says no visitor's words."""
    clinics = person_of(request).clinics(Permission.READ)
    for_all = {"boards": boards_of(request), "clinics": clinics, **_overdue(request)}
    if not clinics:
        return render(request, "today.html", **for_all)
    wanted = wanted_of(request)
    errors = wanted.chosen.errors
    return render(
        request,
        "today.html",
        status=422 if errors else 200,
        **for_all,
        waiting=waiting_for(request),
        wanted=wanted,
        typed=wanted.chosen.typed,
        errors=errors,
        days_offered=DAYS,
        picture=picture_of(request, wanted),
    )


def _overdue(request: Request) -> dict[str, Any]:
    """Answers whose review date has passed, for those who may edit some."""
    mine = person_of(request).clinics(Permission.CONTENT)
    if not mine:
        return {"edits": False}
    day = today_in(request, zone_of(request, mine))
    found = overdue(parts_of(request).database, (*mine, LIBRARY), day)
    return {"edits": True, "overdue": found, "most_overdue": MOST_OVERDUE}


ROUTES = [own_route("/", show)]
