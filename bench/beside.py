"""Measures how much longer visitors wait while staff search and download everything.

`python -m bench.beside DATABASE` takes an SQLite file of a long history, such as `python -m
bench.review` leaves in `build/bench/review/`, and works on a copy of it. Turns alone and turns
beside the staff's work take each other's place, so that the machine's moods hit both.
"""

from __future__ import annotations

import http.client
import multiprocessing
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

import typer

from bench.client import RestClient
from bench.processes import Command, Running, free_port
from bot.paths import ROOT

NAME = "bench"
ROUNDS = 4
SECONDS_TO_BEGIN = 2.0
QUESTIONS = ("what is fbss?", "how is it treated?", "can scar tissue hurt", "can i book a visit")
SEARCHES = ("pain", "scar tissue", "nerve pain surgery", "stimul")


@dataclass
class Staff:
    """A browser at the staff door. It keeps its cookies by hand: they are for TLS only."""

    port: int
    cookie: str = ""
    csrf: str = ""

    def sign_in(self, password: str) -> None:
        response = self._send("POST", "/staff/sign-in", name=NAME, password=password)
        response.read()
        cookies = [value for key, value in response.getheaders() if key.lower() == "set-cookie"]
        self.cookie = "; ".join(cookie.split(";")[0] for cookie in cookies)
        page = self._send("GET", "/staff/conversations").read().decode()
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        assert found, "the sign-in failed"
        self.csrf = found[1]

    def search(self) -> None:
        """Look for words, one search after the other, for good."""
        while True:
            for words in SEARCHES:
                self._send("GET", f"/staff/conversations?{urlencode({'words': words})}").read()

    def download(self) -> None:
        """Take every message along, over and over."""
        while True:
            form = {"rows": "messages", "as": "csv"}
            response = self._send("POST", "/staff/conversations/export", **form)
            while response.read(65_536):
                pass

    def _send(self, method: str, path: str, **form: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, urlencode({"csrf": self.csrf, **form}), headers)
        response = connection.getresponse()
        assert response.status < http.client.BAD_REQUEST, (path, response.status)
        return response


@contextmanager
def at_work(staff: Staff) -> Iterator[None]:
    """One searches and one downloads, in processes of their own: only the server's time counts."""
    processes = multiprocessing.get_context("spawn")
    both = [processes.Process(target=work, daemon=True) for work in (staff.search, staff.download)]
    for each in both:
        each.start()
    time.sleep(SECONDS_TO_BEGIN)
    try:
        yield
        assert all(each.is_alive() for each in both), "the staff's work failed"
    finally:
        for each in both:
            each.terminate()
            each.join()


def turns(client: RestClient, count: int) -> list[float]:
    """Milliseconds of so many turns of one visitor."""
    took = []
    for number in range(count):
        turn = client.say(f"visitor-{number % 7}", QUESTIONS[number % len(QUESTIONS)])
        assert turn.answered
        took.append(turn.milliseconds)
    return took


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def main(
    database: Annotated[Path, typer.Argument(help="SQLite file with a long history.")],
    count: Annotated[int, typer.Option("--turns", help="Turns measured on either side.")] = 400,
) -> None:
    """Measure how much longer visitors wait while staff search and download everything."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "careline.db"
        shutil.copy(database, copy)
        password, token, port = secrets.token_urlsafe(), secrets.token_urlsafe(), free_port()
        environment = {
            "DATABASE_URL": f"sqlite:///{copy}",
            "PORT": str(port),
            "REST_CHANNEL_TOKEN": token,
            "RATE_LIMITS": "off",
        }
        cli = [sys.executable, "-m", "bot.cli"]
        command = Command([*cli, "serve"], ROOT, environment, Path(folder) / "server.log")
        server = Running([command], port, token)
        try:
            server.wait_ready()
            add = ["staff", "add", NAME, "--display-name", "Bench", "--clinic", "all"]
            subprocess.run(
                [*cli, *add, "--role", "admin", "--password-stdin"],
                env={**os.environ, **environment},
                cwd=ROOT,
                input=password,
                text=True,
                check=True,
            )
            _compare(server.client(), Staff(port), password, count)
        finally:
            server.stop()


def _compare(client: RestClient, staff: Staff, password: str, count: int) -> None:
    staff.sign_in(password)
    turns(client, 50)  # the first ones warm up
    alone: list[float] = []
    beside: list[float] = []
    for _ in range(ROUNDS):
        alone += turns(client, count // ROUNDS)
        with at_work(staff):
            beside += turns(client, count // ROUNDS)
    for name, values in (("alone", alone), ("beside", beside)):
        typer.echo(f"{name}: p50 {statistics.median(values):.1f} ms, p95 {p95(values):.1f} ms")
    typer.echo(f"p95 beside : alone = {p95(beside) / p95(alone):.2f}")


if __name__ == "__main__":
    typer.run(main)
