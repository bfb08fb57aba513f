"""The form in which Rasa's components tell of something that they found in a message."""

from __future__ import annotations

from typing import Any

EXCLUDED = "excluded"
"""Role of an entity that the visitor does not want to hear of: "not opioids, what else"."""


def entity(
    kind: str, value: str, start: int, end: int, *, by: object, role: str | None = None
) -> dict[str, Any]:
    """An entity: its kind and value, the characters it spans, the component that found it, and
    the part that it plays in the message, where that is not the usual one.
    """
    found = {
        "entity": kind,
        "value": value,
        "start": start,
        "end": end,
        "extractor": type(by).__name__,
    }
    return {**found, "role": role} if role else found
