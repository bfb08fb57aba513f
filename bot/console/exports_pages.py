"""Downloads of conversations. Recorded before the first byte, streamed, never held in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.console.access import person_of, staff_route
from bot.console.conversations_query import NOBODY, Wanted, wanted_of, zone_of
from bot.console.conversations_store import (
    carried,
    clinic_of,
    count_of,
    titles_of,
)
from bot.console.forms import text_of
from bot.console.page import HEADERS, render
from bot.console.parts import parts_of, store_of
from bot.errors import BadRequest
from bot.review import exporting
from bot.review.exporting import ConversationExport
from bot.staff.model import Permission

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
}
ROWS = ("conversations", "messages")
SEVERAL = "clinics"
"""Begins the name of a file that holds conversations of more than one clinic."""
PIECE = 32 * 1024
"""Characters sent at once: a line at a time would cost more than reading it."""


def ask(request: Request) -> Response:
    """How much the filter finds, and in which form to take it along."""
    wanted = wanted_of(request, request.query_params, Permission.EXPORT)
    if wanted.errors:
        raise BadRequest("Go back to the list and put the filter right first.")
    clinics = wanted.filter.clinics
    return render(
        request,
        "export.html",
        wanted=wanted,
        clinics=clinics,
        total=count_of(request, wanted.filter, clinics),
        titles=titles_of(request, clinics),
        nobody=NOBODY,
    )


def download(request: Request) -> Response:
    """Everything that the filter finds, as a file."""
    wanted = carried(request, Permission.EXPORT)
    rows, kind = text_of(request, "rows"), text_of(request, "as")
    if rows not in ROWS or kind not in ("csv", "jsonl") or wanted.errors:
        raise BadRequest("Nothing was downloaded. Go back and choose a kind of file.")
    name = f"{clinic_of(wanted) or SEVERAL}-{rows}"
    return _file(request, _lines(request, wanted, rows, kind), name, wanted.zone, kind)


def download_one(request: Request) -> Response:
    """One conversation as a text, a table or JSON."""
    kind = text_of(request, "as")
    if kind not in ("txt", "csv", "json"):
        raise BadRequest("Nothing was downloaded. Go back and choose a kind of file.")
    id_, person = request.path_params["id"], person_of(request)
    clinics = person.clinics(Permission.EXPORT)
    form = "text" if kind == "txt" else kind
    text = store_of(request, ConversationExport).one(id_, clinics, by=person.name, form=form)
    return _file(request, [text], f"conversation-{id_[:8]}", zone_of(request, clinics), kind)


def _lines(request: Request, wanted: Wanted, rows: str, kind: str) -> Iterator[str]:
    """The file. The first row is read at once, because that records the export: where it cannot be
    recorded there is an error page and no file.
    """
    export, by = store_of(request, ConversationExport), person_of(request).name
    read = export.messages if rows == "messages" else export.conversations
    found = read(wanted.filter, by=by)
    first = [row for row in [next(found, None)] if row is not None]
    if kind == "jsonl":
        return exporting.as_json_lines(chain(first, found))
    columns = exporting.MESSAGE_COLUMNS if rows == "messages" else exporting.CONVERSATION_COLUMNS
    return exporting.as_csv(chain(first, found), columns)


def _file(request: Request, lines: Iterable[str], name: str, zone: str, kind: str) -> Response:
    """A download. The name holds letters, figures and hyphens only, whatever a clinic's key is."""
    today = parts_of(request).clock().astimezone(ZoneInfo(zone)).date()
    safe = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in name)
    disposition = f'attachment; filename="{safe}-{today}.{kind}"'
    headers = {**HEADERS, "Content-Disposition": disposition}
    return StreamingResponse(_pieces(lines), headers=headers, media_type=TYPES[kind])


def _pieces(lines: Iterable[str]) -> Iterator[str]:
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= PIECE:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


ROUTES = [
    staff_route("/conversations/export", ask, needs=Permission.EXPORT),
    staff_route("/conversations/export", download, methods=["POST"], needs=Permission.EXPORT),
    staff_route(
        "/conversations/{id}/download", download_one, methods=["POST"], needs=Permission.EXPORT
    ),
]
