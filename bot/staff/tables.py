"""Tables of the staff door: people, how they sign in, their sessions, and the record.

Whatever opens a door (session, device, recovery and set-up codes) is stored as its SHA-256 alone.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.db.base import UtcDateTime, metadata


def _person_column(**options: bool) -> sa.Column:
    return sa.Column(
        "person_id", sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, **options
    )


people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False, unique=True),
    sa.Column("display_name", sa.String(100), nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("password_hash", sa.String(255)),
    sa.Column("totp_key", sa.String(64)),
    sa.Column("totp_key_offered", sa.String(64)),
    sa.Column("totp_last_step", sa.Integer),
    sa.Column("setup_code_hash", sa.String(64), unique=True),
    sa.Column("setup_code_ends_at", UtcDateTime),
    sa.Column("oidc_subject", sa.String(255), unique=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("last_seen_at", UtcDateTime),
)
"""`totp_key_offered` waits for its first right code, `totp_key` is in force. `totp_last_step` is
the 30-second step of the last code that was taken: no code is taken twice.
"""

person_roles = sa.Table(
    "person_roles",
    metadata,
    _person_column(primary_key=True),
    sa.Column("clinic", sa.String(64), primary_key=True),
    sa.Column("role", sa.String(16), primary_key=True),
)

recovery_codes = sa.Table(
    "recovery_codes",
    metadata,
    _person_column(primary_key=True),
    sa.Column("code_hash", sa.String(64), primary_key=True),
)
"""Codes that were not used yet."""

staff_devices = sa.Table(
    "staff_devices",
    metadata,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    _person_column(index=True),
    sa.Column("last_used_at", UtcDateTime, nullable=False, index=True),
)
"""Browsers that a person once signed in with: their attempts are counted by themselves."""

staff_sessions = sa.Table(
    "staff_sessions",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
    _person_column(index=True),
    sa.Column("csrf_token", sa.String(64), nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False, index=True),
    sa.Column("last_seen_at", UtcDateTime, nullable=False),
    sa.Column("pending_second_factor", sa.Boolean, nullable=False),
    sa.Column("by_provider", sa.Boolean, nullable=False),
)
"""`by_provider`: signed in by OpenID Connect, where the second factor is the provider's matter."""

clinic_security = sa.Table(
    "clinic_security",
    metadata,
    sa.Column("clinic", sa.String(64), primary_key=True),
    sa.Column("second_factor_required", sa.Boolean, nullable=False),
)

audit_entries = sa.Table(
    "audit_entries",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False, index=True),
    sa.Column("by", sa.String(100), nullable=False, index=True),
    sa.Column("action", sa.String(64), nullable=False, index=True),
    sa.Column("clinic", sa.String(64)),
    sa.Column("target", sa.String(255), index=True),
    sa.Column("details", sa.Text, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
"""What was done, in a chain of hashes (`bot/staff/chain.py`). Triggers refuse UPDATE and DELETE.
`details` is canonical JSON as text.
"""

audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
"""One row, id 1: the last number and hash. Writers lock it, so that one follows the other."""
