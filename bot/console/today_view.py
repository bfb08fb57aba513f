"""What the start page shows: who waits for a person, figures with their lists, charts, notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from starlette.requests import Request

from bot.console.access import person_of
from bot.console.charts import Chart, chart_of
from bot.console.conversations_query import zone_of
from bot.console.parts import parts_of, store_of
from bot.console.today_query import Wanted, list_address
from bot.content.model import Clinic, Notice
from bot.content.outages import KIND
from bot.figures.model import Figure, Figures, Series
from bot.figures.repository import FigureStore
from bot.review.filters import COUNTED_UP_TO, ConversationFilter, FeedbackIs
from bot.review.listing import ReviewLog
from bot.staff.model import Permission

COUNT, SHARE, TIME = "count", "share", "time"
ORDER = {
    "conversations": COUNT,
    "messages": COUNT,
    "answered": COUNT,
    "missed": COUNT,
    "contained": SHARE,
    "handoffs": COUNT,
    "red_flags": COUNT,
    "helpful": SHARE,
    "unsure": SHARE,
    "reply_time": TIME,
}
"""The figures in the order of the page, and what kind of number each is."""

CHARTED = ("by_day", "by_hour", "by_weekday")
TABLES = ("subjects", "routes")


@dataclass(frozen=True)
class Waiting:
    """Conversations that wait for somebody; `count` as it is shown, such as "1000+"."""

    name: str
    number: int
    count: str
    address: str


@dataclass(frozen=True)
class Shown:
    """A figure with the list of its conversations. `change` is None where there is none to tell."""

    figure: Figure
    kind: str
    change: float | None
    address: str


@dataclass(frozen=True)
class Line:
    """A line of a table: what it counts, now and before, and the list of its conversations."""

    label: str
    value: int
    before: int
    address: str


@dataclass(frozen=True)
class Picture:
    """The figures of the days that were asked for, ready to be shown."""

    figures: Figures
    shown: tuple[Shown, ...]
    charts: tuple[Chart, ...]
    tables: dict[str, tuple[Line, ...]]


@dataclass(frozen=True)
class Board:
    """A clinic and the notice that is in force there."""

    clinic: Clinic
    notice: Notice | None


def waiting_for(request: Request) -> tuple[Waiting, ...]:
    """What needs a person now, in all clinics that one may read."""
    person = person_of(request)
    clinics = person.clinics(Permission.READ)
    zone = zone_of(request, clinics)
    found = {
        "flags": ConversationFilter(clinics, red_flag=True, reviewed=False),
        "not_helpful": ConversationFilter(clinics, feedback=FeedbackIs.NOT_HELPFUL, reviewed=False),
        "mine": ConversationFilter(clinics, assigned_to=person.name, reviewed=False),
    }
    log = store_of(request, ReviewLog)
    waiting = []
    for name, wanted in found.items():
        number = log.total(wanted)
        count = str(number) if number <= COUNTED_UP_TO else f"{COUNTED_UP_TO}+"
        waiting.append(Waiting(name, number, count, list_address(wanted, None, zone)))
    return tuple(waiting)


def picture_of(request: Request, wanted: Wanted) -> Picture | None:
    """The figures; None where the days cannot be read."""
    if wanted.window is None:
        return None
    figures = store_of(request, FigureStore).of(wanted.clinics, wanted.window)
    shown = tuple(
        Shown(figure, kind, _change(figure), wanted.address_of(figure.filter))
        for figure, kind in ((figures.single[name], kind) for name, kind in ORDER.items())
    )
    tables = {name: tuple(_lines(figures.series[name], wanted)) for name in TABLES}
    return Picture(figures, shown, tuple(_charts(figures)), tables)


def boards_of(request: Request) -> tuple[Board, ...]:
    """The notices in force, in the clinics in which the person has a role."""
    parts = parts_of(request)
    at = parts.clock()
    clinics = parts.live.current.clinics
    mine = [clinics[key] for key, roles in person_of(request).roles.items()
            if roles and key in clinics]  # fmt: skip
    found = (Board(clinic, clinic.notice(at, KIND)) for clinic in mine)
    return tuple(sorted(found, key=lambda board: board.clinic.name))


def _change(figure: Figure) -> float | None:
    if figure.value is None or figure.before is None:
        return None
    return figure.value - figure.before


def _lines(series: Series, wanted: Wanted) -> Iterable[Line]:
    rows = zip(series.labels, series.values, series.before, series.filters)
    for label, value, before, filter_ in rows:
        yield Line(label, value, before, wanted.address_of(filter_))


def _charts(figures: Figures) -> Iterable[Chart]:
    """All questions and those without an answer, by day, hour and weekday."""
    for name in CHARTED:
        asked, missed = (figures.series[f"{of}_{name}"] for of in ("messages", "missed"))
        labels = [_day(label) for label in asked.labels] if name == "by_day" else asked.labels
        yield chart_of(name, labels, (asked.values, asked.before), (missed.values, missed.before))


def _day(label: str) -> str:
    day = date.fromisoformat(label)
    return f"{day:%b} {day.day}"
