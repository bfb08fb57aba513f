"""The form in which Rasa's components tell of something that they found in a message."""

from __future__ import annotations

from typing import Any


def entity(kind: str, value: str, start: int, end: int, *, by: object) -> dict[str, Any]:
    """An entity: its kind and value, the characters it spans, and the component that found it."""
    return {
        "entity": kind,
        "value": value,
        "start": start,
        "end": end,
        "extractor": type(by).__name__,
    }
