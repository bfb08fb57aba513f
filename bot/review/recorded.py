"""What the record of what staff did says about a filter. Pure, but for the entry's class."""

from __future__ import annotations

from typing import Any

from bot.redaction.redact import redact
from bot.review.filters import ConversationFilter
from bot.staff.audit import AuditEntry

LONGEST = 100
"""Characters that are kept of what somebody typed, after redaction."""

TYPED = ("words", "tag")


def of_filter(wanted: ConversationFilter, by: str, action: str, **more: Any) -> AuditEntry:
    """The entry for what was done with all that a filter finds."""
    chosen = wanted.as_json()
    for name in TYPED:
        if name in chosen:
            chosen[name] = _fit_to_keep(chosen[name])
    return AuditEntry.at_clinics(by, action, wanted.clinics, {**more, "filter": chosen})


def _fit_to_keep(typed: str) -> str:
    readable = "".join(each if each.isprintable() else " " for each in typed)
    return redact(readable).text[:LONGEST]
