"""Measures how fast the start page and missed questions come, with a long history.

    python -m bench.missed

Takes the history that `python -m bench.review` makes (a million messages, 50,000 questions without
an answer), in SQLite and in a PostgreSQL of its own; counts its days and groups its missed
questions, once; then opens the pages as signed-in staff do, whole, apart from the network. Says
the median and the 95th percentile of each, in milliseconds.
"""

from __future__ import annotations

import argparse
import time
import uuid
from datetime import datetime, timedelta
from http import HTTPStatus

from sqlalchemy.engine import Engine
from starlette.testclient import TestClient
from threadpoolctl import threadpool_limits

from bench.figures import spread
from bench.review import MESSAGES_OF_A_CONVERSATION, filled_database
from bench.review_history import END
from bot.console.app import build_console
from bot.console.cookies import SESSION
from bot.console.parts import make_parts
from bot.content.importer import import_if_empty
from bot.content.live import LiveContent
from bot.content.store import ContentStore
from bot.db.unit_of_work import UnitOfWork
from bot.figures.days import DayCounts
from bot.figures.keeper import FigureKeeper
from bot.missed.filing import Filing
from bot.missed.keeper import MissedKeeper
from bot.missed.meaning import meaning_name, shipped_meaning
from bot.settings import Settings
from bot.staff import sessions
from bot.staff.model import Role
from bot.staff.passwords import Passwords
from bot.staff.people import People

LIMITS = {"sqlite": 500, "postgresql": 300}
ROUNDS = 30
PAGES = {
    "today, 7 days": "/",
    "today, 28 days": "/?days=28",
    "today, 90 days": "/?days=90",
    "today, one clinic": "/?clinic=temple",
    "missed questions": "/missed",
    "missed, one clinic": "/missed?clinic=temple",
    "missed, 28 days": "/missed?days=28",
    "missed, page 5": "/missed?page=5",
}


def now() -> datetime:
    """The history ends five minutes ago."""
    return END + timedelta(minutes=5)


def main() -> None:
    """Measure and print. `--messages` takes a smaller history."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("kinds", nargs="*", default=[*LIMITS])
    options = parser.parse_args()
    threadpool_limits(1, user_api="blas")  # as the server does
    number = round(options.messages / MESSAGES_OF_A_CONVERSATION)
    for kind in options.kinds:
        with filled_database(kind, number) as engine:
            _prepare(engine)
            print(f"\n{kind}: a page, ms (limit {LIMITS[kind]})")
            for name, times in measure(engine, options.rounds).items():
                found = spread(times)
                print(f"  {name:20} p50 {found['median']:7.1f}   p95 {found['p95']:7.1f}")


def measure(engine: Engine, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each page, opened so many times after one that warms up."""
    staff = _signed_in(engine)
    taken: dict[str, list[float]] = {}
    for name, path in PAGES.items():
        times = []
        for _ in range(rounds + 1):
            begun = time.perf_counter()
            response = staff.get(path)
            times.append(1_000 * (time.perf_counter() - begun))
            assert response.status_code == HTTPStatus.OK, (path, response.status_code)
        taken[name] = times[1:]
    return taken


def _prepare(engine: Engine) -> None:
    """What the server's own keepers do in the background; nothing where an earlier run did it."""
    import_if_empty(engine, now)
    begun = time.perf_counter()
    counted = FigureKeeper(DayCounts(engine, now)).once()
    print(f"{counted} days counted in {time.perf_counter() - begun:.0f} s", flush=True)
    meaning = shipped_meaning(Settings.from_env().model_dir)
    begun = time.perf_counter()
    filed = MissedKeeper(Filing(engine, now, meaning, meaning_name()), now).once()
    print(f"{filed} questions grouped in {time.perf_counter() - begun:.0f} s", flush=True)


def _signed_in(engine: Engine) -> TestClient:
    """A browser of an admin of every clinic."""
    live = LiveContent(ContentStore(engine, now), poll_seconds=60)
    parts = make_parts(Settings.from_env({}), engine, live, now)
    roles = {clinic: frozenset({Role.ADMIN}) for clinic in live.current.clinics}
    name = f"bench-{uuid.uuid4().hex[:8]}"
    people = People(engine, now, Passwords(), operator=True)
    person = people.add(name, "Bench", roles, by="bench", password=uuid.uuid4().hex).person
    with UnitOfWork(engine) as unit:
        token, _ = sessions.start(unit.connection, person, now(), pending=False, by_provider=False)
        unit.commit()
    address = "https://careline.example"
    staff = TestClient(build_console(parts), base_url=address)
    staff.cookies.set(SESSION, token, domain="careline.example", path="/")
    return staff


if __name__ == "__main__":
    main()
