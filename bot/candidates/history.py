"""What was put in force, in order, read in a caller's transaction."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.candidates.model import Model, Promotion, figures_from_json
from bot.candidates.tables import models, promoted_models


def history(connection: Connection) -> list[Promotion]:
    """Every promotion and roll-back, the first first."""
    own = [column.label(f"promotion_{column.name}") for column in promoted_models.c]
    query = (
        sa.select(models, *own)
        .join(promoted_models, promoted_models.c.model_id == models.c.id)
        .order_by(promoted_models.c.number)
    )
    return [_promotion(row) for row in connection.execute(query)]


def standing(connection: Connection, based_on: str) -> list[Promotion]:
    """The promotions of models of some shipped data that no roll-back took back, in order.

    The last one's model is in force, where the last step of all is of that data too. A roll-back
    leads to the one before it, or to the model that ships where there is none.
    """
    steps = history(connection)
    taken_back = {each.rolled_back for each in steps}
    return [
        each
        for each in steps
        if each.rolled_back is None
        and each.number not in taken_back
        and each.model.based_on == based_on
    ]


def model_of(row: Row) -> Model:
    """A model's row, as a value."""
    return Model(
        row.id,
        row.sha256,
        row.size,
        row.based_on,
        row.shipped_of is not None,
        row.data_hash,
        row.corrections,
        row.by,
        row.at,
        row.kept,
    )


def _promotion(row: Row) -> Promotion:
    return Promotion(
        row.promotion_number,
        model_of(row),
        row.promotion_rolled_back,
        row.promotion_by,
        row.promotion_at,
        figures_from_json(row.promotion_figures),
    )
