"""Gives the store's content back as content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.content.local_time import format_local
from bot.content.model import LIBRARY
from bot.content.records import PUBLISHED, AnswerRecord, ClinicRecord, ContentFiles, SourceRecord
from bot.content.yaml_writer import write_mapping
from bot.errors import SetupError


def export_texts(content: ContentFiles) -> dict[str, str]:
    """The text of each content file by its name, in canonical form."""
    clinics = {record.file: record for record in content.clinics}
    files: dict[str, dict[str, Any]] = {}
    for clinic in content.clinics:
        files.setdefault(clinic.file, {})["clinic"] = _clinic(clinic)
    for source in content.sources:
        entries = files.setdefault(source.file, {}).setdefault("sources", {})
        entries[source.source.key] = _source(source)
    for answer in content.answers:
        body = files.setdefault(answer.file, {})
        if answer.clinic != LIBRARY and answer.file not in clinics:
            body["for_clinic"] = answer.clinic
        body.setdefault("answers", {})[answer.name] = _answer(answer)
    order = ("clinic", "for_clinic", "sources", "answers")
    return {
        name: "\n".join(write_mapping({key: body[key] for key in order if key in body})) + "\n"
        for name, body in sorted(files.items())
    }


def export_to(content: ContentFiles, folder: Path) -> list[Path]:
    """Write the content files below a folder and return their paths.

    Raises `SetupError` where that cannot be written, and for a file name that leads out of it.
    """
    written = []
    for name, text in export_texts(content).items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()):
            raise SetupError(f"The content file '{name}' would lie outside of {folder}.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise SetupError(f"{path} cannot be written: {reason}.") from error
        written.append(path)
    return written


def _stated(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry without the keys that say nothing."""
    return {key: value for key, value in entry.items() if value not in (None, "", [], {})}


def _clinic(record: ClinicRecord) -> dict[str, Any]:
    zone = record.timezone
    return _stated(
        {
            "key": record.key,
            "name": record.name,
            "timezone": zone,
            "retention_days": record.retention_days,
            "origins": list(record.origins),
            "routes": [
                _stated(
                    {
                        "kind": route.kind.value,
                        "label": route.label,
                        "text": route.text,
                        "outage_text": route.outage_text,
                        "url": route.url,
                        "hours": route.hours.as_mapping(),
                    }
                )
                for route in record.routes
            ],
            "notices": [
                _stated(
                    {
                        "kind": notice.kind,
                        "text": notice.text,
                        "from": format_local(notice.starts_at, zone),
                        "until": notice.ends_at and format_local(notice.ends_at, zone),
                    }
                )
                for notice in record.notices
            ],
        }
    )


def _source(record: SourceRecord) -> dict[str, Any]:
    source = record.source
    return _stated(
        {
            "title": source.title,
            "publisher": source.publisher,
            "url": source.url,
            "retrieved_on": source.retrieved_on,
        }
    )


def _answer(record: AnswerRecord) -> dict[str, Any]:
    published = record.status == PUBLISHED  # what is not said otherwise
    return _stated({**record.body(), "status": None if published else record.status})
