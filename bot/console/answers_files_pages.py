"""Content files: take one along, change it at leisure, and bring it back."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, staff_route
from bot.console.answers_store import clinics_of, may_edit, refuse, vectors_of
from bot.console.answers_view import changes
from bot.console.conversations_store import titles_of
from bot.console.forms import form_of, number_of, text_of
from bot.console.going_on import see_other
from bot.console.page import HEADERS, render
from bot.console.parts import parts_of
from bot.content.model import LIBRARY
from bot.content.one_file import DraftsInTheWay, FileChanges, OneFile
from bot.content.problems import ContentFilesError, Problem
from bot.errors import ContentError, EditOvertaken, NotFound
from bot.staff.model import Permission

MOST = 400_000
"""Characters of a file: the largest that ship have a tenth of it."""

EMPTY, OVERTAKEN, DRAFTS = "empty", "overtaken", "drafts"
"""Stand for the template's sentences."""

NEVER = -1
"""No version of the content: whoever sends none has been shown none."""


def show(request: Request) -> Response:
    return _page(request)


def download(request: Request) -> Response:
    """One content file as it stands in the store."""
    name = request.query_params.get("name", "")[:255]
    _owner(request, name, to_edit=False)
    safe = "".join(s if s.isascii() and (s.isalnum() or s == ".") else "-" for s in name)
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="{safe}"'}
    text = _files(request).text(name)
    return Response(text, headers=headers, media_type="application/yaml; charset=utf-8")


def bring(request: Request) -> Response:
    """Show what a file would change, with every mistake; or take it in."""
    name = text_of(request, "name", 255)
    _owner(request, name, to_edit=True)
    typed = str(form_of(request).get("text") or "").replace("\r\n", "\n")[: MOST + 1]
    if not typed.strip():
        return _page(request, name=name, errors={"text": EMPTY}, status=422)
    try:
        if text_of(request, "do") != "take-in":
            found = _files(request).changes(name, typed)
            return _page(request, name=name, text=typed, found=found)
        done = _files(request).take_in(
            name,
            typed,
            by=person_of(request).name,
            read_version=number_of(request, "version", NEVER),
            over_drafts=bool(text_of(request, "over-drafts")),
        )
    except ContentFilesError as error:
        return _page(request, name=name, text=typed, problems=error.problems, status=422)
    except EditOvertaken as error:
        found = _files(request).changes(name, typed)
        wrong = {"over-drafts": DRAFTS} if isinstance(error, DraftsInTheWay) else {"": OVERTAKEN}
        return _page(request, name=name, text=typed, found=found, errors=wrong, status=409)
    except ContentError as error:
        return _page(request, name=name, text=typed, errors={"": str(error)}, status=422)
    waits = any(each.waits for each in done.answers)
    return see_other("/staff/answers", done="brought-waits" if waits else "brought")


def _files(request: Request) -> OneFile:
    parts = parts_of(request)
    return OneFile(parts.database, parts.clock, vectors_of(request))


def _owner(request: Request, name: str, *, to_edit: bool) -> str:
    owner = _files(request).names().get(name)
    if owner is None:
        raise NotFound("There is no content file of this name.")
    refuse(request, owner, to_edit=to_edit)
    return owner


def _page(
    request: Request,
    *,
    name: str = "",
    text: str = "",
    found: FileChanges | None = None,
    problems: tuple[Problem, ...] = (),
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    mine = {*clinics_of(request), LIBRARY}
    names = {k: owner for k, owner in _files(request).names().items() if owner in mine}
    shown = [
        (
            each,
            changes(each.before, each.after) if each.before else (),
            changes(each.draft.record, each.after) if each.draft else (),
        )
        for each in (found.answers if found else ())
    ]
    wrong = {f"line-{number}": str(each) for number, each in enumerate(problems)}
    return render(
        request,
        "answers_files.html",
        status=status,
        files=names,
        editable=[k for k, owner in names.items() if may_edit(request, owner)],
        name=name,
        text=text,
        found=found,
        shown=shown,
        problems=problems,
        errors=errors or wrong,
        titles=titles_of(request, clinics_of(request)),
    )


ROUTES = [
    staff_route("/answers/files", show, needs=Permission.CONTENT),
    staff_route("/answers/files", bring, methods=["POST"], needs=Permission.CONTENT),
    staff_route("/answers/files/download", download, needs=Permission.CONTENT),
]
