from __future__ import annotations

from tests.conversations.conftest import engine, log

__all__ = ["engine", "log"]
