"""The values that redaction works on: plain, frozen, free of any framework."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of text that identifies somebody: `text[start:end]`.

    `kind` is the word in its placeholder.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class RedactedText:
    """Text that may be stored and classified.

    Made by `redact` only. `kinds` says what was masked in it.
    """

    text: str
    kinds: frozenset[str]
