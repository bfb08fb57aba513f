"""From a draft to what visitors read: now, at a time, or once somebody else has approved it.

Every change stands in the record, written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection, Engine

from bot.content import drafts, editing, rows
from bot.content.approval import refuse_unapproved
from bot.content.drafts import Draft, DraftState
from bot.content.editing import NEW
from bot.content.pointing import refuse_needed
from bot.content.records import ARCHIVED, PUBLISHED, AnswerRecord
from bot.content.vectors import VectorStore
from bot.db.unit_of_work import UnitOfWork
from bot.errors import ContentError, EditOvertaken, Forbidden
from bot.missed.repository import mark_answered
from bot.staff.audit import AuditEntry
from bot.staff.audit import record as record_in_audit

LONGEST_NOTE = 1_000
"""Characters of what is said to a writer whose draft is sent back."""


class OwnWords(Forbidden):
    """Somebody who wants to approve what they wrote themselves."""

    code = "own_words"


class Publishing:
    """Drafts of answers and their way to visitors. Every method may raise `StoreUnavailable`.

    `by` is the name of the person who does it. Whether they may is for the caller to check.
    """

    def __init__(self, engine: Engine, clock: Callable[[], datetime], vectors: VectorStore):
        self._engine = engine
        self._clock = clock
        self._vectors = vectors

    def save(
        self,
        record: AnswerRecord,
        *,
        by: str,
        read_version: int,
        read_edit: int,
        missed: int | None = None,
    ) -> Draft:
        """Keep a draft, right or wrong. What was approved before is no longer.

        `read_edit` is the edit of the draft that was read, `drafts.NO_EDIT` where there was none.
        `missed` is the group of missed questions that it answers; None leaves what was said before.
        Raises `EditOvertaken` where somebody else changed answer or draft meanwhile.
        """
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)  # makes other writers wait
            row = editing.stored(unit.connection, record)
            if (row["version"] if row else NEW) != read_version:
                raise EditOvertaken("Somebody else changed this answer meanwhile.")
            values = drafts.values_of(
                record,
                answer_id=row["id"] if row else None,
                read_version=read_version,
                by=by,
                at=self._clock(),
            )
            if missed is not None:
                values["missed"] = missed
            known = drafts.of_key(unit.connection, record.key)
            if known is None and read_edit == drafts.NO_EDIT:
                draft_id = drafts.add(unit.connection, values)
            else:
                draft_id = known.id if known else 0
                drafts.change(unit.connection, draft_id, read_edit, **values)
            self._record(unit.connection, record, by, "answer.drafted")
            saved = drafts.read(unit.connection, draft_id)
            unit.commit()
            return saved

    def publish(self, draft: Draft, *, by: str) -> int:
        """Publish a draft now and return the answer's number. The missed questions that it is to
        answer are answered with it.

        Raises `EditOvertaken`, `AnswerRefusedError`, `ApprovalNeeded`.
        """
        writer = draft.written_by
        record = replace(draft.record, status=PUBLISHED)
        approved_by = draft.approved_by
        editing.refuse(editing.entry_mistakes(record))
        computed = editing.compute_vectors(self._engine, self._vectors, record)
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            _refuse_overtaken(unit.connection, draft)
            answer_id = editing.write_in(
                unit.connection,
                self._clock,
                record,
                by=writer,
                read_version=draft.read_version,
                approved_by=approved_by,
            )
            self._vectors.keep(unit.connection, computed)
            drafts.drop(unit.connection, draft.id)
            entry = editing.entry_of(record, writer, draft.read_version + 1, approved_by)
            record_in_audit(unit.connection, self._clock, replace(entry, by=by))
            if draft.missed is not None:
                mark_answered(unit.connection, self._clock, draft.missed, by=by)
            unit.commit()
        return answer_id

    def schedule(self, draft: Draft, at: datetime, *, by: str) -> None:
        """Publish a draft at a moment. Raises as `publish`; nothing is changed then."""
        self._refuse_mistakes(draft)
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            published = replace(draft.record, status=PUBLISHED)
            refuse_unapproved(unit.connection, published, draft.written_by, draft.approved_by)
            values = {"state": DraftState.READY.value, "publish_at": at, "note": ""}
            drafts.change(unit.connection, draft.id, draft.edit, **values)
            said = {"publish_at": at.isoformat()}
            self._record(unit.connection, draft.record, by, "answer.scheduled", said)
            unit.commit()

    def ask(self, draft: Draft, at: datetime | None, *, by: str) -> None:
        """Ask for somebody else's approval; it is published then, or at `at`."""
        self._refuse_mistakes(draft)
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            values = {"state": DraftState.WAITING.value, "publish_at": at, "note": ""}
            drafts.change(unit.connection, draft.id, draft.edit, **values)
            self._record(unit.connection, draft.record, by, "answer.approval_asked")
            unit.commit()

    def approve(self, draft: Draft, *, by: str) -> int | None:
        """Approve what somebody else wrote: the answer's number where it is published now, None
        where that comes at its time. Raises `OwnWords`, and as `publish`.
        """
        if by == draft.written_by:
            raise OwnWords("Somebody else than the writer has to approve this answer.")
        if draft.state is not DraftState.WAITING:
            raise EditOvertaken("This answer does not wait for approval any more.")
        approved = replace(draft, approved_by=by)
        if draft.publish_at is None or draft.publish_at <= self._clock():
            return self.publish(approved, by=by)
        self._refuse_mistakes(draft)
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            values = {"state": DraftState.READY.value, "approved_by": by}
            drafts.change(unit.connection, draft.id, draft.edit, **values)
            said = {"written_by": draft.written_by, "approved_by": by}
            self._record(unit.connection, draft.record, by, "answer.approved", said)
            unit.commit()
        return None

    def send_back(self, draft: Draft, note: str, *, by: str) -> None:
        """Give a draft back to its writer, with what is to be changed."""
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            values = {"state": DraftState.RETURNED.value, "approved_by": None, "note": note}
            drafts.change(unit.connection, draft.id, draft.edit, **values)
            self._record(unit.connection, draft.record, by, "answer.sent_back")
            unit.commit()

    def discard(self, draft: Draft, *, by: str) -> None:
        """Throw a draft away; what visitors read stays as it is."""
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            _refuse_overtaken(unit.connection, draft)
            drafts.drop(unit.connection, draft.id)
            self._record(unit.connection, draft.record, by, "answer.draft_discarded")
            unit.commit()

    def archive(self, record: AnswerRecord, read_version: int, *, by: str) -> None:
        """Take an answer away from visitors; its history stays. So does what it is replaced by: a
        clinic's own answer by the library's.

        Raises `StillNeeded` where others point at it, `EditOvertaken`.
        """
        gone = replace(record, status=ARCHIVED)
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            refuse_needed(unit.connection, record)
            editing.write_in(unit.connection, self._clock, gone, by=by, read_version=read_version)
            draft = drafts.of_key(unit.connection, record.key)
            if draft is not None:
                drafts.drop(unit.connection, draft.id)
            entry = editing.entry_of(gone, by, read_version + 1)
            record_in_audit(unit.connection, self._clock, entry)
            unit.commit()

    def publish_due(self) -> int:
        """Publish every draft whose time has come; says how many were.

        One that cannot be published any more goes back to its writer.
        """
        with UnitOfWork(self._engine, read_only=True) as unit:
            found = drafts.due(unit.connection, self._clock())
        done = 0
        for draft in found:
            try:
                self.publish(draft, by=draft.approved_by or draft.written_by)
                done += 1
            except (ContentError, EditOvertaken, Forbidden) as error:
                self._return(draft, str(error))
        return done

    def _return(self, draft: Draft, why: str) -> None:
        """Where another replica was quicker there is nothing left to do."""
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            if drafts.of_key(unit.connection, draft.record.key) != draft:
                return
            values = {"state": DraftState.RETURNED.value, "approved_by": None, "note": why}
            drafts.change(unit.connection, draft.id, draft.edit, **values)
            by = draft.approved_by or draft.written_by
            self._record(unit.connection, draft.record, by, "answer.not_published")
            unit.commit()

    def _refuse_mistakes(self, draft: Draft) -> None:
        record = replace(draft.record, status=PUBLISHED)
        with UnitOfWork(self._engine, read_only=True) as unit:
            editing.refuse(editing.all_mistakes(unit.connection, record))

    def _record(
        self,
        connection: Connection,
        record: AnswerRecord,
        by: str,
        action: str,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        entry = AuditEntry(by, action, record.clinic, record.name, details or {})
        record_in_audit(connection, self._clock, entry)


def _refuse_overtaken(connection: Connection, draft: Draft) -> None:
    """Raises `EditOvertaken` for a draft that is not as it was read, or is published or gone."""
    now = drafts.of_key(connection, draft.record.key)
    if now is None or (now.id, now.edit) != (draft.id, draft.edit):
        raise EditOvertaken("Somebody else changed this draft meanwhile. Look at it again.")
