"""Runs that train or compare: one at a time in the whole installation, each with its steps.

A run holds the only slot in its table and shows every few seconds that it is alive. One that does
not any more has crashed, and the next one takes the slot.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.candidates.model import Kind, Run, RunState, Step
from bot.candidates.tables import model_runs
from bot.db.unit_of_work import UnitOfWork
from bot.errors import EditOvertaken, NotFound
from bot.staff.audit import AuditEntry, record

ALIVE_SECONDS = 2.0
"""How often a run says that it is alive, and looks whether it is to stop."""

DEAD_AFTER = timedelta(seconds=30)
"""A run that said nothing for so long has crashed; a busy machine may hold one up for seconds."""

SLOT = 1

BEGUN = {Kind.TRAIN: "model.training_begun", Kind.COMPARE: "model.comparison_begun"}
STOPPED = "model.run_stopped"
"""What the record calls it."""


class Runs:
    """All runs. Every method may raise `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine = engine
        self._clock = clock

    def begin(self, kind: Kind, *, by: str, model_id: str | None = None) -> Run:
        """Take the slot. Raises `EditOvertaken` where another run holds it."""
        now = self._clock()
        values: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "kind": kind.value,
            "model_id": model_id,
            "by": by,
            "started_at": now,
            "alive_at": now,
            "state": RunState.RUNNING.value,
            "steps": [],
            "slot": SLOT,
        }
        try:
            with UnitOfWork(self._engine) as unit:
                self._bury(unit.connection)
                unit.connection.execute(model_runs.insert().values(values))
                details = {"model": model_id} if model_id else {}
                entry = AuditEntry(by, BEGUN[kind], None, values["id"], details)
                record(unit.connection, self._clock, entry)
                unit.commit()
        except sa.exc.IntegrityError as error:
            raise EditOvertaken(
                "Another training or comparison is under way: wait for it, or stop it."
            ) from error
        return self.get(values["id"])

    def get(self, run_id: str) -> Run:
        """One run. Raises `NotFound`."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            row = unit.connection.execute(sa.select(model_runs).where(_is(run_id))).first()
        if row is None:
            raise NotFound("There is no such run.")
        return self._run(row)

    def latest(self, most: int = 20) -> list[Run]:
        """The latest runs, the last begun first."""
        query = sa.select(model_runs).order_by(model_runs.c.started_at.desc()).limit(most)
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [self._run(row) for row in unit.connection.execute(query)]

    def under_way(self) -> Run | None:
        """The run that holds the slot and is alive."""
        found = [each for each in self.latest() if each.state is RunState.RUNNING]
        return found[0] if found else None

    def alive(self, run_id: str) -> bool:
        """Say that a run is alive. Returns whether it may go on."""
        with UnitOfWork(self._engine) as unit:
            moved = unit.connection.execute(
                model_runs.update()
                .where(_is(run_id), model_runs.c.slot == SLOT, _not_to_stop())
                .values(alive_at=self._clock())
            )
            unit.commit()
        return bool(moved.rowcount)

    def step(self, run_id: str, name: str, done: int = 0, total: int = 0) -> None:
        """A run is at a step now, so far with it; the step before has ended."""
        now = self._clock()
        with UnitOfWork(self._engine) as unit:
            query = sa.select(model_runs.c.steps).where(_is(run_id)).with_for_update()
            steps = [_step(each) for each in unit.connection.execute(query).scalar_one()]
            if steps and steps[-1].name == name:
                steps[-1] = replace(steps[-1], done=done, total=total)
            else:
                steps = [*_ended(steps, now), Step(name, now, None, done, total)]
            self._set(unit.connection, run_id, steps=_as_json(steps))
            unit.commit()

    def end(
        self,
        run_id: str,
        state: RunState,
        *,
        failure: str | None = None,
        model_id: str | None = None,
    ) -> None:
        """A run has ended; where it was ended already, that stays."""
        now = self._clock()
        with UnitOfWork(self._engine) as unit:
            query = sa.select(model_runs).where(_is(run_id)).with_for_update()
            row = unit.connection.execute(query).one()
            if row.slot == SLOT:
                steps = _as_json(_ended([_step(each) for each in row.steps], now))
                self._set(
                    unit.connection,
                    run_id,
                    steps=steps,
                    state=state.value,
                    failure=failure,
                    ended_at=now,
                    slot=None,
                    model_id=model_id or row.model_id,
                )
            unit.commit()

    def stop(self, run_id: str, *, by: str) -> Run:
        """Ask a run to stop; it does within seconds.

        Raises `NotFound` where it is not under way.
        """
        with UnitOfWork(self._engine) as unit:
            self._bury(unit.connection)
            asked = unit.connection.execute(
                model_runs.update()
                .where(_is(run_id), model_runs.c.slot == SLOT)
                .values(stop_wanted_by=by)
            )
            if asked.rowcount:
                record(unit.connection, self._clock, AuditEntry(by, STOPPED, None, run_id))
            unit.commit()
        if not asked.rowcount:
            raise NotFound("This is not being trained or compared any more.")
        return self.get(run_id)

    def _bury(self, connection: Connection) -> None:
        """Take the slot from a run that crashed."""
        connection.execute(
            model_runs.update()
            .where(model_runs.c.slot == SLOT, model_runs.c.alive_at < self._clock() - DEAD_AFTER)
            .values(slot=None, state=RunState.CRASHED.value, ended_at=model_runs.c.alive_at)
        )

    def _set(self, connection: Connection, run_id: str, **values: Any) -> None:
        connection.execute(model_runs.update().where(_is(run_id)).values(values))

    def _run(self, row: Row) -> Run:
        state = RunState(row.state)
        if state is RunState.RUNNING and row.alive_at < self._clock() - DEAD_AFTER:
            state = RunState.CRASHED
        return Run(
            row.id,
            Kind(row.kind),
            state,
            row.by,
            row.started_at,
            row.alive_at,
            row.ended_at,
            tuple(_step(each) for each in row.steps),
            row.model_id,
            row.failure,
            row.stop_wanted_by,
        )


def _is(run_id: str) -> Any:
    return model_runs.c.id == run_id


def _not_to_stop() -> Any:
    return model_runs.c.stop_wanted_by.is_(None)


def _ended(steps: list[Step], at: datetime) -> list[Step]:
    return [replace(each, ended_at=each.ended_at or at) for each in steps]


def _as_json(steps: list[Step]) -> list[dict[str, Any]]:
    return [
        asdict(each)
        | {
            "started_at": each.started_at.isoformat(),
            "ended_at": each.ended_at and each.ended_at.isoformat(),
        }
        for each in steps
    ]


def _step(value: dict[str, Any]) -> Step:
    ended = value["ended_at"]
    return Step(
        value["name"],
        datetime.fromisoformat(value["started_at"]),
        datetime.fromisoformat(ended) if ended else None,
        value["done"],
        value["total"],
    )
