"""All corrections: what each is used for, and taking them along as files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, staff_route
from bot.console.conversations_store import titles_of
from bot.console.corrections_view import reviews_everywhere
from bot.console.forms import page_number, text_of
from bot.console.going_on import see_other
from bot.console.page import HEADERS, render
from bot.console.parts import parts_of, store_of
from bot.corrections.files import all_in_one, json_lines
from bot.corrections.learning import Shipped, lesson
from bot.corrections.model import State
from bot.corrections.repository import Corrections
from bot.errors import BadRequest, Unprocessable
from bot.staff.audit import AuditEntry
from bot.staff.model import Permission

PATH = "/staff/corrections"
LISTED, EXPORTED = "correction.listed", "correction.exported"

ON_A_PAGE = 25
"""About four screens."""

FILES = {
    "yaml": ("corrections.yml", "application/yaml; charset=utf-8"),
    "jsonl": ("regression.jsonl", "application/x-ndjson; charset=utf-8"),
}


@dataclass(frozen=True)
class Looked:
    """Which part of the list an address asks for: a state, None for all, and a page from 1 on."""

    state: State | None
    page: int = 1

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> Looked:
        """What is not understood is left out."""
        states = {state.value: state for state in State}
        return cls(states.get(fields.get("state", "")), page_number(fields))

    @property
    def typed(self) -> dict[str, str]:
        """As fields of an address."""
        found = {"state": self.state.value} if self.state else {}
        return found | ({"page": str(self.page)} if self.page > 1 else {})


def show(request: Request) -> Response:
    """The list, of all states or of one."""
    return _list(request, Looked.of(request.query_params))


def decide(request: Request) -> Response:
    """Choose what a correction is used for; why it cannot be learnt stands beside it."""
    id_, do = request.path_params["id"], text_of(request, "do")
    corrections, person = store_of(request, Corrections), person_of(request)
    clinics = person.clinics(Permission.REVIEW)
    corrections.get(id_, clinics)  # one of another clinic is not there, whatever is asked
    if do not in {state.value for state in State}:
        raise BadRequest("Nothing was changed. Go back and choose what it is used for.")
    looked = Looked.of({name: text_of(request, name) for name in ("state", "page")})
    try:
        corrections.decide(id_, State(do), by=person.name, clinics=clinics)
    except Unprocessable as error:
        return _list(request, looked, {f"c-{id_}": str(error)})
    return see_other(PATH, **looked.typed, done=do)


def download(request: Request) -> Response:
    """What is learnt as Rasa YAML, or what is asked as JSON lines, of the person's own clinics."""
    kind, person = text_of(request, "as"), person_of(request)
    if kind not in FILES:
        raise BadRequest("Nothing was downloaded. Go back and choose a kind of file.")
    clinics = person.clinics(Permission.EXPORT)
    reviewed = store_of(request, Corrections).reviewed(clinics)
    if kind == "yaml":
        learnt = lesson(reviewed, Shipped.read())
        text, count = all_in_one(learnt.examples), len(learnt.examples)
    else:
        text, count = json_lines(reviewed), len(reviewed)
    said = {"as": kind, "corrections": count}
    parts_of(request).audit.record(AuditEntry.at_clinics(person.name, EXPORTED, clinics, said))
    name, media_type = FILES[kind]
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, headers=headers, media_type=media_type)


def _list(request: Request, looked: Looked, errors: dict[str, str] | None = None) -> Response:
    """The list. It holds visitors' words, so that it was looked at is recorded."""
    person, corrections = person_of(request), store_of(request, Corrections)
    clinics = person.clinics(Permission.REVIEW)
    counts = corrections.counts(clinics)
    states = (looked.state,) if looked.state else tuple(State)
    found = corrections.listed(
        states, clinics, skip=(looked.page - 1) * ON_A_PAGE, most=ON_A_PAGE + 1
    )
    said = {"state": looked.state.value if looked.state else "all"}
    parts_of(request).audit.record(AuditEntry.at_clinics(person.name, LISTED, clinics, said))
    return render(
        request,
        "corrections.html",
        status=422 if errors else 200,
        found=found[:ON_A_PAGE],
        more=len(found) > ON_A_PAGE,
        looked=looked,
        counts=counts,
        total=sum(counts.values()),
        states=tuple(State),
        titles=titles_of(request, clinics),
        everywhere=reviews_everywhere(request),
        may_export=bool(person.clinics(Permission.EXPORT)),
        errors=errors or {},
    )


ROUTES = [
    staff_route("/corrections", show, needs=Permission.REVIEW),
    staff_route("/corrections/export", download, methods=["POST"], needs=Permission.EXPORT),
    staff_route("/corrections/{id}", decide, methods=["POST"], needs=Permission.REVIEW),
]
