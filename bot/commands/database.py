"""The database of the settings, ready for a command to work with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.clock import utc_now as now
from bot.db.engine import create_engine
from bot.db.migrate import migrate
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

__all__ = ["BY", "now", "open_database"]

BY = "command line"
"""Who is noted as the editor of what a command changes."""


def open_database() -> Engine:
    """The migrated database of `DATABASE_URL`. Raises `SetupError` when it cannot be used."""
    url = Settings.from_env().database_url
    migrate(url)
    return create_engine(url)
