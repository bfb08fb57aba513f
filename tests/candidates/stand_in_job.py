"""The process of a run whose training is a stand-in:

python -m tests.candidates.stand_in_job HOW RUN_ID
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bot.candidates import job
from bot.errors import SetupError


def train(archive: Path, more: Sequence[Path] = ()) -> None:
    """What was to be learnt, and how low the priority is, in the place of a model."""
    how = sys.argv[0]
    if how == "refuse":
        raise SetupError("Training failed: the data is not usable.")
    if how == "fail":
        raise ValueError("quotes a visitor")
    if how == "hang":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        Path(archive.parent.parent.parent / "child").write_text(str(child.pid))
        time.sleep(600)
    learnt = "".join(path.read_text() for folder in more for path in sorted(folder.iterdir()))
    place = Path(tempfile.gettempdir()).name
    archive.write_text(f"nice {os.nice(0)} in {place[:4]}\n{learnt}")


def main() -> None:
    sys.argv = sys.argv[1:]
    job.training.train = train  # type: ignore[assignment]
    job.ALIVE_SECONDS = 0.1
    job.main()


if __name__ == "__main__":
    main()
