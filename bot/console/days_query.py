"""Whose things, and of which days: what the addresses of the start page and of the missed questions
have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from starlette.requests import Request

from bot.console.access import person_of, require
from bot.console.conversations_query import zone_of
from bot.console.parts import parts_of
from bot.console.windows import Chosen, chosen_days
from bot.staff.model import Permission


@dataclass(frozen=True)
class Asked:
    """Clinics that the person may read (`clinic` where it is one that they chose) and days. `zone`
    is the one that names the days, `today` the day that it is there.
    """

    clinics: tuple[str, ...]
    clinic: str | None
    zone: str
    chosen: Chosen
    today: date


def asked_of(request: Request, offered: Sequence[str]) -> Asked:
    """Read the address; `offered` are the keys of stretches of days, the first stands for what is
    not there. Raises `NotFound` for a clinic that one may not read.
    """
    clinic = request.query_params.get("clinic") or None
    if clinic is not None:
        require(request, Permission.READ, clinic)
    clinics = (clinic,) if clinic else person_of(request).clinics(Permission.READ)
    zone = zone_of(request, clinics)
    today = today_in(request, zone)
    return Asked(clinics, clinic, zone, chosen_days(request.query_params, today, offered), today)


def today_in(request: Request, zone: str) -> date:
    """The day that it is in a zone."""
    return parts_of(request).clock().astimezone(ZoneInfo(zone)).date()
