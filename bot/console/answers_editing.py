"""What the pages of a new answer and of one that is there have in common: the form, and what its
buttons do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of
from bot.console.answers_form import (
    EMPTY,
    LONGEST,
    AnswerForm,
    form_of_answer,
    has_items,
    has_names,
    is_part,
    read_form,
    with_mistakes,
)
from bot.console.answers_store import (
    clinics_of,
    desk_of,
    may_approve,
    may_edit,
    owners_of,
    publishing_of,
)
from bot.console.answers_view import Preview, changes, choices_of, preview_of
from bot.console.conversations_store import titles_of
from bot.console.forms import number_of, text_of
from bot.console.going_on import see_other
from bot.console.missed_store import answerable, head_of
from bot.console.page import render
from bot.console.parts import parts_of
from bot.content.approval import ApprovalNeeded
from bot.content.drafts import NO_EDIT, Draft
from bot.content.editing import AnswerRefusedError
from bot.content.local_time import parse_local
from bot.content.model import LIBRARY, Source
from bot.content.new_sources import add_source
from bot.content.opening import Opened
from bot.content.records import DRAFT, AnswerRecord
from bot.content.subjects import FAQ
from bot.errors import ContentError, EditOvertaken
from bot.missed.model import GroupHead

PATH = "/staff/answers"
PREVIEW, KEEP, PUBLISH, LATER, ASK = "preview", "draft", "publish", "later", "ask"
OVERTAKEN, NO_TIME, PAST, APPROVAL = "overtaken", "no_time", "past", "approval"
"""Stand for the template's sentences."""

TYPED_SOURCE = "new"
"""Key of a source that is only typed yet, to look at the answer beforehand."""


def read(request: Request, record: AnswerRecord) -> AnswerForm:
    """What was sent about an answer, which is filled in with it."""
    return read_form(request, record, [item for item, _ in choices_of(request, record).items])


def act(request: Request, opened: Opened, form: AnswerForm) -> Response:
    """Do what the button says. What was typed stays in any case."""
    do = text_of(request, "do")
    if do == PREVIEW and not form.record.text:
        empty = replace(form, errors={**form.errors, "text": EMPTY})
        return page(request, opened, empty, status=422)
    if do == PREVIEW:
        return page(request, opened, form, preview=_preview(request, form))
    at = _moment(request, form) if do in (LATER, ASK) else None
    if isinstance(at, str):
        wrong = replace(form, errors={**form.errors, "publish_at": at})
        return page(request, opened, wrong, status=422)
    if do != KEEP:
        form = _checked(request, form)
    if form.errors:
        return page(request, opened, form, status=422)
    try:
        draft = _save(request, opened, form)
    except EditOvertaken:
        return overtaken(request, form)
    if do == KEEP:
        return see_other(f"{PATH}/{_place(request, draft)}", done="draft")
    return _go_on(request, draft, do, at)


def page(
    request: Request,
    opened: Opened,
    form: AnswerForm,
    *,
    preview: Preview | None = None,
    status: int = 200,
    **more: Any,
) -> Response:
    """The page of an answer, with the form as it was typed."""
    record, sent = form.record, form.typed
    return render(
        request,
        "answers_edit.html",
        status=status,
        opened=opened,
        record=record,
        typed=form.typed,
        errors=form.errors,
        choices=choices_of(request, opened.record if opened.stored or opened.draft else record),
        sources=desk_of(request).sources(),
        preview=preview,
        titles=titles_of(
            request, clinics_of(request) if record.clinic == LIBRARY else [record.clinic]
        ),
        today=parts_of(request).clock().date(),
        edits=may_edit(request, record.clinic),
        has={"items": has_items(record), "names": has_names(record), "part": is_part(record)},
        faq=record.subject == FAQ,
        version=sent.get("version", opened.version),
        edit=sent.get("edit", opened.draft.edit if opened.draft else NO_EDIT),
        missed=_missed(request, opened, form),
        approver=may_approve(request, opened.draft),
        change=changes(opened.stored, opened.draft.record)
        if opened.stored and opened.draft
        else (),
        owners=owners_of(request),
        of=sent.get("of") or request.query_params.get("of", ""),
        clock=parts_of(request).clock().astimezone(ZoneInfo(zone_of(request, record.clinic))),
        longest=LONGEST,
        **{"overtaken_by": (), "new_kind": False, **more},
    )


def zone_of(request: Request, clinic: str) -> str:
    """The clock that times are typed on: the clinic's, for shared answers the first clinic's."""
    clinics = parts_of(request).live.current.clinics
    found = clinics.get(clinic) or next(iter(clinics.values()))
    return found.timezone


def _sources(request: Request, form: AnswerForm) -> Mapping[str, Source]:
    found = {source.key: source for source in desk_of(request).sources()}
    if form.source:
        new = form.source
        found[TYPED_SOURCE] = Source(TYPED_SOURCE, new.title, new.publisher, new.url)
    return found


def _preview(request: Request, form: AnswerForm) -> Preview | None:
    record = replace(form.record, source=TYPED_SOURCE) if form.source else form.record
    questions = [line for line in text_of(request, "questions", 4_000).splitlines() if line.strip()]
    return preview_of(request, record, _sources(request, form), questions)


def _checked(request: Request, form: AnswerForm) -> AnswerForm:
    record = form.record
    if form.source:
        record = replace(record, source=None)
    return with_mistakes(form, desk_of(request).mistakes(record))


def _moment(request: Request, form: AnswerForm) -> datetime | str | None:
    """When it is to be published; the key of a sentence where that cannot be read."""
    typed = text_of(request, "publish_at")
    if not typed:
        return NO_TIME if text_of(request, "do") == LATER else None
    try:
        at = parse_local(typed, zone_of(request, form.record.clinic))
    except ContentError as error:
        return str(error)
    return at if at > parts_of(request).clock() else PAST


def _save(request: Request, opened: Opened, form: AnswerForm) -> Draft:
    parts, by = parts_of(request), person_of(request).name
    record = form.record
    if form.source:
        new = form.source
        key = add_source(parts.database, parts.clock, new.title, new.publisher, new.url, by=by)
        record = replace(record, source=key)
    return publishing_of(request).save(
        replace(record, status=DRAFT),
        by=by,
        read_version=number_of(request, "version", opened.version),
        read_edit=number_of(request, "edit", opened.draft.edit if opened.draft else NO_EDIT),
        missed=answerable(request, text_of(request, "missed")),
    )


def _go_on(request: Request, draft: Draft, do: str, at: datetime | None) -> Response:
    """From a draft that is saved to visitors; where that fails it is a draft."""
    publishing, by = publishing_of(request), person_of(request).name
    steps: dict[str, Callable[[], object]] = {
        PUBLISH: lambda: publishing.publish(draft, by=by),
        LATER: lambda: publishing.schedule(draft, at or parts_of(request).clock(), by=by),
        ASK: lambda: publishing.ask(draft, at, by=by),
    }
    try:
        steps.get(do, lambda: None)()
    except (AnswerRefusedError, ApprovalNeeded, EditOvertaken) as error:
        return refused(request, draft, error)
    return see_other(f"{PATH}/{_place(request, draft)}", done=do, **with_missed(draft))


def refused(request: Request, draft: Draft, error: Exception) -> Response:
    """The page of a draft that could not go on, and why."""
    opened = desk_of(request).begin(draft.record)
    form = form_of_answer(opened.record)
    if isinstance(error, AnswerRefusedError):
        form = with_mistakes(form, error.mistakes)
    elif isinstance(error, ApprovalNeeded):
        form = replace(form, errors={"": APPROVAL})
    else:
        form = replace(form, errors={"": OVERTAKEN})
    return page(request, opened, form, status=getattr(error, "status", 422))


def with_missed(draft: Draft) -> Mapping[str, str]:
    """What an address says of the missed questions that a draft was to answer."""
    return {} if draft.missed is None else {"missed": str(draft.missed)}


def _missed(request: Request, opened: Opened, form: AnswerForm) -> GroupHead | None:
    """The missed questions that this is to answer, or has just answered."""
    said: str | int | None = form.typed.get("missed") or request.query_params.get("missed")
    said = said or (opened.draft.missed if opened.draft else None)
    return head_of(request, str(said)) if said else None


def overtaken(request: Request, form: AnswerForm) -> Response:
    """What was typed, beside what somebody else has written meanwhile; saving again replaces it."""
    now = desk_of(request).begin(form.record)
    theirs = now.record if now.stored or now.draft else form.record
    changed = changes(theirs, form.record)
    read = {name: text for name, text in form.typed.items() if name not in ("version", "edit")}
    wrong = replace(form, typed=read, errors={"": OVERTAKEN})
    return page(request, now, wrong, status=409, overtaken_by=changed)


def _place(request: Request, draft: Draft) -> str:
    """Where an answer is found after a change."""
    return desk_of(request).begin(draft.record).place
