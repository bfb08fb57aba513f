from __future__ import annotations

from tests.chat.conftest import make_stage, settings, stage

__all__ = ["make_stage", "settings", "stage"]
