"""What the address of the start page asks for, and the addresses of the lists behind figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.requests import Request

from bot.console.access import person_of
from bot.console.conversations_query import written, zone_of
from bot.console.parts import parts_of
from bot.console.windows import LAST, OWN, Chosen, bounds, chosen_days
from bot.errors import NotFound
from bot.figures.model import Window
from bot.review.filters import ConversationFilter
from bot.staff.model import Permission

LIST = "/staff/conversations"
MISSED = "/staff/missed"


@dataclass(frozen=True)
class Wanted:
    """Whose figures, and of which days. `zone` is the one that names the days."""

    clinics: tuple[str, ...]
    clinic: str | None
    zone: str
    chosen: Chosen
    today: date

    @property
    def is_over(self) -> bool:
        """Whether the last of the days has passed."""
        return self.window is not None and self.window.last < self.today

    @property
    def missed_address(self) -> str:
        """The questions of these days that the bot had no answer to, grouped."""
        clinic = {"clinic": self.clinic} if self.clinic else {}
        fields = {**self.chosen.typed, **clinic, "state": "all", "reason": "missed"}
        return f"{MISSED}?{urlencode(fields)}"

    @property
    def window(self) -> Window | None:
        """The days; None where they cannot be read."""
        return self.chosen.window

    def address_of(self, filter_: Mapping[str, Any]) -> str:
        """The list of the conversations of these days that fields of a filter find."""
        found = ConversationFilter.from_json(filter_, self.clinics)
        if self.window is not None:
            since, until = bounds(self.window, self.zone)
            found = replace(found, since=since, until=until)
        return list_address(found, self.clinic, self.zone)


def wanted_of(request: Request) -> Wanted:
    """Read the address. Raises `NotFound` for a clinic that one may not read."""
    clinics = person_of(request).clinics(Permission.READ)
    clinic = request.query_params.get("clinic") or None
    if clinic is not None and clinic not in clinics:
        raise NotFound("There is no such page, or it belongs to a clinic that you cannot open.")
    of = (clinic,) if clinic else clinics
    zone = zone_of(request, of)
    today = today_in(request, zone)
    chosen = chosen_days(request.query_params, today, (*LAST, OWN))
    return Wanted(of, clinic, zone, chosen, today)


def list_address(wanted: ConversationFilter, clinic: str | None, zone: str) -> str:
    """The address of the list of conversations with a filter."""
    return f"{LIST}?{urlencode(written(wanted, clinic, zone))}"


def today_in(request: Request, zone: str) -> date:
    """The day that it is in a zone."""
    return parts_of(request).clock().astimezone(ZoneInfo(zone)).date()
