"""Missed questions: groups of one meaning, the biggest first, and what staff make of each."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, require, staff_route
from bot.console.conversations_query import zone_of
from bot.console.corrections_view import details_of, wanted_from
from bot.console.days_query import today_in
from bot.console.forms import form_of, text_of, whole_number
from bot.console.going_on import see_other
from bot.console.missed_query import DAYS, Wanted, trend_of, wanted_of
from bot.console.missed_store import LISTED, add_examples, group_of, settled
from bot.console.page import render
from bot.console.parts import parts_of, store_of
from bot.corrections.model import CHOICES
from bot.errors import BadRequest, NotFound, Unprocessable
from bot.missed.model import PAGE_SIZE, Group, GroupPage, Reason, State
from bot.missed.repository import MissedQuestions
from bot.staff.audit import AuditEntry
from bot.staff.model import Permission

PATH = "/staff/missed"
DECISIONS = (State.ANSWERED, State.OUT_OF_SCOPE, State.IGNORED, State.OPEN)
"""What a button makes of a group; adding its questions to a subject has a form of its own."""


def show(request: Request) -> Response:
    """The groups. That visitors' words are looked at is recorded before they are shown."""
    wanted = wanted_of(request)
    if wanted.chosen.errors:
        return _list(request, wanted, None, status=422)
    by = person_of(request).name
    said = {**wanted.typed, "clinics": [*wanted.filter.clinics]}
    parts_of(request).audit.record(AuditEntry(by, LISTED, wanted.clinic, None, said))
    return _list(
        request, wanted, store_of(request, MissedQuestions).page(wanted.filter, wanted.page)
    )


def show_group(request: Request) -> Response:
    """A group with its questions."""
    return _group(request, group_of(request, request.path_params["number"]))


def decide(request: Request) -> Response:
    """Keep what somebody makes of a group, or take it up again."""
    group = _of_reviewer(request)
    state = next((each for each in DECISIONS if each.value == text_of(request, "state")), None)
    if state is None:
        raise BadRequest("Nothing was changed: choose what becomes of these questions.")
    settled(request, group.id, state)
    return see_other(f"{PATH}/{group.id}", done=state.value)


def add(request: Request) -> Response:
    """Make questions of a group examples of a subject, which the next training learns."""
    group = _of_reviewer(request)
    theirs = {example.message_id for example in group.examples}
    chosen = [each for each in dict.fromkeys(form_of(request).getlist("ids")) if each in theirs]
    about = text_of(request, "about")
    errors = {} if chosen else {"questions": "none"}
    if not about:
        errors["about"] = "none"
    if not errors:
        try:
            added = add_examples(request, [str(each) for each in chosen], wanted_from(about))
        except Unprocessable as error:
            errors["about"] = str(error)
        else:
            if not added.number:
                errors["questions"] = " ".join(added.refused)
    if errors:
        typed = {"about": about, "ids": chosen}
        return _group(request, group, errors=errors, typed=typed, status=422)
    settled(request, group.id, State.ADDED)
    left = {"left": str(len(chosen) - added.number)} if added.refused else {}
    return see_other(f"{PATH}/{group.id}", done="added", number=str(added.number), **left)


def _of_reviewer(request: Request) -> Group:
    """The group that a form is about. Raises `NotFound` where one may not change it."""
    group = group_of(request, request.path_params["number"])
    require(request, Permission.REVIEW, group.clinic)
    return group


def _list(request: Request, wanted: Wanted, found: GroupPage | None, status: int = 200) -> Response:
    if found is not None and wanted.page > 1 and not found.groups:
        raise NotFound("This page of the list does not exist.")
    return render(
        request,
        "missed.html",
        status=status,
        wanted=wanted,
        found=found,
        trends={group.id: trend_of(group, wanted.today) for group in found.groups} if found else {},
        errors=wanted.chosen.errors,
        typed=wanted.chosen.typed,
        clinics=person_of(request).clinics(Permission.READ),
        days=DAYS,
        states=tuple(State),
        reasons=tuple(Reason),
        more=found is not None and wanted.page * PAGE_SIZE < found.groups_in_all,
    )


def _group(
    request: Request,
    group: Group,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, object] | None = None,
    status: int = 200,
) -> Response:
    return render(
        request,
        "missed_group.html",
        status=status,
        group=group,
        trend=trend_of(group, today_in(request, zone_of(request, (group.clinic,)))),
        decisions=DECISIONS,
        errors=errors or {},
        typed=typed or {},
        choices=CHOICES,
        details=details_of(request, group.clinic),
        number=whole_number(request.query_params.get("number", "")) or 0,
        left=whole_number(request.query_params.get("left", "")) or 0,
    )


ROUTES = [
    staff_route("/missed", show, needs=Permission.READ),
    staff_route("/missed/{number}", show_group, needs=Permission.READ),
    staff_route("/missed/{number}/decide", decide, methods=["POST"], needs=Permission.REVIEW),
    staff_route("/missed/{number}/examples", add, methods=["POST"], needs=Permission.REVIEW),
]
