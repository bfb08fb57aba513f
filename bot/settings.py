"""Settings, read from the environment once and handed on; no module reads it by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.config import Config
from starlette.datastructures import Secret

from bot.errors import SetupError
from bot.paths import ROOT


@dataclass(frozen=True)
class OidcSettings:
    """A provider of OpenID Connect by which staff may sign in.

    `issuer` is its address, under which it describes itself (`/.well-known/openid-configuration`).
    """

    issuer: str
    client_id: str
    client_secret: Secret


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
    staff_oidc: OidcSettings | None = None

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
                staff_oidc=_oidc(config),
            )
        except ValueError as error:
            raise SetupError(f"A setting has a value that does not fit: {error}") from error


def _on_or_off(value: str) -> bool:
    if value not in ("on", "off"):
        raise ValueError(f"RATE_LIMITS must be 'on' or 'off', not '{value}'.")
    return value == "on"


def _oidc(config: Config) -> OidcSettings | None:
    """All three settings, or none of them."""
    names = ("STAFF_OIDC_ISSUER", "STAFF_OIDC_CLIENT_ID", "STAFF_OIDC_CLIENT_SECRET")
    issuer, client_id, client_secret = (config(name, default="") for name in names)
    if not any((issuer, client_id, client_secret)):
        return None
    missing = [name for name in names if not config(name, default="")]
    if missing:
        raise ValueError(f"{', '.join(missing)} must be set too, or none of {', '.join(names)}.")
    parts = urlsplit(issuer)
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.netloc or parts.scheme not in (("https", "http") if local else ("https",)):
        raise ValueError(f"STAFF_OIDC_ISSUER must be an https address, not '{issuer}'.")
    return OidcSettings(issuer, client_id, Secret(client_secret))
