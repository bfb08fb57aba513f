"""The record of who did what: look through it, check that it is whole, take it along."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot.console.access import person_of, staff_route
from bot.console.audit_query import FIELDS, AuditQuery, read_query
from bot.console.page import HEADERS, render
from bot.console.parts import parts_of
from bot.errors import NotFound
from bot.staff.audit import AuditEntry, AuditPage, Recorded
from bot.staff.audit_check import Verified, verify
from bot.staff.model import Permission

COLUMNS = ("number", "at", "by", "action", "clinic", "target", "details", "hash")

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is a formula to a spreadsheet (OWASP, "CSV injection")."""


def show(request: Request) -> Response:
    return _page(request)


def check(request: Request) -> Response:
    """Check the whole record, from its first entry on."""
    return _page(request, verify(parts_of(request).database))


def export(request: Request) -> Response:
    """The entries of the filter as a file; that they were taken along is recorded first."""
    kind = str(request.path_params["kind"])
    if kind not in KINDS:
        raise NotFound("There is no such page.")
    query = read_query(request)
    if query.errors:
        return _page(request, status=422)
    parts = parts_of(request)
    asked = {field: query.typed[field] for field in FIELDS if query.typed[field]}
    said = {"format": kind, **asked}
    by = person_of(request).name
    parts.audit.record(AuditEntry(by, "audit.exported", query.chosen.clinic, None, said))
    media_type, write = KINDS[kind]
    headers = {**HEADERS, "Content-Disposition": f'attachment; filename="record.{kind}"'}
    lines = write(parts.audit.export(query.chosen))
    return StreamingResponse(lines, headers=headers, media_type=media_type)


def as_csv(entries: Iterable[Recorded]) -> Iterator[str]:
    """Lines of a table that no spreadsheet takes for formulas, the head first."""
    yield _csv_line(COLUMNS)
    for entry in entries:
        yield _csv_line(_cell(value) for value in as_json(entry).values())


def as_json_lines(entries: Iterable[Recorded]) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(as_json(entry), ensure_ascii=False) + "\n"


def as_json(entry: Recorded) -> dict[str, Any]:
    """An entry as a JSON object, its keys those of `COLUMNS`."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "action": entry.action,
        "clinic": entry.clinic,
        "target": entry.target,
        "details": dict(entry.details),
        "hash": entry.hash,
    }


def _cell(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value or "")
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


Writer = Callable[[Iterable[Recorded]], Iterator[str]]

KINDS: dict[str, tuple[str, Writer]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/x-ndjson", as_json_lines),
}
"""By the ending of the file: its media type, and what writes it."""


def _page(request: Request, checked: Verified | None = None, status: int = 200) -> Response:
    parts = parts_of(request)
    query = read_query(request)
    found = AuditPage((), None)
    if not query.errors:
        found = parts.audit.page(query.chosen, after=query.after)
    return render(
        request,
        "audit.html",
        status=422 if query.errors else status,
        query=query,
        typed=query.typed,
        errors=query.errors,
        entries=found.entries,
        older=_older(query, found),
        clinics=person_of(request).clinics(Permission.AUDIT),
        checked=checked,
    )


def _older(query: AuditQuery, found: AuditPage) -> str | None:
    return query.address(after=found.next) if found.next is not None else None


ROUTES = [
    staff_route("/audit", show, needs=Permission.AUDIT),
    staff_route("/audit/check", check, methods=["POST"], needs=Permission.AUDIT),
    staff_route("/audit/export/{kind}", export, needs=Permission.AUDIT),
]
