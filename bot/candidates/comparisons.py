"""Reads and writes comparisons of two models."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine, Row

from bot.candidates.model import Basis, ChangedLine, Comparison, Said, SetFigures, figures_from_json
from bot.candidates.tables import comparison_lines, model_comparisons
from bot.corrections.reading import of_clinics
from bot.corrections.tables import corrections
from bot.db.unit_of_work import UnitOfWork


class Comparisons:
    """All comparisons. Every method may raise `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]):
        self._engine = engine
        self._clock = clock

    def keep(
        self,
        before_sha256: str,
        after_sha256: str,
        figures: Sequence[SetFigures],
        lines: Sequence[ChangedLine],
        *,
        basis: Basis,
        by: str,
    ) -> Comparison:
        """Store a comparison of the archives with these hashes.

        The text of a correction is not copied: it goes when the visitor asks to be forgotten.
        """
        values: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "before_sha256": before_sha256,
            "after_sha256": after_sha256,
            "corrections_hash": basis.corrections,
            "files_hash": basis.files,
            "by": by,
            "at": self._clock(),
            "figures": [asdict(each) for each in figures],
        }
        with UnitOfWork(self._engine) as unit:
            there = _still_there(unit.connection, lines)
            rows = [
                _row(values["id"], number, line)
                for number, line in enumerate(lines)
                if line.correction_id is None or line.correction_id in there
            ]
            unit.connection.execute(model_comparisons.insert().values(values))
            if rows:
                unit.connection.execute(comparison_lines.insert(), rows)
            unit.commit()
        return Comparison(
            values["id"], before_sha256, after_sha256, basis, by, values["at"], tuple(figures)
        )

    def latest(self, before_sha256: str, after_sha256: str) -> Comparison | None:
        """The last comparison of exactly these two archives."""
        with UnitOfWork(self._engine, read_only=True) as unit:
            return latest_comparison(unit.connection, before_sha256, after_sha256)

    def lines(
        self, comparison_id: str, clinics: Collection[str] | None = None
    ) -> list[ChangedLine]:
        """Every changed line of a comparison, in the order in which they were asked.

        Where `clinics` are named, what visitors of others said is left empty.
        """
        query = (
            sa.select(
                comparison_lines,
                sa.case((of_clinics(clinics), corrections.c.text), else_="").label("corrected"),
            )
            .join(corrections, corrections.c.id == comparison_lines.c.correction_id, isouter=True)
            .where(comparison_lines.c.comparison_id == comparison_id)
            .order_by(comparison_lines.c.number)
        )
        with UnitOfWork(self._engine, read_only=True) as unit:
            return [_line(row) for row in unit.connection.execute(query)]


def latest_comparison(
    connection: Connection, before_sha256: str, after_sha256: str
) -> Comparison | None:
    """The same inside of a caller's transaction."""
    query = (
        sa.select(model_comparisons)
        .where(
            model_comparisons.c.before_sha256 == before_sha256,
            model_comparisons.c.after_sha256 == after_sha256,
        )
        .order_by(model_comparisons.c.at.desc(), model_comparisons.c.id)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    return Comparison(
        row.id,
        row.before_sha256,
        row.after_sha256,
        Basis(row.corrections_hash, row.files_hash),
        row.by,
        row.at,
        figures_from_json(row.figures),
    )


def _still_there(connection: Connection, lines: Sequence[ChangedLine]) -> set[str]:
    """The corrections of these lines that were not deleted; they stay there until the commit."""
    asked = [line.correction_id for line in lines if line.correction_id is not None]
    query = (
        sa.select(corrections.c.id)
        .where(corrections.c.id.in_(asked))
        .with_for_update(read=True, key_share=True)
    )
    return set(connection.execute(query).scalars())


def _row(comparison_id: str, number: int, line: ChangedLine) -> dict[str, Any]:
    return {
        "comparison_id": comparison_id,
        "number": number,
        "set_name": line.set_name,
        "place": line.place,
        "text": None if line.correction_id else line.text,
        "correction_id": line.correction_id,
        "expected": asdict(line.expected),
        "before": asdict(line.before),
        "after": asdict(line.after),
        "right_before": line.right_before,
        "right_after": line.right_after,
        "urgent": line.urgent,
    }


def _line(row: Row) -> ChangedLine:
    return ChangedLine(
        row.set_name,
        row.place,
        row.corrected if row.correction_id else row.text,
        Said(**row.expected),
        Said(**row.before),
        Said(**row.after),
        row.right_before,
        row.right_after,
        row.urgent,
        row.correction_id,
    )
