"""One answer: what visitors read, and the form to change it."""

from __future__ import annotations

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import staff_route
from bot.console.answers_editing import act, overtaken, page, read
from bot.console.answers_form import form_of_answer
from bot.console.answers_new_pages import KINDS
from bot.console.answers_store import desk_of, opened, refuse
from bot.console.answers_view import preview_of
from bot.console.forms import text_of
from bot.content.drafts import NO_EDIT
from bot.content.editing import NEW
from bot.content.model import LIBRARY
from bot.content.opening import Opened
from bot.content.records import AnswerRecord
from bot.errors import NotFound
from bot.staff.model import Permission

GONE = "gone"
"""Stands for the template's sentence."""


def show(request: Request) -> Response:
    """The answer as visitors read it now, and its form with the draft."""
    answer = opened(request)
    sources = {source.key: source for source in desk_of(request).sources()}
    record = answer.stored if answer.is_published else None
    now = preview_of(request, record, sources) if record else None
    return page(request, answer, form_of_answer(answer.record), now=now)


def save(request: Request) -> Response:
    """Show what visitors would see, keep a draft, publish it, or plan to."""
    try:
        answer = opened(request, to_edit=True)
    except NotFound as error:
        return _gone(request, error)
    return act(request, answer, read(request, answer.record))


def _gone(request: Request, error: NotFound) -> Response:
    """What was typed about a draft or an answer that somebody else published or threw away
    meanwhile: for what it has become, else as a new answer.

    Raises the error again where there is nothing that one could write anew.
    """
    clinic, subject = text_of(request, "clinic"), text_of(request, "kind")
    asked = AnswerRecord(clinic, subject, text_of(request, "detail") or None, "")
    refuse(request, clinic)
    now = desk_of(request).begin(asked)
    if now.place:
        return overtaken(request, read(request, now.record))
    library = desk_of(request).begin(replace(asked, clinic=LIBRARY))
    shared = library.place if library.stored else ""
    if not shared and subject not in KINDS:
        raise error
    form = read(request, asked)
    typed = {**form.typed, "of": shared, "version": str(NEW), "edit": str(NO_EDIT)}
    blank = Opened(None, NEW, None, None, now.needs_approval)
    return page(request, blank, replace(form, typed=typed, errors={"": GONE}), status=409)


ROUTES = [
    staff_route("/answers/{place}", show, needs=Permission.CONTENT),
    staff_route("/answers/{place}", save, methods=["POST"], needs=Permission.CONTENT),
]
