"""Content as it stands in a file or in the database, before anything is inherited or published.

Files, the database and the snapshot all meet here: a file is read into these records, the importer
compares them with those of the database, and the exporter writes them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.content.model import LIBRARY, RETENTION_DAYS, AnswerLink, ContactRoute, Source

DRAFT, PUBLISHED, ARCHIVED = "draft", "published", "archived"
FILE, STAFF = "file", "staff"


@dataclass(frozen=True)
class NoticeRecord:
    """A clinic's notice; times are aware."""

    kind: str
    text: str
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True)
class ClinicRecord:
    """A clinic as its file sets it up."""

    key: str
    name: str
    timezone: str
    routes: tuple[ContactRoute, ...]
    notices: tuple[NoticeRecord, ...]
    file: str
    retention_days: int = RETENTION_DAYS
    origins: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceRecord:
    source: Source
    file: str


@dataclass(frozen=True)
class AnswerRecord:
    """One answer as written: what it does not state is empty, and `source` is a source's key."""

    clinic: str
    subject: str
    detail: str | None
    text: str
    title: str = ""
    button: str = ""
    simpler: str = ""
    items: tuple[str, ...] = ()
    part_of: str | None = None
    also_called: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    links: tuple[AnswerLink, ...] = ()
    source: str | None = None
    reviewed_on: date | None = None
    review_by: date | None = None
    checked_by_native_speaker: bool | None = None
    status: str = PUBLISHED
    file: str = ""

    @property
    def key(self) -> tuple[str, str, str | None]:
        return self.clinic, self.subject, self.detail

    @property
    def name(self) -> str:
        """`subject` or `subject/detail`, as files and offers write it."""
        return self.subject if self.detail is None else f"{self.subject}/{self.detail}"

    def body(self) -> dict[str, Any]:
        """What an answer says, in plain values and in the order of the files; not who it belongs to
        or where it stands.
        """
        return {
            "title": self.title,
            "button": self.button,
            "text": self.text,
            "simpler": self.simpler,
            "items": list(self.items),
            "part_of": self.part_of,
            "also_called": list(self.also_called),
            "examples": list(self.examples),
            "offers": list(self.offers),
            "links": [{"title": link.title, "url": link.url} for link in self.links],
            "source": self.source,
            "reviewed_on": self.reviewed_on,
            "review_by": self.review_by,
            "checked_by_native_speaker": self.checked_by_native_speaker,
            "status": self.status,
        }


@dataclass(frozen=True)
class ContentFiles:
    """A whole set of content, each kind in the order in which it is written."""

    clinics: tuple[ClinicRecord, ...]
    sources: tuple[SourceRecord, ...]
    answers: tuple[AnswerRecord, ...]

    def clinic_keys(self) -> frozenset[str]:
        return frozenset(clinic.key for clinic in self.clinics) | {LIBRARY}
