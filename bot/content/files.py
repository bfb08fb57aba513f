"""Reads content files: YAML in, checked records out, every mistake with its file, line and key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.content.checks import check
from bot.content.hours import read_hours
from bot.content.local_time import parse_local
from bot.content.model import LIBRARY, AnswerLink, ContactRoute, Source
from bot.content.problems import ContentFilesError, Problem
from bot.content.records import (
    AnswerRecord,
    ClinicRecord,
    ContentFiles,
    NoticeRecord,
    SourceRecord,
)
from bot.content.schema import AnswerEntry, ClinicEntry, ContentFile
from bot.content.yaml_lines import Document, read_yaml
from bot.errors import ContentError, SetupError
from bot.paths import CONTENT_DIR


def load_directory(folder: Path = CONTENT_DIR) -> ContentFiles:
    """Load every `.yml` file of a folder and its subfolders, in the order of their names.

    Raises `SetupError` where there is no such folder or it holds no file, `ContentError` for
    mistakes in a file.
    """
    paths = sorted(folder.rglob("*.yml"))
    if not paths:
        raise SetupError(f"There is no content file (*.yml) in {folder}.")
    return load_files(paths, folder)


def load_files(paths: Iterable[Path], folder: Path | None = None) -> ContentFiles:
    """Load a whole set of content files; what they say about each other is checked as well.

    `folder` is where the names of the files count from, the files' own folder if it is not given.
    Raises `ContentError` with all mistakes of all files.
    """
    problems: list[Problem] = []
    found: list[tuple[Document, ContentFile]] = []
    for path in paths:
        document = read_yaml(path, str(path.relative_to(folder or path.parent)))
        entry = _validated(document, problems)
        if entry is not None:
            found.append((document, entry))
    if problems:
        raise ContentFilesError(problems)
    content = ContentFiles(
        clinics=tuple(_clinics(found, problems)),
        sources=tuple(_sources(found)),
        answers=tuple(_answers(found, problems)),
    )
    problems += check(content, {document.name: document for document, _ in found})
    if problems:
        raise ContentFilesError(problems)
    return content


def _validated(document: Document, problems: list[Problem]) -> ContentFile | None:
    problems.extend(document.problems)
    if not isinstance(document.data, dict):
        problems.append(document.problem((), "A content file is a mapping of keys to values."))
        return None
    try:
        return ContentFile.parse_obj(document.data)
    except ValidationError as error:
        for mistake in error.errors():
            path = tuple(step for step in mistake["loc"] if step not in ("__root__", "__key__"))
            problems.append(document.problem(path, _explained(dict(mistake))))
        return None


def _explained(mistake: Mapping[str, Any]) -> str:
    kind, message = mistake["type"], mistake["msg"]
    if kind == "value_error.extra":
        return "There is no such key; docs/content.md lists the keys."
    if kind == "value_error.missing":
        return "This key is missing; add it."
    if kind in ("value_error.any_str.min_length", "type_error.none.not_allowed"):
        return "This is empty; write something here or take the key away."
    if kind == "value_error.date":
        return "This is not a date; write it as YYYY-MM-DD."
    return f"{message[:1].upper()}{message[1:]}."


def _clinics(
    found: list[tuple[Document, ContentFile]], problems: list[Problem]
) -> Iterable[ClinicRecord]:
    for document, entry in found:
        if entry.clinic is not None:
            clinic = entry.clinic
            yield ClinicRecord(
                key=clinic.key,
                name=clinic.name,
                timezone=clinic.timezone,
                routes=tuple(
                    ContactRoute(r.kind, r.label, r.text, r.url, r.outage_text, read_hours(r.hours))
                    for r in clinic.routes
                ),
                notices=tuple(_notices(document, clinic, problems)),
                file=document.name,
                retention_days=clinic.retention_days,
                origins=tuple(clinic.origins),
            )


def _notices(
    document: Document, clinic: ClinicEntry, problems: list[Problem]
) -> Iterable[NoticeRecord]:
    def moment(number: int, key: str, text: str | None) -> datetime | None:
        try:
            return None if text is None else parse_local(text, clinic.timezone)
        except ContentError as error:
            problems.append(document.problem(("clinic", "notices", number, key), str(error)))
            return None

    for number, notice in enumerate(clinic.notices):
        starts = moment(number, "from", notice.starts)
        ends = moment(number, "until", notice.ends)
        if starts is not None and ends is not None and ends <= starts:
            message = "'until' must be later than 'from'; change one of them."
            problems.append(document.problem(("clinic", "notices", number, "until"), message))
        elif starts is not None:
            yield NoticeRecord(notice.kind, notice.text, starts, ends)


def _sources(found: list[tuple[Document, ContentFile]]) -> Iterable[SourceRecord]:
    for document, entry in found:
        for key, source in entry.sources.items():
            yield SourceRecord(
                Source(key, source.title, source.publisher, source.url, source.retrieved_on),
                document.name,
            )


def _answers(
    found: list[tuple[Document, ContentFile]], problems: list[Problem]
) -> Iterable[AnswerRecord]:
    seen: dict[tuple[str, str, str | None], str] = {}
    for document, entry in found:
        clinic = entry.clinic.key if entry.clinic else entry.for_clinic or LIBRARY
        for name, answer in entry.answers.items():
            record = _record(name, clinic, document.name, answer)
            other = seen.setdefault(record.key, document.name)
            if other != document.name:
                message = f"This question of '{clinic}' already has an answer in {other}; keep one."
                problems.append(document.problem(("answers", name), message))
            yield record


def _record(name: str, clinic: str, file: str, entry: AnswerEntry) -> AnswerRecord:
    subject, _, detail = name.partition("/")
    return AnswerRecord(
        clinic=clinic,
        subject=subject,
        detail=detail or None,
        text=entry.text,
        title=entry.title,
        button=entry.button,
        simpler=entry.simpler,
        items=tuple(entry.items),
        part_of=entry.part_of,
        also_called=tuple(entry.also_called),
        examples=tuple(entry.examples),
        offers=tuple(entry.offers),
        links=tuple(AnswerLink(link.title, link.url) for link in entry.links),
        source=entry.source,
        reviewed_on=entry.reviewed_on,
        review_by=entry.review_by,
        checked_by_native_speaker=entry.checked_by_native_speaker,
        status=entry.status,
        file=file,
    )
