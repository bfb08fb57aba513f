"""Figures against a naive count of a generated history, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from statistics import median

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from bot.conversations.log import ConversationLog
from bot.figures.days import DayCounts
from bot.figures.keeper import FigureKeeper
from bot.figures.model import Figures, Window
from bot.figures.repository import FigureStore
from bot.figures.tables import figure_counts, figure_days
from tests.chat.stage import START, Clock
from tests.figures.history import GREETING, ZONES, Talk, make_history, naive

BOTH = tuple(ZONES)
DAYS = 12
FIRST = START.date() + timedelta(days=7)
WINDOW = Window(FIRST, FIRST + timedelta(days=4))


@pytest.fixture
def talks(log: ConversationLog, clock: Clock) -> list[Talk]:
    return make_history(log, clock, DAYS)


def keep(engine: Engine, clock: Clock) -> int:
    return FigureKeeper(DayCounts(engine, clock), between_seconds=0).once()


def assert_as_counted(figures: Figures, talks: list[Talk], clinics: tuple[str, ...]) -> None:
    now, before = (
        naive(talks, clinics, window.first, window.last) for window in (WINDOW, WINDOW.before)
    )
    for name in ("conversations", "messages", "answered", "missed", "handoffs", "red_flags"):
        figure = figures.single[name]
        assert (figure.value, figure.before) == (now[name], before[name]), name
    contained, helpful, unsure = (figures.single[n] for n in ("contained", "helpful", "unsure"))
    assert (contained.value, contained.of) == (now["contained"] / now["asking"], now["asking"])
    assert contained.before == before["contained"] / before["asking"]
    opinions = now["helpful"] + now["unhelpful"]
    assert (helpful.value, helpful.of) == (now["helpful"] / opinions, opinions)
    assert (unsure.value, unsure.of) == (now["unsure"] / now["messages"], now["messages"])
    hours, weekdays = (figures.series[f"messages_by_{kind}"] for kind in ("hour", "weekday"))
    assert hours.values == tuple(now[f"hour:{hour}"] for hour in range(24))
    assert weekdays.values == tuple(now[f"weekday:{day}"] for day in range(7))
    assert weekdays.before == tuple(before[f"weekday:{day}"] for day in range(7))
    subjects = figures.series["subjects"]
    for label, value, old in zip(subjects.labels, subjects.values, subjects.before):
        assert (value, old) == (now[f"subject:{label}"], before[f"subject:{label}"]), label


@pytest.mark.parametrize("clinics", [BOTH, ("temple",), ("twin-cities",)])
@pytest.mark.parametrize("kept", [True, False])
def test_figures_are_those_of_a_naive_count(
    engine: Engine, clock: Clock, talks: list[Talk], clinics: tuple[str, ...], kept: bool
):
    if kept:
        assert keep(engine, clock) > 0
    figures = FigureStore(engine, clock).of(clinics, WINDOW)
    assert_as_counted(figures, talks, clinics)


def test_figures_stay_when_conversations_are_purged(
    engine: Engine, log: ConversationLog, clock: Clock, talks: list[Talk]
):
    clock.move(days=3)
    keep(engine, clock)
    assert sum(log.purge(days=0)) == len(talks)
    assert_as_counted(FigureStore(engine, clock).of(BOTH, WINDOW), talks, BOTH)
    assert keep(engine, clock) == 0, "what is final is not counted again"


def test_days_that_were_purged_before_they_were_counted_keep_what_daily_counts_know(
    engine: Engine, log: ConversationLog, clock: Clock, talks: list[Talk]
):
    clock.move(days=3)
    list(log.purge(days=0))
    now = naive(talks, BOTH, WINDOW.first, WINDOW.last)
    for _ in range(2):
        figures = FigureStore(engine, clock).of(BOTH, WINDOW)
        for name in ("conversations", "messages", "answered", "missed", "handoffs", "red_flags"):
            assert figures.single[name].value == now[name], name
        assert figures.single["helpful"].of == now["helpful"] + now["unhelpful"]
        assert figures.single["contained"].value is None
        keep(engine, clock)


def test_a_day_is_counted_again_until_its_conversations_have_ended(
    engine: Engine, log: ConversationLog, clock: Clock
):
    make_history(log, clock, 1)
    counts = DayCounts(engine, clock)

    def first_day_is_due() -> bool:
        found = START.date() in {day for _, day in counts.due()}
        keep(engine, clock)
        return found

    due = []
    for hours in (0, 0, 2, 24, 72, 2):
        clock.move(hours=hours)
        due.append(first_day_is_due())
    assert due == [True, False, True, True, True, False]


def test_today_is_counted_ahead_and_anew_when_that_is_long_ago(
    engine: Engine, log: ConversationLog, clock: Clock
):
    make_history(log, clock, 1)
    today = Window(clock.now.date(), clock.now.date())
    keep(engine, clock)
    figures = FigureStore(engine, clock)
    ahead = figures.of(BOTH, today)
    conversation, _ = log.open(
        "temple", token_hash="x", external_id=None, expires_at=None, greeting=GREETING
    )
    assert figures.of(BOTH, today).single["conversations"] == ahead.single["conversations"]
    clock.move(minutes=5)
    anew = figures.of(BOTH, today)
    assert anew.single["conversations"].value == ahead.single["conversations"].value + 1


def test_replicas_that_count_the_same_days_at_once_keep_them_once(
    engine: Engine, clock: Clock, talks: list[Talk]
):
    with ThreadPoolExecutor(2) as replicas:
        list(replicas.map(lambda _: keep(engine, clock), range(2)))
    assert_as_counted(FigureStore(engine, clock).of(BOTH, WINDOW), talks, BOTH)


def test_the_median_reply_time_is_close_to_the_true_one(
    engine: Engine, clock: Clock, talks: list[Talk]
):
    inside = [
        took
        for talk in talks
        for at, _, _, took in talk.turns
        if WINDOW.first <= at.astimezone(talk.zone).date() <= WINDOW.last
    ]
    figure = FigureStore(engine, clock).of(BOTH, WINDOW).single["reply_time"]
    assert figure.of == len(inside)
    assert figure.value == pytest.approx(median(inside), rel=0.1)


def test_where_nothing_was_said_shares_are_not_invented(engine: Engine, clock: Clock):
    figures = FigureStore(engine, clock).of(BOTH, Window(date(2026, 1, 1), date(2026, 1, 7)))
    single = figures.single
    assert single["messages"].value == 0
    assert [single[n].value for n in ("contained", "helpful", "unsure", "reply_time")] == [None] * 4
    assert figures.series["subjects"].labels == ()


def test_the_table_of_days_holds_no_id_of_a_conversation(
    engine: Engine, clock: Clock, talks: list[Talk]
):
    keep(engine, clock)
    with engine.connect() as connection:
        stored = [connection.execute(sa.select(t)).all() for t in (figure_counts, figure_days)]
    assert all(talk.id not in str(stored) for talk in talks)
