"""All answers: by clinic, subject, status and review date; and where two have to read them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, require, staff_route
from bot.console.answers_query import REVIEWS, STATES, Wanted, page_of, states_of
from bot.console.answers_store import (
    clinics_of,
    desk_of,
    may_approve,
    may_edit,
)
from bot.console.conversations_query import zone_of
from bot.console.conversations_store import titles_of
from bot.console.days_query import today_in
from bot.console.forms import text_of
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import store_of
from bot.content.approval import ApprovalSetting
from bot.content.drafts import DraftState
from bot.content.opening import Opened, owners
from bot.staff.model import Permission

PATH = "/staff/answers"


def show(request: Request) -> Response:
    """The list, and what waits for this person."""
    mine = clinics_of(request)
    wanted = Wanted.of(request.query_params, owners(mine))
    today = today_in(request, zone_of(request, mine))
    answers = desk_of(request).all(owners(mine))
    return render(
        request,
        "answers.html",
        wanted=wanted,
        page=page_of(answers, wanted, today),
        overdue=sum(answer.is_overdue(today) for answer in answers),
        waiting=[a for a in answers if _waits_for(request, a)],
        clinics=mine,
        subjects=sorted({answer.record.subject for answer in answers}),
        states_of=states_of,
        titles=titles_of(request, clinics_of(request)),
        today=today,
        states=STATES,
        reviews=REVIEWS,
        asking=store_of(request, ApprovalSetting).clinics(),
    )


def set_approval(request: Request) -> Response:
    """Ask for a second pair of eyes at a clinic, or no longer."""
    clinic = str(request.path_params["clinic"])
    require(request, Permission.PEOPLE, clinic)
    required = text_of(request, "required") == "yes"
    store_of(request, ApprovalSetting).set(clinic, required, by=person_of(request).name)
    return see_other(PATH, done="approval-on" if required else "approval-off")


def _waits_for(request: Request, answer: Opened) -> bool:
    """Whether this person could approve it now."""
    return (
        answer.draft is not None
        and answer.draft.state is DraftState.WAITING
        and may_approve(request, answer.draft)
        and may_edit(request, answer.record.clinic)
    )


ROUTES = [
    staff_route("/answers", show, needs=Permission.CONTENT),
    staff_route(
        "/answers/approval/{clinic}", set_approval, methods=["POST"], needs=Permission.PEOPLE
    ),
]
