"""Data files that come inside Python packages, so that `uv.lock` pins them."""

from __future__ import annotations

import hashlib
import importlib.util
from pathlib import Path

from bot.errors import SetupError


def packaged_file(package: str, name: str, sha256: str) -> Path:
    """The path of a data file inside an installed package.

    Raises `SetupError` when the package is missing or the file is not the one that was pinned.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SetupError(f"The package {package} is missing: run `make setup`.")
    path = Path(spec.origin).parent / name
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        raise SetupError(
            f"{package}: {name} is not the pinned file: delete .venv, run `make setup`."
        )
    return path
