"""A whole run of the real server: no visitor's word in any output, no connection to anybody else.

One server is started for all of these tests, hears every route and every mistake that a client can
make, forgets, and is stopped; then what it wrote and whom it called is looked at.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.paths import ROOT
from tests.server.guarded_server import ELSEWHERE, OPEN

MARKER = "quokkaphobia"
ADDRESS = "203.0.113.77"
REST_TOKEN = "a-secret-of-the-clinic"
READY = re.compile(r"Careline is ready: (http://127\.0\.0\.1:\d+)/")
START_SECONDS = 120

SAID = [
    f"What are the symptoms of {MARKER}?",
    f"/{MARKER}",
    f'/privacy{{"wish": "{MARKER}"}}',
    f"{MARKER} " * 100,
    f"my {MARKER} hurts, can I take 20 mg? and how do I book a visit?",
    f"I can't pee and my legs are numb since {MARKER}",
    f"hola, tengo {MARKER} y me duele mucho la espalda",
    f"call me at 215-555-0123, {MARKER}",
    f"get rid of what I wrote about {MARKER}",
    "no",
]


@dataclass(frozen=True)
class Run:
    """What a run left behind. `stored` is the database's text while the words were still there."""

    output: str
    report: list[str]
    stored: str
    database: bytes
    home: Path
    tokens: list[str]
    statuses: list[int]


@pytest.fixture(scope="module")
def run(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("guarded")
    home = tmp_path_factory.mktemp("home")
    database, output, report = folder / "careline.db", folder / "output", folder / "report"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "REDIS_URL"},
        "HOST": "127.0.0.1",
        "PORT": "0",
        "DATABASE_URL": f"sqlite:///{database}",
        "RATE_LIMITS": "off",
        "REST_CHANNEL_TOKEN": REST_TOKEN,
        "LOG_LEVEL": "DEBUG",
        "LOG_LEVEL_LIBRARIES": "DEBUG",
        "HOME": str(home),
        "TMPDIR": str(home),
        "RASA_TELEMETRY_ENABLED": "true",
    }
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.server.guarded_server", str(report)],
            cwd=ROOT,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        visit = Visit(address_of(process, output), database)
        visit.everything()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    finally:
        process.kill()
        process.wait()
    on_disk = b"".join(path.read_bytes() for path in folder.glob("careline.db*"))
    written = output.read_text(encoding="utf-8", errors="replace")
    lines = report.read_text(encoding="utf-8").splitlines()
    return Run(written, lines, visit.stored, on_disk, home, visit.tokens, visit.statuses)


def address_of(process: subprocess.Popen[bytes], output: Path) -> str:
    for _ in range(START_SECONDS * 10):
        if found := READY.search(output.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        if process.poll() is not None:
            break
        try:
            process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError(output.read_text(encoding="utf-8", errors="replace")[-3_000:])


class Visit:
    """A visitor who says the marker in every way there is."""

    def __init__(self, url: str, database: Path):
        self._client = httpx.Client(
            base_url=url,
            headers={"X-Forwarded-For": ADDRESS, "User-Agent": MARKER, "Referer": MARKER},
            timeout=60,
        )
        self._database = database
        self._address = ("127.0.0.1", int(url.rpartition(":")[2]))
        self.tokens: list[str] = []
        self.statuses: list[int] = []
        self.stored = ""

    def everything(self) -> None:
        with self._client:
            headers = self.begin()
            self.talk(headers)
            self.mistakes(headers)
            self.rest_channel()
            self.broken_database(headers)
            self.broken_requests()
            self.stored = self.dump()
            other = self.begin()
            self.call("POST", "messages", headers=other, json={"text": MARKER})
            self.call("DELETE", "session", headers=other)
            self.wish(self.begin())
            self.call("POST", "messages", headers=headers, json={"text": "Forget me!"})
            self.rest({"sender": MARKER, "message": "delete my chat"})

    def call(self, method: str, path: str, clinic: str = "temple", **more: object):
        response = self._client.request(method, f"/api/{clinic}/{path}", **more)
        self.statuses.append(response.status_code)
        return response

    def begin(self) -> dict[str, str]:
        token = self.call("POST", "sessions", params={"from": MARKER}).json()["token"]
        self.tokens.append(token)
        return {"Authorization": f"Bearer {token}"}

    def talk(self, headers: dict[str, str]) -> None:
        for text in SAID:
            reply = self.call("POST", "messages", headers=headers, json={"text": text})
            assert reply.status_code == 200, reply.text
        message = reply.json()["messages"][0]
        opinion = {"message_id": message["id"], "helpful": False, "comment": f"{MARKER} again"}
        self.call("POST", "feedback", headers=headers, json=opinion)
        if message["buttons"]:
            choice = {"choice": message["buttons"][0]["id"]}
            self.call("POST", "messages", headers=headers, json=choice)
        self.call("GET", "messages", headers=headers)
        self.call("GET", "status", params={"q": MARKER})
        for path in ("/", "/demo/temple", "/widget.js", "/health"):
            self._client.get(path, params={"q": MARKER})

    def wish(self, headers: dict[str, str]) -> None:
        """A wish that is less than clear is asked back; a yes to that is clear."""
        said = [f"please get rid of what I wrote about {MARKER}", "yes"]
        replies = [
            self.call("POST", "messages", headers=headers, json={"text": text}).json()
            for text in said
        ]
        details = [reply["messages"][-1]["detail"] for reply in replies]
        assert details == ["forget", "forgotten"]
        assert len(self.call("GET", "messages", headers=headers).json()["messages"]) == 1

    def mistakes(self, headers: dict[str, str]) -> None:
        json_type = {**headers, "Content-Type": "application/json"}
        for body in (
            MARKER.encode(),
            f'{{"text": "{MARKER}", "choice": "x"}}'.encode(),
            f'{{"text": ["{MARKER}"]}}'.encode(),
            f'{{"text": "{MARKER} \\ud800"}}'.encode(),
            b'{"text": "\xff' + MARKER.encode() + b'"}',
            b'{"text": "' + MARKER.encode() * 200 + b'"}',
            b"[" * 5_000 + MARKER.encode(),
            MARKER.encode() * 2_000,
            f'{{"choice": "{MARKER}"}}'.encode(),
            f'{{"choice": "{MARKER} !"}}'.encode(),
            b'{"text": ""}',
        ):
            reply = self.call("POST", "messages", headers=json_type, content=body)
            assert 400 <= reply.status_code < 500
        self.call("POST", "messages", headers=headers, content=MARKER)
        opinion = {"message_id": MARKER, "helpful": True, "comment": MARKER}
        self.call("POST", "feedback", headers=headers, json=opinion)
        self.call("POST", "messages", headers={"Authorization": f"Bearer {MARKER}"}, json={})
        self.call("POST", "messages", clinic=MARKER, headers=headers, json={"text": MARKER})
        self.call("PUT", "messages", headers=headers, json={"text": MARKER})
        self._client.get(f"/{MARKER}/{MARKER}?{MARKER}")

    def rest(self, body: object, token: str = REST_TOKEN) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        reply = self._client.post("/webhooks/rest/webhook", json=body, headers=headers)
        self.statuses.append(reply.status_code)

    def rest_channel(self) -> None:
        self.rest({"sender": MARKER, "message": f"hello {MARKER}"})
        self.rest({"sender": MARKER, "message": MARKER, "metadata": MARKER})
        self.rest({"sender": MARKER, "message": MARKER}, token=MARKER)

    def broken_database(self, headers: dict[str, str]) -> None:
        for one, other in (("messages", "elsewhere"), ("elsewhere", "messages")):
            with closing(sqlite3.connect(self._database, timeout=30)) as connection:
                connection.execute(f"ALTER TABLE {one} RENAME TO {other}")
                connection.commit()
            reply = self.call("POST", "messages", headers=headers, json={"text": MARKER})
            self.call("GET", "messages", headers=headers)
        assert reply.status_code == 200
        assert {500, 503} & set(self.statuses)

    def broken_requests(self) -> None:
        for raw in (
            f"\x16\x03\x01 {MARKER}\r\n\r\n".encode(),
            f"GET /{MARKER} HTTP/9.9\r\n\r\n".encode(),
            f"POST /api/temple/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n{MARKER}"
            "".encode(),
        ):
            with socket.create_connection(self._address, timeout=10) as connection:
                connection.sendall(raw)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1_000)

    def dump(self) -> str:
        with closing(sqlite3.connect(self._database)) as connection:
            return "\n".join(connection.iterdump())


def test_the_words_were_heard(run: Run):
    assert run.stored.lower().count(MARKER) > len(SAID)
    assert {200, 201, 204, 400, 401, 404, 405, 413, 415, 422} <= set(run.statuses)


def test_all_levels_were_open(run: Run):
    assert f"DEBUG bot.tests: {OPEN}" in run.output
    assert f"WARNING sqlalchemy.engine: {OPEN}" in run.output


def test_no_word_of_a_visitor_is_in_any_output(run: Run):
    found = [line for line in run.output.splitlines() if MARKER in line.lower()]
    assert found == []


def test_neither_tokens_nor_addresses_are_in_any_output(run: Run):
    assert [token for token in (*run.tokens, REST_TOKEN) if token in run.output] == []
    assert ADDRESS not in run.output
    assert run.output.count("127.0.0.1") == 1, "the line that says where to click"


def test_no_connection_leaves_this_machine(run: Run):
    assert "served" in run.report
    called = [line for line in run.report[: run.report.index("served")] if line]
    assert called == []
    assert f"socket.connect {ELSEWHERE}" in run.report, "the guard was awake"


def test_telemetry_is_off_whatever_the_environment_says(run: Run):
    assert "telemetry false" in run.report
    assert not list(run.home.rglob("*rasa*"))


def test_nothing_is_written_beside_the_database(run: Run):
    words = [
        path
        for path in run.home.rglob("*")
        if path.is_file() and MARKER.encode() in path.read_bytes().lower()
    ]
    assert words == []


def test_no_address_is_stored_with_a_chat(run: Run):
    assert ADDRESS not in run.stored
    assert "127.0.0.1" not in run.stored


def test_what_was_forgotten_is_gone_from_the_bytes_of_the_database(run: Run):
    assert MARKER.encode() not in run.database.lower()
