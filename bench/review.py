"""Measures how fast staff find conversations in a long history: `python -m bench.review`.

Makes the history in SQLite and in a PostgreSQL of its own, and asks every filter alone, pairs of
them, and searches for rare and common words, as the first page of the list does. Says the median
and the 95th percentile of each, in milliseconds.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine import Engine

from bench.review_history import CLINICS, END, History, write
from bot.commands.database import now
from bot.db.engine import create_engine, empty_journal
from bot.db.migrate import migrate
from bot.paths import ROOT
from bot.review.filters import ConversationFilter, FeedbackIs, Order
from bot.review.listing import ReviewLog

FOLDER = ROOT / "build" / "bench" / "review"
MESSAGES_OF_A_CONVERSATION = 8.3
LIMITS = {"sqlite": 300, "postgresql": 150}
ROUNDS = 12
ALL = tuple(CLINICS)

FILTERS: dict[str, dict[str, object]] = {
    "nothing": {},
    "clinic, rare": {"clinics": ("hillside",)},
    "last day": {"since": END - timedelta(days=1)},
    "until day 2": {"until": END - timedelta(days=88)},
    "one month": {"since": END - timedelta(days=60), "until": END - timedelta(days=30)},
    "subject, common": {"subject": "appointment"},
    "subject, rare": {"subject": "emergency"},
    "detail": {"subject": "causes", "detail": "detail_7"},
    "confidence": {"confidence_below": 0.5},
    "confidence, rare": {"confidence_below": 0.3},
    "missed": {"missed": True},
    "not missed": {"missed": False},
    "red flag": {"red_flag": True},
    "not helpful": {"feedback": FeedbackIs.NOT_HELPFUL},
    "any feedback": {"feedback": FeedbackIs.ANY},
    "handoff": {"handoff": True},
    "not reviewed": {"reviewed": False},
    "reviewed": {"reviewed": True},
    "tag, rare": {"tag": "complaint"},
    "tag, common": {"tag": "call back"},
    "assigned": {"assigned_to": "ana"},
    "nobody's": {"assigned_to": ""},
    "long": {"least_turns": 25},
    "short": {"most_turns": 1},
    "nothing found": {"assigned_to": "nobody of this name"},
    "word, common": {"words": "pain "},
    "word, common 2": {"words": "surgery "},
    "word, rare": {"words": "{rare} "},
    "word, unknown": {"words": "xylophone "},
    "words, common": {"words": "pain surgery "},
    "words, 3": {"words": "pain surgery leg "},
    "words, mixed": {"words": "pain {rare} "},
    "phrase": {"words": '"pain back"'},
    "phrase, rare": {"words": '"results disc"'},
    "unfinished": {"words": "sur"},
    "unfinished, wide": {"words": "pai"},
    "unfinished, rare": {"words": "{rare_begin}"},
}


def main() -> None:
    """Measure and print. `--messages` takes a smaller history."""
    options = _options()
    FOLDER.mkdir(parents=True, exist_ok=True)
    number = round(options.messages / MESSAGES_OF_A_CONVERSATION)
    for kind in options.kinds:
        with filled_database(kind, number) as engine:
            _report(kind, engine, options)


def measure(
    engine: Engine, rounds: int = ROUNDS, timer: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """Milliseconds of each filter alone and of pairs of them, in both orders of the list."""
    log = ReviewLog(engine, now)
    rare = History(1).rare_word()
    named = {name: _filled(chosen, rare) for name, chosen in FILTERS.items()}
    pairs = {
        f"{a} + {b}": {**named[a], **named[b]}
        for a, b in itertools.combinations(named, 2)
        if not named[a].keys() & named[b].keys()
    }
    taken = {}
    for name, chosen in {**named, **pairs}.items():
        times = []
        for turn in range(rounds if name in named else 2):
            order = Order.LATEST if turn % 2 else Order.ATTENTION
            wanted = dataclasses.replace(ConversationFilter(ALL, order=order), **chosen)  # type: ignore[arg-type]
            start = timer()
            log.page(wanted, by="bench")
            times.append(1_000 * (timer() - start))
        taken[name] = times
    return taken


def _report(kind: str, engine: Engine, options: argparse.Namespace) -> None:
    taken = measure(engine, options.rounds, time.process_time if options.cpu else time.perf_counter)
    spent = ", processor time" if options.cpu else ""
    print(f"\n{kind}: a page of the list, ms{spent} (limit {LIMITS[kind]})")
    for name in FILTERS:
        times = taken.pop(name)
        print(f"  {name:20} p50 {statistics.median(times):7.1f}   p95 {_p95(times):7.1f}")
    everything = [each for times in taken.values() for each in times]
    print(f"  {len(taken)} pairs{'':11} p50 {statistics.median(everything):7.1f}", end="")
    print(f"   p95 {_p95(everything):7.1f}   worst {max(everything):7.1f}")
    slow = sorted(taken, key=lambda name: -statistics.mean(taken[name]))[:8]
    for name in slow:
        print(f"    {name:40} {' '.join(f'{each:.0f}' for each in taken[name])}")


@contextmanager
def filled_database(kind: str, number: int) -> Iterator[Engine]:
    """A database with the history; one that an earlier run made is used again."""
    if kind == "sqlite":
        path = FOLDER / f"{number}.db"
        with _filled_engine(f"sqlite:///{path}", path.with_suffix(".done"), number) as engine:
            yield engine
        return
    import pgserver

    server = pgserver.get_server(FOLDER / f"postgresql-{number}", cleanup_mode="stop")
    try:
        done = FOLDER / f"postgresql-{number}.done"
        with _filled_engine(server.get_uri(), done, number) as engine:
            yield engine
    finally:
        server.cleanup()


@contextmanager
def _filled_engine(url: str, done: Path, number: int) -> Iterator[Engine]:
    migrate(url)
    engine = create_engine(url)
    if not done.exists():
        start = time.monotonic()
        made = itertools.accumulate(write(engine, History(number)))
        for count in made:
            print(f"\r{count} ... {time.monotonic() - start:.0f} s", end="", flush=True)
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        empty_journal(engine)
        done.touch()
        print(f"\r{number} conversations made in {time.monotonic() - start:.0f} s")
    try:
        yield engine
    finally:
        engine.dispose()


def _filled(chosen: dict[str, object], rare: str) -> dict[str, object]:
    return {
        name: value.format(rare=rare, rare_begin=rare[:4]) if name == "words" else value  # type: ignore[attr-defined]
        for name, value in chosen.items()
    }


def _p95(times: list[float]) -> float:
    return sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument(
        "--cpu",
        action="store_true",
        help="this process's processor time in place of the clock's: for SQLite, on a busy machine",
    )
    parser.add_argument("kinds", nargs="*", default=[*LIMITS])
    return parser.parse_args()


if __name__ == "__main__":
    main()
