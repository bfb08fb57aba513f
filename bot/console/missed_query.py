"""What the address of the missed questions asks for; each group's trend as a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.requests import Request

from bot.console.charts import Chart, chart_of
from bot.console.days_query import Asked, asked_of
from bot.console.forms import page_number
from bot.console.windows import LAST, OWN, bounds
from bot.missed.model import Group, GroupFilter, Reason, State

ALL = "all"
DAYS = (ALL, *LAST, OWN)
WEEKS = 8
"""Of a trend: about as many as the eye compares."""

TREND_SIZE = (96.0, 28.0)


@dataclass(frozen=True)
class Wanted(Asked):
    """Which groups. `typed`: the fields that ask for the same again, without the page."""

    filter: GroupFilter
    page: int
    typed: Mapping[str, str]

    @property
    def query(self) -> str:
        """As a part of an address, without the page."""
        return urlencode(self.typed)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out but what staff dealt with."""
        return any(name in self.typed for name in ("clinic", "days", "reason")) or (
            self.filter.state not in (State.OPEN, None)
        )


def wanted_of(request: Request) -> Wanted:
    """Read the address: the open groups of all times where it says nothing.

    Raises `NotFound` for a clinic that one may not read.
    """
    given = request.query_params
    asked = asked_of(request, DAYS)
    chosen = asked.chosen
    since, until = bounds(chosen.window, asked.zone) if chosen.window else (None, None)
    state = next((each for each in State if each.value == given.get("state")), State.OPEN)
    in_any = given.get("state") == ALL
    reason = next((each for each in Reason if each.value == given.get("reason")), None)
    typed = {
        **({"clinic": asked.clinic} if asked.clinic else {}),
        **({"state": ALL if in_any else state.value} if in_any or state != State.OPEN else {}),
        **(chosen.typed if chosen.key != ALL else {}),
        **({"reason": reason.value} if reason else {}),
    }
    wanted = GroupFilter(asked.clinics, None if in_any else state, since, until, reason)
    return Wanted(**vars(asked), filter=wanted, page=page_number(given), typed=typed)


def recent_weeks(weeks: Sequence[tuple[date, int]], today: date) -> list[tuple[date, int]]:
    """The last weeks up to the one that it is, those without questions too."""
    monday = today - timedelta(days=today.weekday())
    counts = dict(weeks)
    mondays = (monday - timedelta(weeks=back) for back in range(WEEKS - 1, -1, -1))
    return [(day, counts.get(day, 0)) for day in mondays]


def trend_of(group: Group, today: date) -> Chart:
    """A small chart of the last weeks."""
    recent = recent_weeks(group.weeks, today)
    counts = [count for _, count in recent]
    nothing = [0] * len(recent)
    labels = [f"{day:%b} {day.day}" for day, _ in recent]
    return chart_of(
        f"trend-{group.id}",
        labels,
        (counts, nothing),
        (nothing, nothing),
        size=TREND_SIZE,
    )
