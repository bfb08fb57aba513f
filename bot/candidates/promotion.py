"""Puts a model in force, and takes that back. The only place that writes `promoted_models`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from bot.candidates import gates
from bot.candidates.basis import hash_of_asked, hash_of_files
from bot.candidates.comparisons import latest_comparison
from bot.candidates.history import history, model_of, standing
from bot.candidates.model import Judgement, Model, Promotion, Refusal, SetFigures, TakeOver
from bot.candidates.tables import model_takeovers, models, promoted_models
from bot.db.unit_of_work import UnitOfWork
from bot.errors import EditOvertaken, NotFound, PromotionRefused
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

        What counts is a comparison of its archive with that of the model in force, as long as the
        same would be asked again. Raises `NotFound`, `PromotionRefused`, and `EditOvertaken` where
        somebody else was faster.
        """
        files = hash_of_files()
        with UnitOfWork(self._engine) as unit:
            connection = unit.connection
            number = _next_number(connection)
            model = self._locked(connection, model_id)
            judged = self._judge(connection, model, files)
            if judged.refusal is not None:
                raise PromotionRefused(judged.refusal)
            assert judged.comparison is not None, "else it was refused"
            self._write(connection, number, model, judged.comparison.figures, by=by)
            unit.commit()
        return self._numbered(number)

    def judge(self, candidates: Sequence[Model]) -> list[Judgement]:
        """What `promote` would say of each model now, and its comparison with the one in force."""
        files = hash_of_files()
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [self._judge(unit.connection, model, files) for model in candidates]

    def roll_back(self, *, by: str, of: int | None = None) -> Promotion:
        """Put the model in force again that was before the present one; gates are not asked.

        A second one goes back one more. `of` is the number of the last promotion as `by` saw it.
        Raises `NotFound` where there is nothing to go back to, `PromotionRefused` where its archive
        is gone, `EditOvertaken` where there was another promotion since.
        """
        with UnitOfWork(self._engine) as unit:
            connection = unit.connection
            number = _next_number(connection)
            if of is not None and of != number - 1:
                raise EditOvertaken(OVERTAKEN)
            found, taken_back = self._before(connection)
            model = self._locked(connection, found.id)
            if not model.kept:
                raise PromotionRefused(Refusal.ARCHIVE_GONE)
            self._write(connection, number, model, (), by=by, rolled_back=taken_back)
            unit.commit()
        return self._numbered(number)

    def before(self) -> Model | None:
        """The model that a roll-back would put in force; None where there is none."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            try:
                found, _ = self._before(unit.connection)
            except NotFound:
                return None
        return found if found.kept else None

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
            return history(unit.connection)[::-1]

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
        steps = standing(connection, self.based_on)
        if not steps:
            raise NotFound("No model was promoted: there is nothing to go back to.")
        model = steps[-2].model if len(steps) > 1 else self._find_shipped(connection)
        if model is None:
            raise NotFound("The model that ships is not stored; compare a candidate first.")
        return model, steps[-1].number

    def _locked(self, connection: Connection, model_id: str) -> Model:
        """A model whose archive stays where it is until the transaction ends."""
        query = sa.select(models).where(models.c.id == model_id).with_for_update()
        row = connection.execute(query).first()
        if row is None:
            raise NotFound("There is no such model.")
        return model_of(row)

    def _judge(self, connection: Connection, model: Model, files: str) -> Judgement:
        running = self._running(connection)
        found = latest_comparison(connection, running.sha256, model.sha256) if running else None
        if not model.kept:
            refusal = Refusal.ARCHIVE_GONE
        elif model.based_on != self.based_on:
            refusal = Refusal.OTHER_DATA
        elif running is not None and running.id == model.id:
            refusal = Refusal.IN_FORCE
        elif found is None:
            refusal = Refusal.NOT_COMPARED
        elif found.basis.corrections != hash_of_asked(connection):
            refusal = Refusal.CORRECTIONS_CHANGED
        elif found.basis.files != files:
            refusal = Refusal.FILES_CHANGED
        elif not gates.passed(found.figures):
            refusal = Refusal.DOES_NOT_PASS
        else:
            refusal = None
        return Judgement(found, refusal)

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
        steps = history(connection)
        if steps and steps[-1].model.based_on == self.based_on:
            return steps[-1].model
        return self._find_shipped(connection)

    def _find_shipped(self, connection: Connection) -> Model | None:
        query = sa.select(models).where(models.c.shipped_of == self.based_on)
        row = connection.execute(query).first()
        return model_of(row) if row else None

    def _numbered(self, number: int) -> Promotion:
        with UnitOfWork(self._engine, read_only=True) as unit:
            return next(each for each in history(unit.connection) if each.number == number)


def _next_number(connection: Connection) -> int:
    """The number of a promotion that is about to be checked.

    Asked before the check: whoever comes in between takes this number, and the other is refused.
    """
    last = connection.execute(sa.select(sa.func.max(promoted_models.c.number))).scalar()
    return (last or 0) + 1
