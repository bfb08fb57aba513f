"""One conversation: read it, pass it on, delete it. Opening one is recorded before it is shown."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, staff_route
from bot.console.conversations_query import wanted_of
from bot.console.conversations_store import (
    carried,
    colleagues,
    keys_are_on,
    titles_of,
)
from bot.console.conversations_text import is_safe_link, shown
from bot.console.corrections_view import guesses_of, reviews_everywhere
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import store_of
from bot.conversations import reference
from bot.corrections.repository import Corrections
from bot.review.filters import LOW_CONFIDENCE
from bot.review.listing import ReviewLog
from bot.review.model import ReviewedMessage, TranscriptView
from bot.review.reviewing import Reviewing
from bot.review.transcript import Transcripts
from bot.staff.model import Permission

LIST = "/staff/conversations"


def show(request: Request, errors: dict[str, str] | None = None) -> Response:
    """The whole conversation; with `errors` after a form that has to be put right."""
    view = view_of(request, Permission.READ)
    wanted = carried(request) if errors else wanted_of(request, request.query_params)
    clinic = view.summary.clinic
    return render(
        request,
        "transcript.html",
        status=422 if errors else 200,
        view=view,
        wanted=wanted,
        beside=store_of(request, ReviewLog).neighbours(wanted.filter, view.summary.id),
        said=list(_with_questions(view.messages)),
        people=colleagues(request, (clinic,)),
        tags=store_of(request, Reviewing).tags((clinic,)),
        titles=titles_of(request, (clinic,)),
        corrected=store_of(request, Corrections).of_conversation(view.summary.id),
        guessed=guesses_of(view),
        everywhere=reviews_everywhere(request),
        link=f"{request.url.scheme}://{request.url.netloc}{LIST}/{view.summary.id}",
        errors=errors or {},
        typed=request.state.form if errors else {},
        low=LOW_CONFIDENCE,
        keys=keys_are_on(request),
        reference=reference.shown(view.reference),
        shown=shown,
        is_safe_link=is_safe_link,
    )


def ask_to_delete(request: Request) -> Response:
    """What is about to go."""
    view = view_of(request, Permission.DELETE)
    wanted = wanted_of(request, request.query_params)
    return render(request, "transcript_delete.html", view=view, wanted=wanted)


def delete(request: Request) -> Response:
    """Delete it, and go back to the list that one came from."""
    person = person_of(request)
    clinics = person.clinics(Permission.DELETE)
    store_of(request, Reviewing).delete(request.path_params["id"], clinics, by=person.name)
    return see_other(LIST, **carried(request).typed, done="deleted", number="1")


def view_of(request: Request, needs: Permission) -> TranscriptView:
    """The conversation of an address; the reading is recorded.

    Raises `NotFound` where there is none, or it belongs to a clinic where the person may not.
    """
    person = person_of(request)
    return store_of(request, Transcripts).read(
        request.path_params["id"], person.clinics(needs), by=person.name
    )


def _with_questions(
    messages: tuple[ReviewedMessage, ...],
) -> Iterator[tuple[ReviewedMessage, ReviewedMessage | None]]:
    """Each message, and for a reply the visitor's message of the same turn."""
    asked: ReviewedMessage | None = None
    for message in messages:
        if message.sender == "visitor":
            asked = message
        yield message, asked if asked is not None and asked.turn == message.turn else None


ROUTES = [
    staff_route("/conversations/{id}", show, needs=Permission.READ),
    staff_route("/conversations/{id}/delete", ask_to_delete, needs=Permission.DELETE),
    staff_route("/conversations/{id}/delete", delete, methods=["POST"], needs=Permission.DELETE),
]
