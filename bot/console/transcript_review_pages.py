"""What staff say of one conversation: reviewed, for whom, tags, notes."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, require, staff_route
from bot.console.conversations_store import carried, colleagues
from bot.console.forms import number_in_path, text_of
from bot.console.going_on import see_other
from bot.console.parts import store_of
from bot.console.transcript_pages import LIST, show
from bot.errors import Unprocessable
from bot.review.listing import ReviewLog
from bot.review.reviewing import Reviewing
from bot.staff.model import Permission

MOST_TYPED = 20_000
"""Characters of a note that are given back where it is too long to keep."""


def mark(request: Request) -> Response:
    """Mark as reviewed or not; "next" goes on to the conversation that came next in the list."""
    id_, by = _this(request)
    do = text_of(request, "do")
    store_of(request, Reviewing).mark(id_, _mine(request), do != "open", by=by)
    if do != "next":
        return _back(request, "open" if do == "open" else "reviewed")
    following = text_of(request, "next", most=32)
    typed = carried(request).typed
    if following.isalnum():
        return see_other(f"{LIST}/{following}", **typed, done="next")
    return see_other(LIST, **typed, done="last")


def assign(request: Request) -> Response:
    """Give it to a colleague who may review it, or to nobody."""
    id_, by = _this(request)
    name = text_of(request, "to")
    clinic = store_of(request, ReviewLog).clinic_of(id_) or ""
    if name and name not in {person.name for person in colleagues(request, (clinic,))}:
        raise Unprocessable("Nothing was changed: choose somebody who may review this.")
    store_of(request, Reviewing).assign(id_, _mine(request), name or None, by=by)
    return _back(request, "assigned")


def add_tag(request: Request) -> Response:
    """Tags are short, and all in small letters so that one tag is one tag."""
    id_, by = _this(request)
    tag = text_of(request, "new_tag", most=500)
    try:
        store_of(request, Reviewing).tag(id_, _mine(request), tag, by=by)
    except Unprocessable as error:
        return show(request, {"new_tag": str(error)})
    return _back(request, "tagged")


def remove_tag(request: Request) -> Response:
    id_, by = _this(request)
    store_of(request, Reviewing).untag(id_, _mine(request), text_of(request, "old_tag"), by=by)
    return _back(request, "untagged")


def add_note(request: Request) -> Response:
    """Keep a note; the store redacts it first."""
    id_, by = _this(request)
    text = text_of(request, "note", most=MOST_TYPED)
    try:
        store_of(request, Reviewing).note(id_, _mine(request), text, by=by)
    except Unprocessable as error:
        return show(request, {"note": str(error)})
    return _back(request, "noted")


def delete_note(request: Request) -> Response:
    """Delete a note of one's own."""
    _, by = _this(request)
    store_of(request, Reviewing).delete_note(number_in_path(request), _mine(request), by=by)
    return _back(request, "note-deleted")


def _this(request: Request) -> tuple[str, str]:
    """The conversation's id and the person's name. Raises `NotFound` for another clinic's."""
    id_ = request.path_params["id"]
    require(request, Permission.REVIEW, store_of(request, ReviewLog).clinic_of(id_) or "")
    return id_, person_of(request).name


def _mine(request: Request) -> tuple[str, ...]:
    return person_of(request).clinics(Permission.REVIEW)


def _back(request: Request, done: str) -> Response:
    return see_other(f"{LIST}/{request.path_params['id']}", **carried(request).typed, done=done)


_ONE = "/conversations/{id}"
ROUTES = [
    staff_route(path, endpoint, methods=["POST"], needs=Permission.REVIEW)
    for path, endpoint in (
        (f"{_ONE}/reviewed", mark),
        (f"{_ONE}/assigned", assign),
        (f"{_ONE}/tags", add_tag),
        (f"{_ONE}/tags/remove", remove_tag),
        (f"{_ONE}/notes", add_note),
        (f"{_ONE}/notes/{{number}}/delete", delete_note),
    )
]
