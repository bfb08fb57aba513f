"""The server as a process of its own, over real sockets."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.commands.serve import check_data_dir, listening_socket
from bot.errors import SetupError
from bot.paths import ROOT

STARTED = re.compile(r"Careline is ready: (http://127\.0\.0\.1:\d+)/")


@dataclass
class Running:
    url: str
    process: subprocess.Popen[str]
    lines: list[str]
    reader: threading.Thread

    def stop(self, number: int = signal.SIGINT) -> str:
        """Stop it; returns everything that it logged."""
        self.process.send_signal(number)
        self.process.wait(timeout=20)
        self.reader.join(timeout=20)
        return "".join(self.lines)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.server.stub_server", str(tmp_path)],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    lines: list[str] = []
    for line in process.stderr:
        lines.append(line)
        if found := STARTED.search(line):
            break
    else:
        pytest.fail("".join(lines))
    reader = threading.Thread(target=lines.extend, args=(process.stderr,))
    reader.start()
    yield Running(found[1], process, lines, reader)
    process.kill()
    process.wait()
    reader.join()
    process.stderr.close()


def test_a_conversation_over_real_http(running: Running):
    with httpx.Client(base_url=running.url) as client:
        assert client.get("/health").json()["status"] == "ok"
        token = client.post("/api/temple/sessions").json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        path = "/api/temple/messages"
        reply = client.post(path, json={"text": "what is fbss"}, headers=headers).json()
        button = reply["messages"][0]["buttons"][0]["id"]
        assert client.post(path, json={"choice": button}, headers=headers).status_code == 200
        assert len(client.get(path, headers=headers).json()["messages"]) == 5
        assert client.get("/").status_code == 200
        assert "server" not in client.get("/").headers
    assert "Stopped." in running.stop()
    assert running.process.returncode == 0


def test_neither_words_nor_addresses_of_visitors_are_logged(running: Running):
    with httpx.Client(base_url=running.url) as client:
        token = client.post("/api/temple/sessions").json()["token"]
        headers = {"Authorization": f"Bearer {token}"}
        for text in ("sensitive question", "sensitive, please fail"):
            client.post("/api/temple/messages", json={"text": text}, headers=headers)
        client.get("/sensitive/path?sensitive=query")
    logged = running.stop()
    assert "RuntimeError" in logged
    assert "a line of our own" in logged
    assert "sensitive" not in logged
    assert token not in logged
    assert logged.count("127.0.0.1") == 1  # the line that says where to click


def test_a_request_that_is_no_http_does_not_stop_the_server(running: Running):
    host, port = running.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as raw:
        raw.sendall(b"\x16\x03\x01 sensitive\r\n\r\n")
        raw.recv(1_000)
    assert httpx.get(running.url + "/health").status_code == 200
    assert "sensitive" not in running.stop()


def test_sigterm_ends_the_server(running: Running):
    running.stop(signal.SIGTERM)
    assert running.process.returncode in (0, -signal.SIGTERM)


def test_a_taken_port_is_told_in_one_sentence():
    with listening_socket("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with pytest.raises(SetupError, match=f"Port {port} is taken.*PORT={port + 1}"):
            listening_socket("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port"),
    [("127.0.0.1", 70_000), ("no such host", 8000), ("203.0.113.9", 0), ("x" * 80, 1)],
)
def test_an_address_that_is_none_is_told_by_its_settings(host: str, port: int):
    with pytest.raises(SetupError, match="HOST=.*PORT="):
        listening_socket(host, port)


def test_a_port_that_needs_rights_is_told(monkeypatch: pytest.MonkeyPatch):
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refused)
    with pytest.raises(SetupError, match="special rights"):
        listening_socket("127.0.0.1", 80)


def test_a_data_folder_is_made(tmp_path: Path):
    check_data_dir(tmp_path / "one" / "two")
    assert (tmp_path / "one" / "two").is_dir()


def test_a_data_folder_that_cannot_be_made_is_told(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="DATA_DIR=.*cannot be made"):
        check_data_dir(tmp_path / "file" / "folder")


def test_a_data_folder_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("os.access", lambda *_: False)  # root may write everywhere
    with pytest.raises(SetupError, match="DATA_DIR=.*cannot be written"):
        check_data_dir(tmp_path)
