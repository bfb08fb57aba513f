"""One answer: what visitors read, and the form to change it."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import staff_route
from bot.console.answers_editing import act, page, read
from bot.console.answers_form import form_of_answer
from bot.console.answers_store import desk_of, opened
from bot.console.answers_view import preview_of
from bot.staff.model import Permission


def show(request: Request) -> Response:
    """The answer as visitors read it now, and its form with the draft."""
    answer = opened(request)
    sources = {source.key: source for source in desk_of(request).sources()}
    record = answer.stored if answer.is_published else None
    now = preview_of(request, record, sources) if record else None
    return page(request, answer, form_of_answer(answer.record), now=now)


def save(request: Request) -> Response:
    """Show what visitors would see, keep a draft, publish it, or plan to."""
    answer = opened(request, to_edit=True)
    return act(request, answer, read(request, answer))


ROUTES = [
    staff_route("/answers/{place}", show, needs=Permission.CONTENT),
    staff_route("/answers/{place}", save, methods=["POST"], needs=Permission.CONTENT),
]
