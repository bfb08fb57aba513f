"""Many conversations at once: mark, tag, delete. Asks first, with the number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, staff_route
from bot.console.conversations_query import Wanted, no_later_than
from bot.console.conversations_store import carried, count_of
from bot.console.forms import form_of, text_of
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import parts_of, store_of
from bot.errors import BadRequest
from bot.review.bulk import BulkReview
from bot.review.changes import tidy_tag
from bot.review.filters import ConversationFilter
from bot.staff.model import Permission

LIST = "/staff/conversations"
FOUND = "found"
CHANGES = ("reviewed", "open", "tag")
DONE = {"reviewed": "reviewed", "open": "open", "tag": "tagged", "delete": "deleted"}
MOST_IDS = 2_000
"""More than fit on a page of the list, and little enough for one request."""


@dataclass(frozen=True)
class Chosen:
    """What a form wants to change: conversations by their ids, or everything that a filter finds.

    `before`: when the person was told the number; what visitors write after it is left alone.
    """

    wanted: Wanted
    scope: str
    ids: tuple[str, ...]
    before: datetime
    clinics: tuple[str, ...]

    @property
    def everything(self) -> ConversationFilter:
        return no_later_than(self.wanted.filter, self.before)

    @property
    def which(self) -> tuple[str, ...] | ConversationFilter:
        """As the review log takes it."""
        return self.everything if self.scope == FOUND else self.ids


def change(request: Request) -> Response:
    """Mark or tag. Asks first where everything that is found is meant."""
    chosen = _chosen(request, Permission.REVIEW)
    do = text_of(request, "do")
    if do not in CHANGES:
        raise BadRequest("Nothing was changed. Go back and press the button again.")
    typed = text_of(request, "new_tag")
    if do == "tag" and not typed:
        return _back(chosen.wanted, done="untold")
    tag = tidy_tag(typed) if do == "tag" else ""
    if _is_empty(chosen):
        return _back(chosen.wanted, done="none")
    if chosen.scope == FOUND and not text_of(request, "sure"):
        return _ask(request, chosen, do, tag)
    bulk, by = store_of(request, BulkReview), person_of(request).name
    if do == "tag":
        batches = bulk.tag(chosen.which, chosen.clinics, tag, by=by)
    else:
        batches = bulk.mark(chosen.which, chosen.clinics, do == "reviewed", by=by)
    return _back(chosen.wanted, done=DONE[do], number=str(sum(batches)))


def delete(request: Request) -> Response:
    """Delete, after the number was shown and confirmed."""
    chosen = _chosen(request, Permission.DELETE)
    if _is_empty(chosen):
        return _back(chosen.wanted, done="none")
    if not text_of(request, "sure"):
        return _ask(request, chosen, "delete", "")
    by = person_of(request).name
    batches = store_of(request, BulkReview).delete(chosen.which, chosen.clinics, by=by)
    return _back(chosen.wanted, done="deleted", number=str(sum(batches)))


def _chosen(request: Request, needs: Permission) -> Chosen:
    wanted = carried(request, needs)
    if wanted.errors:
        raise BadRequest("Nothing was changed. Go back to the list and put the filter right.")
    scope = text_of(request, "scope")
    field = "shown" if scope == "page" else "ids"
    ids = tuple(dict.fromkeys(str(each)[:32] for each in form_of(request).getlist(field)))
    clinics = person_of(request).clinics(needs)
    return Chosen(wanted, scope, ids[:MOST_IDS], _before(request), clinics)


def _before(request: Request) -> datetime:
    now = parts_of(request).clock()
    told = text_of(request, "before", most=40)
    try:
        said = datetime.fromisoformat(told) if told else now
        return min(said, now)
    except (ValueError, TypeError) as error:
        raise BadRequest("Nothing was changed. Go back to the list and begin again.") from error


def _is_empty(chosen: Chosen) -> bool:
    return chosen.scope != FOUND and not chosen.ids


def _ask(request: Request, chosen: Chosen, do: str, tag: str) -> Response:
    total = count_of(request, chosen.which, chosen.clinics)
    return render(
        request,
        "conversations_sure.html",
        do=do,
        total=total,
        scope=chosen.scope,
        ids=() if chosen.scope == FOUND else chosen.ids,
        new_tag=tag,
        before=chosen.before.isoformat(),
        wanted=chosen.wanted,
    )


def _back(wanted: Wanted, **said: str) -> Response:
    more = dict(wanted.typed) | said
    return see_other(LIST, **more)


ROUTES = [
    staff_route("/conversations/change", change, methods=["POST"], needs=Permission.REVIEW),
    staff_route("/conversations/delete", delete, methods=["POST"], needs=Permission.DELETE),
]
