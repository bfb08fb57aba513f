"""Real processes: that they are found ready, measured, and never left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bench.fleet import Fleet
from bench.processes import Command, Running, ended_by_signals, free_port
from bench.sides import Training
from bot.errors import SetupError
from bot.paths import ROOT

CHILD_TOO = (
    "import subprocess, sys, time;"
    "c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "print(c.pid, flush=True); time.sleep(60)"
)


def python(tmp_path: Path, *arguments: str, name: str = "side", **environment: str) -> Command:
    return Command([sys.executable, *arguments], ROOT, environment, tmp_path / f"{name}.log")


def gone(pid):
    """Whether a process ends; one that was told to may take a moment."""
    for _ in range(250):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


class ServerSide:
    """A side whose server is the tests' own."""

    def __init__(self, tmp_path: Path, name: str = "ours", trained: bool = True):
        self.name = name
        self.trained = trained
        self.tmp_path = tmp_path

    def train(self) -> Training:
        return Training(1.0, "now")

    def is_trained(self) -> bool:
        return self.trained

    def start(self) -> Running:
        port = free_port()
        command = python(self.tmp_path, "-m", "tests.bench.server", str(port), name=self.name)
        return Running([command], port, None)


def test_seconds_to_ready_end_with_the_first_answer(tmp_path):
    running = ServerSide(tmp_path).start()
    try:
        seconds = running.wait_ready()
        assert 0.02 < seconds < 30
        client = running.client()
        assert client.say("visitor", "hello").answered
        client.close()
        assert running.memory_bytes() > 1_000_000
    finally:
        running.stop()


def test_a_process_that_ends_before_it_answers_is_named_with_its_log(tmp_path):
    command = python(tmp_path, "-c", "raise SystemExit(3)", name="stock-run")
    running = Running([command], free_port(), None)
    try:
        with pytest.raises(SetupError, match=r"stock-run ended \(exit code 3\); see .*\.log"):
            running.wait_ready()
    finally:
        running.stop()


def test_a_side_that_never_answers_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr("bench.processes.READY_SECONDS", 0.1)
    running = Running([python(tmp_path, "-c", "import time; time.sleep(60)")], free_port(), None)
    try:
        with pytest.raises(SetupError, match="No answer after"):
            running.wait_ready()
    finally:
        running.stop()


def test_children_of_a_process_end_with_it_and_count_in_its_memory(tmp_path):
    command = python(tmp_path, "-c", CHILD_TOO)
    running = Running([command], free_port(), None)
    try:
        while not command.log.read_text().strip():
            time.sleep(0.02)
        child = int(command.log.read_text())
        both = running.memory_bytes()
        assert both > psutil.Process(child).memory_full_info().pss
    finally:
        running.stop()
    assert gone(child)


def test_a_process_that_ignores_the_request_to_end_is_forced(tmp_path, monkeypatch):
    monkeypatch.setattr("bench.processes.STOP_SECONDS", 0.3)
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "print('up', flush=True); time.sleep(60)"
    )
    command = python(tmp_path, "-c", stubborn)
    running = Running([command], free_port(), None)
    while not command.log.read_text():
        time.sleep(0.02)
    (process,) = [p for p in psutil.Process().children() if stubborn in p.cmdline()]
    running.stop()
    assert gone(process.pid)


def test_a_command_is_run_to_its_end_and_a_failure_is_said(tmp_path):
    assert python(tmp_path, "-c", "pass").run() > 0
    with pytest.raises(SetupError, match="side failed .exit code 2.; see"):
        python(tmp_path, "-c", "raise SystemExit(2)").run()


def test_telemetry_is_off_in_every_process(tmp_path):
    command = python(
        tmp_path,
        "-c",
        "import os; print(os.environ['RASA_TELEMETRY_ENABLED'], os.environ['PORT'])",
        PORT="1",
    )
    command.run()
    assert command.log.read_text().split() == ["false", "1"]


def test_a_fleet_starts_each_side_once_and_leaves_none(tmp_path):
    sides = [ServerSide(tmp_path, "ours"), ServerSide(tmp_path, "stock")]
    with Fleet(sides) as fleet:
        ports = {name: running.port for name, running in fleet.running().items()}
        assert set(fleet.clients()) == {"ours", "stock"}
        assert {name: r.port for name, r in fleet.running().items()} == ports
        assert fleet.time_start(sides[0]) > 0
        pids = [p.pid for p in psutil.Process().children() if "tests.bench.server" in p.cmdline()]
        assert pids == []
        fleet.running()
        pids = [p.pid for p in psutil.Process().children() if "tests.bench.server" in p.cmdline()]
        assert len(pids) == 2
    assert all(gone(pid) for pid in pids)


def test_a_side_without_a_model_is_not_started(tmp_path):
    with (
        Fleet([ServerSide(tmp_path, trained=False)]) as fleet,
        pytest.raises(SetupError, match="step `train` first"),
    ):
        fleet.running()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_no_process_is_left_when_the_benchmark_is_broken_off(tmp_path, how):
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from bench.fleet import Fleet\n"
        "from bench.processes import ended_by_signals\n"
        "from tests.bench.test_processes import ServerSide\n"
        f"with ended_by_signals(), Fleet([ServerSide(Path({str(tmp_path)!r}))]) as fleet:\n"
        "    fleet.running()\n"
        "    print(fleet.running()['ours']._processes[0][1].pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.send_signal(how)
    process.wait(30)
    process.stdout.close()
    assert process.returncode != 0
    assert gone(child)


def test_the_old_way_of_ending_is_put_back():
    before = signal.getsignal(signal.SIGTERM)
    with ended_by_signals(), pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before
