"""What one message of a visitor should have been taken for: a click below it, or the whole list."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, require, staff_route
from bot.console.conversations_query import wanted_of
from bot.console.conversations_store import carried, titles_of
from bot.console.corrections_view import (
    details_of,
    guesses_of,
    near_by_words,
    reviews_everywhere,
    wanted_from,
)
from bot.console.forms import text_of
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import store_of
from bot.console.transcript_pages import LIST, view_of
from bot.corrections.guesses import without
from bot.corrections.model import CHOICES, MOST_WHY, Wanted
from bot.corrections.repository import Corrections
from bot.errors import NotFound
from bot.review.listing import ReviewLog
from bot.staff.model import Permission

TOO_LONG = "long"
"""Stands for the template's sentence about a reason that is a letter."""


def show(request: Request, errors: dict[str, str] | None = None) -> Response:
    """The message and everything that it can be corrected to, the likely first."""
    view = view_of(request, Permission.REVIEW)
    clinic = view.summary.clinic
    message = next((m for m in view.messages if m.id == request.path_params["message"]), None)
    if message is None or message.sender != "visitor":
        raise NotFound("There is no such message of a visitor.")
    replies = [m for m in view.messages if m.sender == "bot" and m.turn == message.turn]
    replied = {Wanted(reply.subject) for reply in replies if reply.subject and not reply.detail}
    likely = [*guesses_of(view).get(message.id, ()), *near_by_words(message.text)]
    return render(
        request,
        "corrections_choice.html",
        status=422 if errors else 200,
        view=view,
        message=message,
        replied=next((reply for reply in replies if reply.subject), None),
        before=store_of(request, Corrections).of_message(message.id),
        likely=without(likely, replied),
        choices=CHOICES,
        details=details_of(request, clinic),
        titles=titles_of(request, (clinic,)),
        everywhere=reviews_everywhere(request),
        wanted=carried(request) if errors else wanted_of(request, request.query_params),
        errors=errors or {},
        typed=request.state.form if errors else {},
        most_why=MOST_WHY,
    )


def correct(request: Request) -> Response:
    """Keep the correction, and go back to the conversation."""
    id_ = request.path_params["id"]
    require(request, Permission.REVIEW, store_of(request, ReviewLog).clinic_of(id_) or "")
    wanted, why = wanted_from(text_of(request, "as")), text_of(request, "why", most=MOST_WHY + 1)
    if len(why) > MOST_WHY:
        return show(request, {"why": TOO_LONG})
    person = person_of(request)
    store_of(request, Corrections).correct(
        request.path_params["message"],
        wanted,
        by=person.name,
        clinics=person.clinics(Permission.REVIEW),
        why=why or None,
        everywhere=text_of(request, "everywhere") == "on",
    )
    return see_other(f"{LIST}/{id_}", **carried(request).typed, done="corrected")


_ONE = "/conversations/{id}/correct/{message}"
ROUTES = [
    staff_route(_ONE, show, needs=Permission.REVIEW),
    staff_route(_ONE, correct, methods=["POST"], needs=Permission.REVIEW),
]
