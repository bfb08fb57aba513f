"""Puts a model in force, and takes that back. The only place that writes `promoted_models`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.candidates import gates
from bot.candidates.archives import model_of
from bot.candidates.comparisons import latest_comparison
from bot.candidates.model import Model, Promotion, SetFigures, TakeOver, figures_from_json
from bot.candidates.tables import model_takeovers, models, promoted_models
from bot.db.unit_of_work import UnitOfWork
from bot.errors import EditOvertaken, NotFound, Unprocessable
from bot.staff.audit import AuditEntry, record

PROMOTED, ROLLED_BACK = "model.promoted", "model.rolled_back"

REMEMBERED = timedelta(days=30)
"""How long it stays known what a server made of a promotion: servers come and go."""

OVERTAKEN = "Somebody else put a model in force just now: look again."


class Promotions:
    """What is and was in force. Every method may raise `StoreUnavailable`.

    `based_on` is the fingerprint of the shipped data and pipeline of this code: a model that was
    trained on others is not in force for it.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime], based_on: str):
        self._engine = engine
        self._clock = clock
        self.based_on = based_on

    def promote(self, model_id: str, *, by: str) -> Promotion:
        """Put a candidate in force, where it passes every gate (`bot/candidates/gates.py`).

        What counts is a comparison of its archive with that of the model in force. Raises
        `NotFound`, `EditOvertaken` where there is no such comparison or it is too late for it,
        `Unprocessable` where a gate is not passed or the archive is gone.
        """
        with UnitOfWork(self._engine) as unit:
            connection = unit.connection
            number = _next_number(connection)
            model = self._usable(connection, model_id)
            figures = self._checked(connection, model)
            self._write(connection, number, model, figures, by=by)
            unit.commit()
        return self._numbered(number)

    def roll_back(self, *, by: str, of: int | None = None) -> Promotion:
        """Put the model in force again that was before the present one; gates are not asked.

        A second one goes back one more. `of` is the number of the last promotion as `by` saw it.
        Raises `NotFound` where there is nothing to go back to, `EditOvertaken` where there was
        another promotion since.
        """
        with UnitOfWork(self._engine) as unit:
            connection = unit.connection
            number = _next_number(connection)
            if of is not None and of != number - 1:
                raise EditOvertaken(OVERTAKEN)
            model, taken_back = self._before(connection)
            self._write(connection, number, model, (), by=by, rolled_back=taken_back)
            unit.commit()
        return self._numbered(number)

    def before(self) -> Model | None:
        """The model that a roll-back would put in force; None where there is none."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            try:
                return self._before(unit.connection)[0]
            except (NotFound, Unprocessable):
                return None

    def newest(self) -> int:
        """The number of the last promotion, 0 before the first. One cheap query."""
        query = sa.select(sa.func.max(promoted_models.c.number))
        with UnitOfWork(self._engine, read_only=True) as unit:
            return unit.connection.execute(query).scalar() or 0

    def in_force(self) -> Promotion | None:
        """The last promotion; None before the first. Its model may be of other shipped data."""
        newest = self.newest()
        return self._numbered(newest) if newest else None

    def running(self) -> Model | None:
        """The model in force: the promoted one if it fits the shipped data, else the one of the
        shipped data, which is None until somebody stored it.
        """
        with UnitOfWork(self._engine, read_only=True) as unit:
            return self._running(unit.connection)

    def all(self) -> list[Promotion]:
        """Every promotion and roll-back, the last first."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return self._history(unit.connection)[::-1]

    def took_over(self, replica: str, number: int, state: str, reason: str | None = None) -> None:
        """Note what became of a promotion in a running server."""
        now = self._clock()
        this = sa.and_(model_takeovers.c.replica == replica, model_takeovers.c.number == number)
        old = model_takeovers.c.at < now - REMEMBERED
        with UnitOfWork(self._engine) as unit:
            unit.connection.execute(model_takeovers.delete().where(sa.or_(this, old)))
            unit.connection.execute(
                model_takeovers.insert().values(
                    replica=replica, number=number, state=state, reason=reason, at=now
                )
            )
            unit.commit()

    def takeovers(self, number: int) -> list[TakeOver]:
        """What became of a promotion in each server."""
        query = (
            sa.select(model_takeovers)
            .where(model_takeovers.c.number == number)
            .order_by(model_takeovers.c.replica)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [TakeOver(**row._mapping) for row in unit.connection.execute(query)]

    def _before(self, connection: Connection) -> tuple[Model, int]:
        """What a roll-back puts in force, and the number of the promotion that it takes back."""
        steps = self._history(connection)
        standing = [e for e in _standing(steps) if e.model.based_on == self.based_on]
        if not standing:
            raise NotFound("No model was promoted: there is nothing to go back to.")
        if len(standing) > 1:
            model = self._usable(connection, standing[-2].model.id)
        else:
            model = self._shipped(connection)
        return model, standing[-1].number

    def _usable(self, connection: Connection, model_id: str) -> Model:
        row = connection.execute(sa.select(models).where(models.c.id == model_id)).first()
        if row is None:
            raise NotFound("There is no such model.")
        model = model_of(row)
        if not model.kept:
            raise Unprocessable("The archive of this model was deleted; train anew.")
        if model.based_on != self.based_on:
            raise Unprocessable(
                "This model was trained on other shipped data or another pipeline; train anew."
            )
        return model

    def _checked(self, connection: Connection, model: Model) -> tuple[SetFigures, ...]:
        """The figures by which a model may be promoted now."""
        running = self._running(connection)
        if running is None:
            raise EditOvertaken("This model was not compared yet: compare it first.")
        if running.id == model.id:
            raise EditOvertaken("This model is in force already.")
        comparison = latest_comparison(connection, running.sha256, model.sha256)
        if comparison is None:
            raise EditOvertaken(
                "This model was not compared with the one in force: compare it first."
            )
        failed = [gate.name for gate in gates.decide(comparison.figures) if not gate.passed]
        if failed:
            raise Unprocessable(
                f"This model does not pass: {', '.join(failed)}. It cannot be promoted;"
                " look at the lines that are worse, change the corrections and train anew."
            )
        return comparison.figures

    def _write(
        self,
        connection: Connection,
        number: int,
        model: Model,
        figures: tuple[SetFigures, ...],
        *,
        by: str,
        rolled_back: int | None = None,
    ) -> None:
        values = {
            "number": number,
            "model_id": model.id,
            "rolled_back": rolled_back,
            "by": by,
            "at": self._clock(),
            "data_hash": model.data_hash,
            "figures": [asdict(each) for each in figures],
        }
        try:
            connection.execute(promoted_models.insert().values(values))
        except sa.exc.IntegrityError as error:
            raise EditOvertaken(OVERTAKEN) from error
        action = PROMOTED if rolled_back is None else ROLLED_BACK
        details = {"number": number, "corrections": model.corrections}
        record(connection, self._clock, AuditEntry(by, action, None, model.id, details))

    def _running(self, connection: Connection) -> Model | None:
        steps = self._history(connection)
        if steps and steps[-1].model.based_on == self.based_on:
            return steps[-1].model
        return self._find_shipped(connection)

    def _shipped(self, connection: Connection) -> Model:
        found = self._find_shipped(connection)
        if found is None or not found.kept:
            raise NotFound("The model that ships is not stored; compare a candidate first.")
        return found

    def _find_shipped(self, connection: Connection) -> Model | None:
        query = sa.select(models).where(models.c.shipped_of == self.based_on)
        row = connection.execute(query).first()
        return model_of(row) if row else None

    def _numbered(self, number: int) -> Promotion:
        with UnitOfWork(self._engine, read_only=True) as unit:
            return next(each for each in self._history(unit.connection) if each.number == number)

    def _history(self, connection: Connection) -> list[Promotion]:
        own = [column.label(f"promotion_{column.name}") for column in promoted_models.c]
        query = (
            sa.select(models, *own)
            .join(promoted_models, promoted_models.c.model_id == models.c.id)
            .order_by(promoted_models.c.number)
        )
        return [_promotion(row) for row in connection.execute(query)]


def _next_number(connection: Connection) -> int:
    """The number of a promotion that is about to be checked.

    Asked before the check: whoever comes in between takes this number, and the other is refused.
    """
    last = connection.execute(sa.select(sa.func.max(promoted_models.c.number))).scalar()
    return (last or 0) + 1


def _standing(steps: list[Promotion]) -> list[Promotion]:
    """The promotions that no roll-back took back, in order: the last one's model is in force."""
    taken_back: Any = {each.rolled_back for each in steps}
    return [e for e in steps if e.rolled_back is None and e.number not in taken_back]


def _promotion(row: Row) -> Promotion:
    return Promotion(
        row.promotion_number,
        model_of(row),
        row.promotion_rolled_back,
        row.promotion_by,
        row.promotion_at,
        figures_from_json(row.promotion_figures),
    )
