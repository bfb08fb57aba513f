"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Machine:
    """`cores` are those this process may use."""

    cpu: str
    cores: int
    memory_gb: float
    system: str
    python: str
    rasa: str


def this_machine() -> Machine:
    """The machine that this runs on."""
    import psutil

    return Machine(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)),
        memory_gb=psutil.virtual_memory().total / GIGABYTE,
        system=platform.platform(),
        python=platform.python_version(),
        rasa=version("rasa"),
    )


def _cpu() -> str:
    lines = CPU_INFO.read_text(encoding="utf-8").splitlines() if CPU_INFO.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
