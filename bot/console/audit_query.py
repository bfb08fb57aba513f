"""What the page of the record asks for: from the address of the page to a filter, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.requests import Request

from bot.console.access import person_of
from bot.console.forms import whole_number
from bot.console.parts import parts_of
from bot.content.local_time import parse_local
from bot.errors import ContentError
from bot.staff.audit import AuditFilter
from bot.staff.model import Permission

FIELDS = ("since", "until", "by", "action", "clinic", "target")
LONGEST = 100
"""Characters of a field; a name or an id is shorter."""

NO_DAY, BACKWARDS, NO_CLINIC = "no-day", "backwards", "no-clinic"
"""Stand for the template's sentences about what was typed."""


@dataclass(frozen=True)
class AuditQuery:
    """What was asked for. `typed` holds each field as it was typed; where `errors` holds any, the
    filter takes everything.
    """

    chosen: AuditFilter
    typed: Mapping[str, str]
    errors: Mapping[str, str]
    after: int | None

    @property
    def filtered(self) -> bool:
        return any(self.typed.values())

    def address(self, **more: str | int | None) -> str:
        """The query of a link with the same filter."""
        fields = {**self.typed, **more}
        return urlencode({key: value for key, value in fields.items() if value})


def read_query(request: Request) -> AuditQuery:
    """The filter of a request. Days are those of the first clinic whose record one may read."""
    given = request.query_params
    typed = {field: given.get(field, "").strip()[:LONGEST] for field in FIELDS}
    clinics = person_of(request).clinics(Permission.AUDIT)
    zone = parts_of(request).clinic(clinics[0]).timezone
    errors: dict[str, str] = {}
    since = _day(typed, "since", zone, errors)
    until = _day(typed, "until", zone, errors)
    if since and until and until < since:
        errors["until"] = BACKWARDS
    if typed["clinic"] and typed["clinic"] not in clinics:
        errors["clinic"] = NO_CLINIC
    if errors:
        return AuditQuery(AuditFilter(clinics=clinics), typed, errors, None)
    chosen = AuditFilter(
        since=since,
        until=_next_day(typed["until"], zone) if until else None,
        by=typed["by"].lower() or None,
        action=typed["action"] or None,
        clinic=typed["clinic"] or None,
        target=typed["target"] or None,
        clinics=clinics,
    )
    return AuditQuery(chosen, typed, errors, whole_number(given.get("after", "")))


def _day(
    typed: Mapping[str, str], field: str, zone: str, errors: dict[str, str]
) -> datetime | None:
    if not typed[field]:
        return None
    try:
        datetime.strptime(typed[field], "%Y-%m-%d")
        return parse_local(typed[field], zone)
    except (ValueError, ContentError):
        errors[field] = NO_DAY
        return None


def _next_day(text: str, zone: str) -> datetime:
    """The moment at which a day is over."""
    day = datetime.strptime(text, "%Y-%m-%d") + timedelta(days=1)
    return parse_local(f"{day:%Y-%m-%d}", zone)
