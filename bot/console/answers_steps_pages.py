"""What becomes of an answer: approved by a second pair of eyes or sent back, thrown away as a
draft, taken away from visitors, put back to what it once said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import Endpoint, StaffRoute, person_of, staff_route
from bot.console.answers_editing import PATH, page, refused, with_missed
from bot.console.answers_form import form_of_answer
from bot.console.answers_store import desk_of, opened, publishing_of
from bot.console.answers_view import changes
from bot.console.conversations_store import titles_of
from bot.console.forms import number_of, text_of
from bot.console.going_on import see_other
from bot.console.page import render
from bot.content.approval import ApprovalNeeded
from bot.content.differences import Difference, differences
from bot.content.drafts import NO_EDIT, Draft
from bot.content.editing import NEW, AnswerRefusedError
from bot.content.opening import Opened, Version
from bot.content.pointing import StillNeeded
from bot.content.publishing import LONGEST_NOTE, OwnWords
from bot.content.records import DRAFT
from bot.errors import EditOvertaken, NotFound
from bot.staff.model import Permission

OWN, NO_NOTE, OTHER_DRAFT = "own_words", "no_note", "other_draft"
"""Stand for the template's sentences."""


@dataclass(frozen=True)
class Step:
    """A version, and what it changed of the one before it."""

    version: Version
    changed: Sequence[Difference]
    is_now: bool


def approve(request: Request) -> Response:
    """Publish what somebody else wrote, now or at its time."""
    answer = opened(request, to_edit=True)
    draft = _draft(request, answer)
    try:
        number = publishing_of(request).approve(draft, by=person_of(request).name)
    except OwnWords:
        return _wrong(request, answer, "", OWN, 403)
    except (AnswerRefusedError, ApprovalNeeded, EditOvertaken) as error:
        return refused(request, draft, error)
    if number is None:
        return see_other(f"{PATH}/{answer.place}", done="approved")
    return see_other(f"{PATH}/{number}", done="publish", **with_missed(draft))


def send_back(request: Request) -> Response:
    """Give a draft back to its writer with a note."""
    answer = opened(request, to_edit=True)
    note = text_of(request, "note", LONGEST_NOTE)
    if not note:
        return _wrong(request, answer, "note", NO_NOTE, 422)
    try:
        draft = _draft(request, answer)
        publishing_of(request).send_back(draft, note, by=person_of(request).name)
    except EditOvertaken as error:
        now = opened(request, to_edit=True)
        return _wrong(request, now, "", OTHER_DRAFT, error.status, note=note)
    return see_other(f"{PATH}/{answer.place}", done="sent-back")


def discard(request: Request) -> Response:
    """Throw a draft away."""
    answer = opened(request, to_edit=True)
    publishing_of(request).discard(_draft(request, answer), by=person_of(request).name)
    if answer.answer_id is None:
        return see_other(PATH, done="discarded")
    return see_other(f"{PATH}/{answer.place}", done="discarded")


def take_away(request: Request) -> Response:
    """Take a published answer away from visitors."""
    answer = opened(request, to_edit=True)
    if answer.stored is None:
        raise NotFound("Visitors do not read this answer yet.")
    read, by = number_of(request, "version", NEW), person_of(request).name
    try:
        publishing_of(request).archive(answer.stored, read, by=by)
    except StillNeeded as error:
        return _wrong(request, answer, "", str(error), 422)
    return see_other(PATH, done="taken-away")


def history(request: Request) -> Response:
    """Every version with what it changed, newest first."""
    answer = opened(request)
    versions = desk_of(request).history(answer.answer_id) if answer.answer_id else []
    steps = []
    for place, version in enumerate(versions):
        before = versions[place + 1].record.body() if place + 1 < len(versions) else None
        changed = differences(before, version.record.body()) if before else ()
        steps.append(Step(version, changed, version.number == answer.version))
    return render(
        request,
        "answers_history.html",
        opened=answer,
        record=answer.record,
        steps=steps,
        titles=titles_of(request, [answer.record.clinic]),
    )


def restore(request: Request) -> Response:
    """Take what an answer once said as its draft; visitors read it once it is published.

    A draft that is there already is shown first: only whoever has seen it replaces it.
    """
    answer = opened(request, to_edit=True)
    number = number_of(request, "version", NEW)
    versions = desk_of(request).history(answer.answer_id) if answer.answer_id else []
    old = next((each for each in versions if each.number == number), None)
    if old is None:
        raise NotFound("There is no such version of this answer.")
    edit = answer.draft.edit if answer.draft else NO_EDIT
    if answer.draft and number_of(request, "edit", NO_EDIT) != edit:
        return render(
            request,
            "answers_restore.html",
            status=409,
            opened=answer,
            draft=answer.draft,
            number=number,
            changed=changes(answer.draft.record, old.record),
        )
    publishing_of(request).save(
        replace(old.record, status=DRAFT),
        by=person_of(request).name,
        read_version=answer.version,
        read_edit=edit,
    )
    return see_other(f"{PATH}/{answer.place}", done="restored")


def _draft(request: Request, answer: Opened) -> Draft:
    """The draft that the person has read. Raises `EditOvertaken` where it is another one now."""
    if answer.draft is None:
        raise NotFound("This draft is not there any more: it was published or thrown away.")
    if text_of(request, "edit") != str(answer.draft.edit):
        raise EditOvertaken("Somebody else changed this draft meanwhile. Go back and look again.")
    return answer.draft


def _wrong(
    request: Request, answer: Opened, field: str, said: str, status: int, *, note: str = ""
) -> Response:
    """The page of the answer with what is wrong, and the note that was typed."""
    form = form_of_answer(answer.record)
    form = replace(form, typed={**form.typed, "note": note}, errors={field: said})
    return page(request, answer, form, status=status)


def _route(name: str, endpoint: Endpoint) -> StaffRoute:
    path = f"/answers/{{place}}/{name}"
    return staff_route(path, endpoint, methods=["POST"], needs=Permission.CONTENT)


ROUTES = [
    _route("approve", approve),
    _route("send-back", send_back),
    _route("discard", discard),
    _route("take-away", take_away),
    _route("restore", restore),
    staff_route("/answers/{place}/history", history, needs=Permission.CONTENT),
]
