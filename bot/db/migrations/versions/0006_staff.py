"""People of the staff door, their sessions, and the record of what they did."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

SQLITE_TRIGGERS = (
    """CREATE TRIGGER audit_entries_not_changed BEFORE UPDATE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the record of what staff did cannot be changed'); END""",
    """CREATE TRIGGER audit_entries_not_deleted BEFORE DELETE ON audit_entries
    BEGIN SELECT RAISE(ABORT, 'the record of what staff did cannot be deleted'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above.
    """CREATE TRIGGER audit_entries_not_replaced BEFORE INSERT ON audit_entries
    WHEN EXISTS (SELECT 1 FROM audit_entries WHERE number = NEW.number)
    BEGIN SELECT RAISE(ABORT, 'the record of what staff did cannot be changed'); END""",
    """CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head
    WHEN NEW.id <> OLD.id OR NEW.number <> OLD.number + 1
    BEGIN SELECT RAISE(ABORT, 'the record of what staff did only grows'); END""",
    """CREATE TRIGGER audit_head_not_deleted BEFORE DELETE ON audit_head
    BEGIN SELECT RAISE(ABORT, 'the record of what staff did cannot be deleted'); END""",
    """CREATE TRIGGER audit_head_not_replaced BEFORE INSERT ON audit_head
    WHEN EXISTS (SELECT 1 FROM audit_head)
    BEGIN SELECT RAISE(ABORT, 'the record of what staff did only grows'); END""",
)

POSTGRESQL_TRIGGERS = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the record of what staff did cannot be changed or deleted'; END $$""",
    """CREATE TRIGGER audit_entries_not_changed BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_entries_not_emptied BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_only_grows BEFORE UPDATE ON audit_head
    FOR EACH ROW WHEN (NEW.id <> OLD.id OR NEW.number <> OLD.number + 1)
    EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_not_deleted BEFORE DELETE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_head_not_emptied BEFORE TRUNCATE ON audit_head
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)


def upgrade() -> None:
    _create_people()
    _create_sessions()
    _create_record()
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRESQL_TRIGGERS if on_postgresql else SQLITE_TRIGGERS:
        op.execute(statement)


def downgrade() -> None:
    # Triggers and indexes go with their table.
    for table in (
        "audit_head",
        "audit_entries",
        "clinic_security",
        "staff_sessions",
        "staff_devices",
        "recovery_codes",
        "person_roles",
        "people",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuse()")


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("display_name", sa.String(100), nullable=False),
        sa.Column("disabled", sa.Boolean, nullable=False),
        sa.Column("password_hash", sa.String(255)),
        sa.Column("totp_key", sa.String(64)),
        sa.Column("totp_key_offered", sa.String(64)),
        sa.Column("totp_last_step", sa.Integer),
        sa.Column("setup_code_hash", sa.String(64)),
        sa.Column("setup_code_ends_at", MOMENT),
        sa.Column("oidc_subject", sa.String(255)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("name", name="uq_people_name"),
        sa.UniqueConstraint("setup_code_hash", name="uq_people_setup_code_hash"),
        sa.UniqueConstraint("oidc_subject", name="uq_people_oidc_subject"),
    )
    op.create_table(
        "person_roles",
        *_of_person("person_roles"),
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "clinic", "role", name="pk_person_roles"),
    )
    op.create_table(
        "recovery_codes",
        *_of_person("recovery_codes"),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "code_hash", name="pk_recovery_codes"),
    )
    op.create_table(
        "clinic_security",
        sa.Column("clinic", sa.String(64), nullable=False),
        sa.Column("second_factor_required", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("clinic", name="pk_clinic_security"),
    )


def _create_sessions() -> None:
    op.create_table(
        "staff_devices",
        sa.Column("token_hash", sa.String(64), nullable=False),
        *_of_person("staff_devices"),
        sa.Column("last_used_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_devices"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        *_of_person("staff_sessions"),
        sa.Column("csrf_token", sa.String(64), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("pending_second_factor", sa.Boolean, nullable=False),
        sa.Column("by_provider", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_staff_sessions"),
        sa.UniqueConstraint("token_hash", name="uq_staff_sessions_token_hash"),
    )
    for table, column in (
        ("staff_devices", "person_id"),
        ("staff_devices", "last_used_at"),
        ("staff_sessions", "person_id"),
        ("staff_sessions", "started_at"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])


def _create_record() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("clinic", sa.String(64)),
        sa.Column("target", sa.String(255)),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entries"),
    )
    for column in ("at", "by", "action", "target"):
        op.create_index(f"ix_audit_entries_{column}", "audit_entries", [column])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "hash": "0" * 64}])


def _of_person(table: str) -> tuple[sa.Column, sa.ForeignKeyConstraint]:
    return (
        sa.Column("person_id", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["people.id"],
            ondelete="CASCADE",
            name=f"fk_{table}_person_id",
        ),
    )
