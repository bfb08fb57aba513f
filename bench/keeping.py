"""Keeps the results of each step in `build/bench/`, so that a run that crashed goes on where it
was.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bot.paths import ROOT

MEASURED = (
    "data/nlu", "data/stories", "data/content", "config.yml", "domain.yml", "bot", "actions",
    "bench/stock",
)  # fmt: skip
"""What the figures are about: when any of it changes, figures taken before are not of this run."""

ENDINGS = frozenset({".py", ".yml", ".yaml", ".html", ".js"})


class Keeper:
    """The results in a folder, of one state of the files that are measured (`fingerprint`)."""

    def __init__(self, folder: Path, fingerprint: str):
        self._folder = folder
        self._fingerprint = fingerprint
        folder.mkdir(parents=True, exist_ok=True)

    def begin(self, fresh: bool) -> bool:
        """Begin a whole run, or go on with one that did not end. Returns whether it goes on.

        `fresh` begins anew in any case.
        """
        run = self._read("run")
        if run is not None and not run["ended"] and not fresh:
            return True
        self._forget()
        self._write("run", {"started_at": _now(), "ended": False})
        return False

    def end(self) -> None:
        """Note that the whole run is done: the next one begins anew."""
        run = self._read("run") or {"started_at": _now()}
        self._write("run", {**run, "ended": True})

    def result(self, step: str) -> dict[str, Any] | None:
        """What a step found; None where it was not taken, or the files have changed since."""
        return self._read(step)

    def keep(self, step: str, result: dict[str, Any]) -> None:
        self._write(step, {**result, "at": _now()})

    def _read(self, name: str) -> dict[str, Any] | None:
        path = self._folder / f"{name}.json"
        if not path.is_file():
            return None
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found if found.get("fingerprint") == self._fingerprint else None

    def _write(self, name: str, value: dict[str, Any]) -> None:
        path = self._folder / f"{name}.json"
        draft = path.with_suffix(".tmp")
        text = json.dumps({**value, "fingerprint": self._fingerprint}, indent=1)
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)  # a crash leaves the old result or the new one, never half of one

    def _forget(self) -> None:
        for path in self._folder.glob("*.json"):
            path.unlink()


def fingerprint(root: Path = ROOT) -> str:
    """Changes with anything that is measured: data, content, code, the stock set-up, Rasa."""
    digest = hashlib.sha256(version("rasa").encode())
    for path in _files(root):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _files(root: Path) -> Iterator[Path]:
    for name in MEASURED:
        place = root / name
        inside = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from (p for p in inside if p.is_file() and p.suffix in ENDINGS)


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")
