"""The chain of the record: each entry's hash covers the entry and the hash before it.

So an entry that is changed, removed or moved no longer fits what follows it. Pure, and short enough
to be checked by anyone with another program: SHA-256 over canonical JSON (keys sorted, no blanks,
ASCII only) of the fields of `Link` and `previous`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

START = "0" * 64
"""Stands for the hash before the first entry."""

_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class Link:
    """What the hash of one entry covers. `at` is as `moment` writes it."""

    number: int
    at: str
    by: str
    action: str
    clinic: str | None
    target: str | None
    details: Mapping[str, Any]

    def hash(self, previous: str) -> str:
        """SHA-256 in hex. Raises `TypeError` or `ValueError` for what JSON cannot hold."""
        text = canonical({**vars(self), "previous": previous})
        return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> str:
    """The one way to write a JSON value. Raises `TypeError` or `ValueError` where there is none."""
    return _JSON.encode(value)


def moment(at: datetime) -> str:
    """ISO 8601 in UTC with six digits of a second."""
    return at.astimezone(timezone.utc).isoformat(timespec="microseconds")
