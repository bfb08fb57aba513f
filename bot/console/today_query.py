"""What the address of the start page asks for, and the addresses of the lists behind figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from bot.console.conversations_query import written
from bot.console.days_query import Asked, asked_of
from bot.console.windows import LAST, OWN, bounds
from bot.figures.model import Window
from bot.review.filters import ConversationFilter

DAYS = (*LAST, OWN)
LIST = "/staff/conversations"
MISSED = "/staff/missed"


@dataclass(frozen=True)
class Wanted(Asked):
    """Whose figures, and of which days."""

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
    return Wanted(**vars(asked_of(request, DAYS)))


def list_address(wanted: ConversationFilter, clinic: str | None, zone: str) -> str:
    """The address of the list of conversations with a filter."""
    return f"{LIST}?{urlencode(written(wanted, clinic, zone))}"
