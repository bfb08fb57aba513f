"""What a comparison rests on beside its two archives, as hashes.

A comparison counts only while the same would be asked again, of the same code: a correction of an
emergency that came later was never put to the candidate, and other safety rules decide differently.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot import paths
from bot.candidates.model import Basis
from bot.corrections.model import USED, Correction
from bot.corrections.tables import corrections

FOLDERS = ("actions", "bot", "data/content", "data/safety", "tests/eval")
SUFFIXES = frozenset({".py", ".yml", ".txt", ".jsonl"})
"""Files there of what is asked and of all that decides a reply, apart from what a model is trained
on (`bot/engine/training.py`). Clinics' own content is not among them: both models answer from it.
"""


def basis_of(asked: Iterable[Correction]) -> Basis:
    """What a comparison rests on that asks these corrections now."""
    rows = ((c.id, c.text, c.wanted.subject, c.wanted.detail, c.clinic) for c in asked)
    return Basis(_hash_of_corrections(rows), hash_of_files())


def hash_of_asked(connection: Connection) -> str:
    """What `basis_of` says of the corrections that would be asked now, in a transaction."""
    c = corrections.c
    query = sa.select(c.id, c.text, c.subject, c.detail, c.clinic).where(c.state.in_(USED))
    return _hash_of_corrections(tuple(row) for row in connection.execute(query))


def hash_of_files(root: Path = paths.ROOT) -> str:
    """SHA-256, 64 hexadecimal digits. Reads three megabytes: not while others wait for a lock."""
    digest = hashlib.sha256()
    for path in _files(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _hash_of_corrections(rows: Iterable[tuple[str | None, ...]]) -> str:
    return hashlib.sha256(
        json.dumps(sorted(rows, key=lambda row: row[0] or "")).encode()
    ).hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for folder in FOLDERS:
        yield from sorted(p for p in (root / folder).rglob("*") if p.suffix in SUFFIXES)
