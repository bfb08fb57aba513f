"""The schema of a content file, key by key.

`docs/content.md` describes it for people; a test compares the two. A file holds `sources`,
`answers` and, for a clinic, either `clinic` (the file that sets it up) or `for_clinic` (a further
file of it). A file with neither belongs to the library.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConstrainedStr, Extra, Field, root_validator, validator

from bot.content.hours import read_hours
from bot.content.model import RETENTION_DAYS, RouteKind
from bot.content.placeholders import PLACEHOLDERS, unknown_placeholders
from bot.errors import ContentError

LONGEST_RETENTION = 3_650
"""Days. Ten years is what some laws ask for of records; a chat is none."""

ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d+)?|http://(localhost|127\.0\.0\.1)(:\d+)?")
"""A website as browsers name it in the header `Origin`; without TLS on one's own machine only."""


class Text(ConstrainedStr):
    """Words for a visitor: not empty."""

    strip_whitespace = True
    min_length = 1


class Key(ConstrainedStr):
    """A name inside Careline: small letters, digits, `_` and `-`."""

    regex = r"^[a-z0-9][a-z0-9_-]*$"
    max_length = 64


class Entry(BaseModel):
    class Config:
        extra = Extra.forbid
        allow_mutation = False


class RouteEntry(Entry):
    """One of a clinic's `routes`."""

    kind: RouteKind
    label: Text
    text: Text
    outage_text: str = ""
    url: str = ""
    hours: dict[str, str] = {}

    @validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        return _checked_url(url)

    @validator("hours")
    @classmethod
    def _readable(cls, hours: dict[str, str], values: dict[str, Any]) -> dict[str, str]:
        try:
            read = read_hours(hours)
        except ContentError as error:
            raise ValueError(str(error).rstrip(".")) from error
        if values.get("kind") is RouteKind.EMERGENCY and not read.always:
            raise ValueError("help in an emergency has no hours; take them away")
        return read.as_mapping()


class NoticeEntry(Entry):
    kind: Literal["phone_outage"]
    text: Text
    starts: str = Field(alias="from")
    ends: str | None = Field(None, alias="until")


class ClinicEntry(Entry):
    """The key `clinic`: a clinic, how to reach it, its notices."""

    key: Key
    name: Text
    timezone: str
    retention_days: int = Field(RETENTION_DAYS, ge=1, le=LONGEST_RETENTION)
    origins: list[str] = []
    routes: list[RouteEntry]
    notices: list[NoticeEntry] = []

    @validator("key")
    @classmethod
    def _not_the_library(cls, key: str) -> str:
        if key == "library":
            raise ValueError("'library' is the name of the shared answers; choose another key")
        return key

    @validator("origins", each_item=True)
    @classmethod
    def _origin(cls, origin: str) -> str:
        if not ORIGIN.fullmatch(origin):
            raise ValueError(
                f"'{origin}' is no origin; write scheme and host alone, in small letters, such as"
                " https://www.clinic.example"
            )
        return origin

    @validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except Exception as error:  # zoneinfo raises KeyError, ValueError or OSError, by platform
            raise ValueError(
                f"'{name}' is no time zone; write one such as America/New_York"
            ) from error
        return name

    @validator("routes")
    @classmethod
    def _one_of_each(cls, routes: list[RouteEntry]) -> list[RouteEntry]:
        kinds = [route.kind for route in routes]
        if RouteKind.EMERGENCY not in kinds:
            raise ValueError("a clinic needs a route of kind 'emergency'")
        twice = next((kind.value for kind in kinds if kinds.count(kind) > 1), None)
        if twice:
            raise ValueError(f"there are two routes of kind '{twice}'; keep one")
        return routes


class SourceEntry(Entry):
    """One of the `sources`, under its key."""

    title: Text
    publisher: Text
    url: str = ""
    retrieved_on: date | None = None

    @validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        return _checked_url(url)


class LinkEntry(Entry):
    """One of an answer's `links`."""

    title: Text
    url: Text

    @validator("url")
    @classmethod
    def _address(cls, url: str) -> str:
        return _checked_url(url)


class AnswerEntry(Entry):
    """One of the `answers`, under `subject` or `subject/detail`."""

    title: str = ""
    button: str = ""
    text: Text
    simpler: str = ""
    items: list[Key] = []
    part_of: Key | None = None
    also_called: list[Text] = []
    examples: list[Text] = []
    offers: list[str] = []
    links: list[LinkEntry] = []
    source: Key | None = None
    reviewed_on: date | None = None
    review_by: date | None = None
    checked_by_native_speaker: bool | None = None
    status: Literal["published", "draft"] = "published"

    @validator("text", "simpler")
    @classmethod
    def _placeholders(cls, text: str) -> str:
        wrong = unknown_placeholders(text)
        if wrong:
            raise ValueError(
                f"{', '.join(wrong)} is no placeholder; there are"
                f" {', '.join(f'{{{name}}}' for name in sorted(PLACEHOLDERS))}"
            )
        return text


class ContentFile(Entry):
    """A whole file: of a clinic, for a clinic, or of the library."""

    clinic: ClinicEntry | None = None
    for_clinic: Key | None = None
    sources: dict[Key, SourceEntry] = {}
    answers: dict[str, AnswerEntry] = {}

    @root_validator(skip_on_failure=True)
    @classmethod
    def _one_owner(cls, values: dict[str, Any]) -> dict[str, Any]:
        if values["clinic"] is not None and values["for_clinic"] is not None:
            raise ValueError("write 'clinic' or 'for_clinic', not both")
        return values


def _checked_url(url: str) -> str:
    if url and not url.startswith(("https://", "tel:", "sms:", "mailto:")):
        raise ValueError(
            "an address starts with https://, tel:, sms: or mailto:; leave it empty if unknown"
        )
    return url
