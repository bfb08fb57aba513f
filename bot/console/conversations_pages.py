"""The list of conversations: what needs a person first, and finding."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console import cookies
from bot.console.access import person_of, staff_route
from bot.console.conversations_query import NOBODY, Wanted, cursor_of, opened, wanted_of
from bot.console.conversations_store import (
    KEYS,
    KEYS_SECONDS,
    by_subject,
    colleagues,
    count_of,
    keys_are_on,
    record_list,
    titles_of,
)
from bot.console.forms import text_of, whole_number
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import store_of
from bot.errors import BadRequest
from bot.review.filters import LOW_CONFIDENCE, ConversationFilter
from bot.review.listing import ReviewLog
from bot.review.model import Page, SavedFilter
from bot.review.reviewing import Reviewing
from bot.review.saved_filters import SavedFilters
from bot.review.search import read_search
from bot.staff.model import Permission

LIST = "/staff/conversations"


def show(request: Request) -> Response:
    """The list. What was looked for is recorded before anything is shown."""
    wanted = wanted_of(request, request.query_params)
    if wanted.errors:
        return _page(request, wanted, None, status=422)
    record_list(request, wanted)
    by = person_of(request).name
    found = store_of(request, ReviewLog).page(wanted.filter, cursor_of(request), by=by)
    return _page(request, wanted, found)


def show_keys(request: Request) -> Response:
    """Which keys there are, and a switch: who speaks to the computer must be able to do without."""
    return render(request, "conversations_keys.html", keys=keys_are_on(request))


def switch_keys(request: Request) -> Response:
    """Remember in this browser whether single keys work."""
    wanted = "off" if text_of(request, "keys") == "off" else "on"
    response = see_other(f"{LIST}/keys", done=wanted)
    cookies.keep(response, KEYS, wanted, seconds=KEYS_SECONDS)
    return response


def _page(request: Request, wanted: Wanted, found: Page | None, status: int = 200) -> Response:
    person = person_of(request)
    clinics = person.clinics(Permission.READ)
    titles = titles_of(request, clinics)
    return render(
        request,
        "conversations.html",
        status=status,
        wanted=wanted,
        found=found,
        errors=wanted.errors,
        clinics=clinics,
        many_clinics=len(clinics) > 1,
        titles=titles,
        details=by_subject(titles),
        people=colleagues(request, clinics),
        tags=store_of(request, Reviewing).tags(clinics),
        kept=_kept(request, store_of(request, SavedFilters).all(person.name)),
        looser=_looser(request, wanted) if found is not None and not found.total else [],
        too_common=read_search(wanted.typed.get("words", "")).too_common,
        low=LOW_CONFIDENCE,
        nobody=NOBODY,
        keys=keys_are_on(request),
        changed=whole_number(request.query_params.get("number", "")) or 0,
        **_may(request),
    )


def _may(request: Request) -> dict[str, bool]:
    """What the person may do in at least one clinic: which controls the list shows at all."""
    person = person_of(request)
    review = bool(person.clinics(Permission.REVIEW))
    delete = bool(person.clinics(Permission.DELETE))
    return {
        "may_review": review,
        "may_delete": delete,
        "may_change": review or delete,
        "may_export": bool(person.clinics(Permission.EXPORT)),
    }


def _kept(request: Request, saved: tuple[SavedFilter, ...]) -> list[tuple[SavedFilter, str]]:
    """Kept filters with their addresses; one that cannot be read any more opens the whole list."""
    kept = []
    for each in saved:
        try:
            kept.append((each, opened(request, each.chosen).query))
        except BadRequest:
            kept.append((each, ""))
    return kept


def _looser(request: Request, wanted: Wanted) -> list[tuple[str, str, str]]:
    """Where nothing is found: each field without which something is, the address and how many."""
    found = []
    for name in wanted.typed:
        rest = {key: value for key, value in wanted.typed.items() if key != name}
        total = _total(request, wanted_of(request, rest).filter) if name != "order" else ""
        if total:
            found.append((name, wanted.without(name), total))
    return found


def _total(request: Request, looser: ConversationFilter) -> str:
    """How many the filter finds, "" for none. Nobody searched for it: no search is recorded."""
    if looser.words is not None:
        return str(count_of(request, looser, looser.clinics) or "")
    page = store_of(request, ReviewLog).page(looser, by=person_of(request).name, size=1)
    return page.total_text if page.total else ""


ROUTES = [
    staff_route("/conversations", show, needs=Permission.READ),
    staff_route("/conversations/keys", show_keys, needs=Permission.READ),
    staff_route("/conversations/keys", switch_keys, methods=["POST"], needs=Permission.READ),
]
