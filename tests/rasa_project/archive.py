"""What lies in a model archive."""

from __future__ import annotations

import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np


def weights(model: Path) -> dict[str, Any]:
    """What the intent classifier keeps in a model archive."""
    with tarfile.open(model) as archive:
        (name,) = [each for each in archive.getnames() if each.endswith("intents.npz")]
        with np.load(BytesIO(read(archive, name)), allow_pickle=False) as kept:
            return {key: kept[key] for key in kept.files}


def read(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    assert member is not None
    return member.read()
