"""A promotion and a roll-back while eight visitors talk over HTTP, with the real model."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from bot.candidates.archives import Archives
from bot.candidates.basis import basis_of
from bot.candidates.comparisons import Comparisons
from bot.candidates.model import Model
from bot.candidates.promotion import Promotions
from bot.commands.database import now
from bot.db.engine import create_engine
from bot.engine.training import fingerprint
from tests.candidates.stage import GOOD
from tests.candidates.visitors import Visitor
from tests.engine.stage import wait_until
from tests.journey.running import running

VISITORS = 8
SECONDS = 120
SWAPPED = ("portal", "telemedicine")
"""The candidate takes these two for each other, so that one sees who answered."""

MEGABYTES_THAT_COME_AND_GO = 25
"""A model takes more than twice as many: so many would be lost with each promotion."""

MOST_MEGABYTES = 100
"""Eight conversations, threads and the two models at once during a change leave some behind."""


def confused(model: Path, into: Path) -> Path:
    """The same model, apart from the names of two intents."""
    with tarfile.open(model) as source, tarfile.open(into, "w:gz") as target:
        for member in source.getmembers():
            file = source.extractfile(member) if member.isfile() else None
            content = file.read() if file else b""
            if member.name.endswith("intents.npz"):
                content = _swapped(content)
                member.size = len(content)
            target.addfile(member, io.BytesIO(content))
    return into


def _swapped(content: bytes) -> bytes:
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        parts = {name: kept[name] for name in kept.files}
    names = list(parts["intents"])
    one, two = (names.index(name) for name in SWAPPED)
    names[one], names[two] = names[two], names[one]
    output = io.BytesIO()
    np.savez(output, **{**parts, "intents": np.array(names)})
    return output.getvalue()


class House:
    """A server in a process of its own, and the promotions in its database."""

    def __init__(self, url: str, process: subprocess.Popen[str], folder: Path, model: Path):
        self.url = url
        self.process = process
        database = create_engine(f"sqlite:///{folder / 'careline.db'}")
        self.archives = Archives(database, now, folder / "other disk")
        self.comparisons = Comparisons(database, now)
        self.promotions = Promotions(database, now, fingerprint())
        self.shipped = self._keep(model, shipped=True)
        self.candidate = self._keep(confused(model, folder / "confused.tar.gz"))
        hashes = self.shipped.sha256, self.candidate.sha256
        self.comparisons.keep(*hashes, GOOD, (), basis=basis_of(()), by="Ana")

    def promote(self) -> None:
        self.wait_for(self.promotions.promote(self.candidate.id, by="Ana").number)

    def roll_back(self) -> None:
        self.wait_for(self.promotions.roll_back(by="Ana").number)

    def wait_for(self, number: int) -> None:
        """Returns when the server has noted what became of a promotion."""
        wait_until(lambda: self.promotions.takeovers(number) != [], SECONDS)
        assert [each.state for each in self.promotions.takeovers(number)] == ["loaded"]

    @property
    def megabytes(self) -> float:
        return psutil.Process(self.process.pid).memory_info().rss / 1e6

    def _keep(self, archive: Path, shipped: bool = False) -> Model:
        return self.archives.keep(
            archive, based_on=fingerprint(), data_hash="", corrections=0, by="", shipped=shipped
        )


@pytest.fixture
def house(tmp_path: Path, model: Path, stocked_copy: Callable[[str, Path], str]) -> Iterator[House]:
    stocked_copy("sqlite", tmp_path / "careline.db")
    (tmp_path / "models").mkdir()
    shutil.copy(model, tmp_path / "models")
    with running(tmp_path / "careline.db", data_dir=tmp_path) as product:
        yield House(product.url, product.process, tmp_path, model)


def test_no_turn_is_lost_and_no_memory_while_models_take_over(house: House):
    sizes = [house.megabytes]
    stopping = threading.Event()
    visitors = [Visitor(house.url, stopping) for _ in range(VISITORS)]
    for visitor in visitors:
        visitor.start()
    wait_until(lambda: all(len(visitor.subjects) > 2 for visitor in visitors), SECONDS)
    house.promote()
    then = [len(visitor.subjects) for visitor in visitors]
    wait_until(lambda: all(len(v.subjects) > n + 3 for v, n in zip(visitors, then)), SECONDS)
    house.roll_back()
    then = [len(visitor.subjects) for visitor in visitors]
    wait_until(lambda: all(len(v.subjects) > n + 3 for v, n in zip(visitors, then)), SECONDS)
    stopping.set()
    for visitor in visitors:
        visitor.join(SECONDS)
    print("slowest reply", max(visitor.slowest for visitor in visitors))
    for visitor in visitors:
        assert visitor.problem is None
        assert set(visitor.statuses) == {200}
        # The old model, then the new, then the old again: never back and forth.
        assert phases(visitor.subjects) == [*SWAPPED, SWAPPED[0]]
        assert visitor.stored() == (len(visitor.statuses),) * 2
    for _ in range(2):
        house.promote()
        house.roll_back()
        time.sleep(3)
        sizes.append(house.megabytes)
    print("megabytes", [round(size) for size in sizes])
    assert sizes[-1] - sizes[1] < MEGABYTES_THAT_COME_AND_GO, "four more times a model took over"
    assert sizes[-1] - sizes[0] < MOST_MEGABYTES, "since the server began"


def phases(subjects: list[str]) -> list[str]:
    """The subjects without repetitions."""
    return [each for before, each in zip(["", *subjects], subjects) if before != each]
