"""A new answer: of a question of its own, an item of a list, or a clinic's own words for a shared
one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import staff_route
from bot.console.answers_editing import KEEP, act, page, read
from bot.console.answers_form import EMPTY, NO_TITLE, SELF, AnswerForm, form_of_answer
from bot.console.answers_store import clinics_of, desk_of, refuse
from bot.console.forms import form_of, text_of
from bot.console.going_on import see_other
from bot.console.missed_store import examples_of
from bot.content.checks import MOST_EXAMPLES
from bot.content.editing import NEW
from bot.content.model import LIBRARY
from bot.content.new_sources import key_of
from bot.content.opening import Opened
from bot.content.records import AnswerRecord
from bot.content.subjects import DETAILED, FAQ
from bot.errors import NotFound
from bot.staff.model import Permission

KINDS = (FAQ, *DETAILED)
"""Subjects of what can be new: a question of its own, a cause, a symptom, a treatment."""

KIND = "kind"
"""The button that only shows the fields of another kind."""

NO_KEY = "-"
"""Stands for a key that is made of the title once it is typed."""


def begin(request: Request) -> Response:
    """The form of a new answer, with what the address brings: missed questions, shared words."""
    query = request.query_params
    missed = query.get("missed", "")[:64]
    examples = _examples(request, missed) if missed else ()
    record = replace(_wanted(request, query), examples=examples)
    if record.detail != NO_KEY:
        known = desk_of(request).begin(record)
        if known.place:
            return see_other(f"/staff/answers/{known.place}")
    return _page(request, record, form_of_answer(record))


def save(request: Request) -> Response:
    """The first time an answer is looked at, kept or published; afterwards it has its own page."""
    sent = form_of(request)
    base = _wanted(request, sent)
    form = read(request, base)
    if text_of(request, "do") == KIND:
        return _page(request, base, replace(form, errors={}), new_kind=True)
    if base.detail == NO_KEY:
        form = _with_key(request, form)
        if form.record.detail == NO_KEY:
            empty = (
                {"text": EMPTY} if not (form.record.text or text_of(request, "do") == KEEP) else {}
            )
            nameless = replace(form, errors={**form.errors, **empty})
            return _page(request, base, nameless, status=422)
    answer = desk_of(request).begin(form.record)
    if base.detail == NO_KEY and answer.place:
        taken = replace(form, errors={**form.errors, "title": SELF})
        return _page(request, base, taken, status=422)
    blank = Opened(None, NEW, None, None, answer.needs_approval)
    return act(request, blank, form)


def _wanted(request: Request, asked: Mapping[str, object]) -> AnswerRecord:
    """The answer that an address or a form is about, empty or with the words that are shared: those
    that visitors read, not those that somebody is writing.
    """
    mine = clinics_of(request)
    clinic = str(asked.get("clinic") or mine[0])
    refuse(request, clinic)
    number = str(asked.get("of") or "")
    if number:
        shared = desk_of(request).open(number).stored
        if shared is None or shared.clinic != LIBRARY or clinic == LIBRARY:
            raise NotFound("There is no such shared answer.")
        return replace(shared, clinic=clinic, file="")
    kind = str(asked.get("kind") or FAQ)
    if kind not in KINDS:
        raise NotFound("There is no such kind of answer.")
    return AnswerRecord(clinic, kind, NO_KEY, "")


def _with_key(request: Request, form: AnswerForm) -> AnswerForm:
    """The form with a key made of its title; a question of its own gets one that is free."""
    key = key_of(form.record.title)
    if not key:
        return replace(form, errors={**form.errors, "title": NO_TITLE})
    found, number = key, 2
    while form.record.subject == FAQ:
        record = replace(form.record, detail=found)
        if not desk_of(request).begin(record).place:
            break
        found, number = f"{key}-{number}", number + 1
    return replace(form, record=replace(form.record, detail=found))


def _examples(request: Request, missed: str) -> tuple[str, ...]:
    """The most typical wordings, each on one line, as many as an answer may have."""
    lines = (" ".join(text.split()) for text in examples_of(request, missed))
    return tuple(dict.fromkeys(lines))[:MOST_EXAMPLES]


def _page(
    request: Request,
    record: AnswerRecord,
    form: AnswerForm,
    *,
    status: int = 200,
    new_kind: bool = False,
) -> Response:
    answer = Opened(None, NEW, None, None, desk_of(request).begin(record).needs_approval)
    return page(request, answer, form, status=status, new_kind=new_kind)


ROUTES = [
    staff_route("/answers/new", begin, needs=Permission.CONTENT),
    staff_route("/answers/new", save, methods=["POST"], needs=Permission.CONTENT),
]
