"""Takes codes of a person's second factor, each once, within an open transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.engine import Connection

from bot.staff import one_time_codes, rows
from bot.staff.codes import RECOVERY_GROUPS, hashed_code, new_code
from bot.staff.tables import people, recovery_codes

RECOVERY_CODES = 10
"""A sheet of paper's worth, as most services give."""


def take(connection: Connection, person_id: str, code: str, at: datetime) -> str | None:
    """Use up a code: `app` or `recovery code`, None where it is neither."""
    if take_of_app(connection, person_id, code, at):
        return "app"
    used = connection.execute(
        recovery_codes.delete().where(
            recovery_codes.c.person_id == person_id,
            recovery_codes.c.code_hash == hashed_code(code),
        )
    )
    return "recovery code" if used.rowcount else None


def take_of_app(connection: Connection, person_id: str, code: str, at: datetime) -> bool:
    """Use up a code of the app that is in force: whether it was one.

    Of two requests with the same code that come together, one is taken: the row says which.
    """
    stored = rows.secrets(connection, person_id)
    if stored.totp_key is None:
        return False
    step = one_time_codes.step_of(stored.totp_key, code, at, stored.totp_last_step)
    if step is None:
        return False
    last = people.c.totp_last_step
    used = connection.execute(
        people.update()
        .where(people.c.id == person_id, last.is_(None) | (last < step))
        .values(totp_last_step=step)
    )
    return bool(used.rowcount)


def write_recovery_codes(connection: Connection, person_id: str) -> tuple[str, ...]:
    """New recovery codes in place of all earlier ones. They cannot be read again."""
    remove_recovery_codes(connection, person_id)
    codes = tuple(new_code(RECOVERY_GROUPS) for _ in range(RECOVERY_CODES))
    connection.execute(
        recovery_codes.insert(),
        [{"person_id": person_id, "code_hash": hashed_code(code)} for code in codes],
    )
    return codes


def remove_recovery_codes(connection: Connection, person_id: str) -> None:
    connection.execute(recovery_codes.delete().where(recovery_codes.c.person_id == person_id))
