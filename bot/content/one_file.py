"""Takes in one content file that staff bring: checked as a part of the whole set, line by line,
then published answer by answer as if each had been written by hand.

A file changes and adds answers and sources. What it leaves out stays, and so do the clinic's
routes, hours and notices, which have pages of their own.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Connection, Engine

from bot.content import approval, drafts, editing, rows
from bot.content.answer_index import search_texts
from bot.content.drafts import Draft, DraftState
from bot.content.editing import NEW
from bot.content.exporter import export_texts
from bot.content.files import load_directory
from bot.content.new_sources import write_source
from bot.content.problems import ContentFilesError, Problem
from bot.content.records import AnswerRecord, ContentFiles, SourceRecord
from bot.content.store import ContentStore
from bot.content.vectors import VectorStore
from bot.db.unit_of_work import UnitOfWork
from bot.errors import EditOvertaken, NotFound
from bot.staff.audit import AuditEntry, record


@dataclass(frozen=True)
class FileChange:
    """An answer that a file changes. `before` is None for a new one; `waits`: somebody else has to
    approve it before it is published; `draft` is what somebody is writing, which it would replace.
    """

    before: AnswerRecord | None
    after: AnswerRecord
    waits: bool
    draft: Draft | None


@dataclass(frozen=True)
class FileChanges:
    """What a file would change. `left_out`: names of answers that stay although it has them not."""

    owner: str
    answers: tuple[FileChange, ...]
    sources: tuple[SourceRecord, ...]
    left_out: tuple[str, ...]
    version: int


class DraftsInTheWay(EditOvertaken):
    """A file that would replace what somebody is writing."""

    code = "drafts_in_the_way"


class OneFile:
    """The content files of a store, one by one. Every method may raise `StoreUnavailable`."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime], vectors: VectorStore):
        self._engine = engine
        self._clock = clock
        self._vectors = vectors
        self._store = ContentStore(engine, clock)

    def names(self) -> dict[str, str]:
        """Whose each file is, by its name: a clinic's key or the library's."""
        content = self._store.content()
        found = {clinic.file: clinic.key for clinic in content.clinics}
        for answer in content.answers:
            found.setdefault(answer.file, answer.clinic)
        return dict(sorted(found.items()))

    def text(self, name: str) -> str:
        """A file as an export writes it. Raises `NotFound`."""
        texts = export_texts(self._store.content())
        if name not in texts:
            raise NotFound("There is no content file of this name.")
        return texts[name]

    def changes(self, name: str, text: str) -> FileChanges:
        """What a text would change in the place of a file.

        Raises `ContentFilesError` with every mistake and its line, `NotFound` for the name.
        """
        owner = self.names().get(name)
        if owner is None:
            raise NotFound("There is no content file of this name.")
        version = self._store.version()
        held = self._store.content()
        loaded = _loaded(held, name, text)
        stranger = next((a for a in loaded.answers if a.file == name and a.clinic != owner), None)
        if stranger is not None:
            message = (
                f"This file belongs to '{owner}', and what stands here to '{stranger.clinic}'."
            )
            raise ContentFilesError([Problem(name, 1, "", message)])
        with UnitOfWork(self._engine, read_only=True) as unit:
            asking = approval.asking(unit.connection)
            writing = {draft.record.key: draft for draft in drafts.all_of(unit.connection)}
        known = {answer.key: answer for answer in held.answers}
        mine = [answer for answer in loaded.answers if answer.file == name]
        changed = tuple(
            FileChange(
                known.get(after.key),
                after,
                approval.waits(asking, after),
                writing.get(after.key),
            )
            for after in mine
            if known.get(after.key) is None or known[after.key].body() != after.body()
        )
        kept = {answer.key for answer in mine}
        left_out = tuple(a.name for a in held.answers if a.file == name and a.key not in kept)
        had = {source.source.key for source in held.sources}
        new = tuple(s for s in loaded.sources if s.file == name and s.source.key not in had)
        return FileChanges(owner, changed, new, left_out, version)

    def take_in(
        self, name: str, text: str, *, by: str, read_version: int, over_drafts: bool = False
    ) -> FileChanges:
        """Make these changes, all or none: what somebody has to approve becomes a draft that waits.

        `over_drafts`: whoever takes it in has seen the drafts that it replaces. Raises as
        `changes`, `EditOvertaken` where anything was changed since they were shown,
        `DraftsInTheWay`, and `AnswerRefusedError` for what is right only with an answer that waits.
        """
        changes = self.changes(name, text)
        if not over_drafts and any(change.draft for change in changes.answers):
            raise DraftsInTheWay("Somebody is writing at an answer that this file changes.")
        texts = [
            text
            for each in changes.answers
            if each.after.examples
            for text in search_texts(each.after.title, each.after.text, each.after.examples)
        ]
        if texts:
            self._vectors(texts)
        with UnitOfWork(self._engine) as unit:
            rows.bump_version(unit.connection)
            if rows.read_version(unit.connection) != read_version + 1:
                raise EditOvertaken("Something was changed meanwhile. Look at the changes again.")
            for source in changes.sources:
                write_source(unit.connection, source.source, name)
            for change in changes.answers:
                self._write(unit.connection, change, by)
            _refuse_mistakes(unit.connection, changes)
            said = {"answers": len(changes.answers), "sources": len(changes.sources)}
            entry = AuditEntry(by, "answers.imported", changes.owner, name, said)
            record(unit.connection, self._clock, entry)
            unit.commit()
        return changes

    def _write(self, connection: Connection, change: FileChange, by: str) -> None:
        row = editing.stored(connection, change.after)
        version = row["version"] if row else NEW
        draft = drafts.of_key(connection, change.after.key)
        if draft is not None:
            drafts.drop(connection, draft.id)  # `over_drafts`
        if not change.waits:
            editing.put_in(connection, self._clock, change.after, by=by, read_version=version)
            return
        values = drafts.values_of(
            change.after,
            answer_id=row["id"] if row else None,
            read_version=version,
            by=by,
            at=self._clock(),
            state=DraftState.WAITING,
        )
        drafts.add(connection, values)


def _refuse_mistakes(connection: Connection, changes: FileChanges) -> None:
    """What does not wait for approval has to be right without what waits."""
    editing.refuse(
        replace(mistake, way=("answers", change.after.name, *mistake.way))
        for change in changes.answers
        if not change.waits
        for mistake in editing.mistakes_in(connection, change.after)
    )


def _loaded(held: ContentFiles, name: str, text: str) -> ContentFiles:
    """The whole set with this text in the place of one file."""
    with tempfile.TemporaryDirectory(prefix="careline-content-") as place:
        folder = Path(place)
        for file, known in {**export_texts(held), name: text}.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(known, encoding="utf-8")
        return load_directory(folder)
