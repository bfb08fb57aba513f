"""Settings, read from the environment once and handed on; no module reads it by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.config import Config
from starlette.datastructures import Secret

from bot.errors import SetupError
from bot.paths import ROOT


@dataclass(frozen=True)
class Settings:
    """What an installation can set. `docs/settings.md` has a line for each."""

    port: int
    host: str
    data_dir: Path
    database_url: str
    redis_url: str | None
    rate_limits: bool
    rest_channel_token: Secret | None
    session_hours: int
    turn_seconds: float
    content_poll_seconds: float

    @property
    def model_dir(self) -> Path:
        return self.data_dir / "models"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read and check the settings.

        Raises `SetupError` with the setting's name and what it should look like.
        """
        config = Config(environ=environ) if environ is not None else Config()
        try:
            data_dir = (ROOT / config("DATA_DIR", default="var")).resolve()
            return cls(
                port=config("PORT", cast=int, default=8000),
                host=config("HOST", default="127.0.0.1"),
                data_dir=data_dir,
                database_url=config(
                    "DATABASE_URL", default=f"sqlite:///{data_dir / 'careline.db'}"
                ),
                redis_url=config("REDIS_URL", default=None),
                rate_limits=_on_or_off(config("RATE_LIMITS", default="on")),
                rest_channel_token=config("REST_CHANNEL_TOKEN", cast=Secret, default=None),
                session_hours=config("SESSION_HOURS", cast=int, default=24),
                turn_seconds=config("TURN_SECONDS", cast=float, default=10.0),
                content_poll_seconds=config("CONTENT_POLL_SECONDS", cast=float, default=0.5),
            )
        except ValueError as error:
            raise SetupError(f"A setting has a value that does not fit: {error}") from error


def _on_or_off(value: str) -> bool:
    if value not in ("on", "off"):
        raise ValueError(f"RATE_LIMITS must be 'on' or 'off', not '{value}'.")
    return value == "on"
