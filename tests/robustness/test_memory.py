"""What was freed goes back to the system."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import pytest

from bot import memory
from bot.paths import ROOT

FILL_AND_FREE = """
import sys
from bot import memory

def resident():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

memory.keep_little()
kept = [[bytes(3_000) for _ in range(40)] for _ in range(400)]  # smaller ones are Python's own
for group in kept:
    del group[1:]  # what stays is in between
full = resident()
memory.give_back()
print((full - resident()) // 1_000_000)
"""


def test_what_is_free_among_what_stays_is_given_back():
    command = [sys.executable, "-c", FILL_AND_FREE]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) > 30  # of 48 MB


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda name: SimpleNamespace())
    memory.keep_little()
    memory.give_back()
