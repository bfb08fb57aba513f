"""The staff door's process: requests are handed on as they came, and it is kept open."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection

import httpx
import psutil
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from bot import staff_door
from bot.staff_door import StaffDoor

STUB = "tests.server.stub_staff"


@pytest.fixture(scope="module")
def door() -> Iterator[str]:
    """The address of a server whose staff door is the stub."""
    with pytest.MonkeyPatch.context() as patch, StaffDoor(STUB) as staff:
        patch.setattr(staff_door, "AGAIN_SECONDS", (0.0,))
        staff.open()
        app = Starlette(routes=[Mount("/staff", staff)])
        options = {"log_config": None, "lifespan": "off", "ws": "none", "proxy_headers": False}
        server = uvicorn.Server(uvicorn.Config(app, port=0, **options))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        host, port = server.servers[0].sockets[0].getsockname()
        yield f"http://{host}:{port}"
        server.should_exit = server.force_exit = True
        thread.join()


def test_a_request_arrives_as_it_was_sent(door: str):
    told = httpx.post(f"{door}/staff/a%2Fb%20c/?q=%C3%A4&q=2", content=b"some words" * 9).json()
    assert told["method"] == "POST"
    assert told["path"] == "/staff/a%2Fb%20c/"
    assert told["query"] == "q=%C3%A4&q=2"
    assert told["body"] == "some words" * 9
    assert told["headers"]["host"] == [door.removeprefix("http://")]


def test_a_body_in_pieces_arrives_and_so_does_that_of_a_get(door: str):
    told = httpx.post(f"{door}/staff/x", content=iter([b"one ", b"two"])).json()
    assert told["body"] == "one two"
    told = httpx.request("GET", f"{door}/staff/x", content=b"words").json()
    assert told["body"] == "words"


def test_the_answer_comes_back_as_it_was_given(door: str):
    response = httpx.get(f"{door}/staff/x")
    assert response.status_code == 418
    assert response.headers.get_list("set-cookie") == [
        "one=1; Path=/; SameSite=lax",
        "two=2; Path=/; SameSite=lax",
    ]


def test_one_person_s_cookies_are_not_sent_for_the_next_one(door: str):
    assert httpx.get(f"{door}/staff/x").cookies
    assert "cookie" not in httpx.get(f"{door}/staff/x").json()["headers"]
    told = httpx.get(f"{door}/staff/x", headers={"Cookie": "mine=1"}).json()
    assert told["headers"]["cookie"] == ["mine=1"]


def test_who_asks_is_told_by_us_and_not_by_the_client(door: str):
    spoofed = {"X-Forwarded-For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "TE": "gzip"}
    told = httpx.get(f"{door}/staff/x", headers=spoofed).json()
    assert told["client"] == "127.0.0.1"
    assert "203.0.113.9" not in str(told)
    assert "te" not in told["headers"]


def test_an_answer_is_handed_on_while_it_is_made_and_ends_with_its_reader(door: str):
    connection = HTTPConnection(door.removeprefix("http://"))
    connection.request("GET", "/staff/drip")
    assert connection.getresponse().read(8) == b"dropdrop"
    process = psutil.Process(httpx.get(f"{door}/staff/x").json()["process"])
    open_before = len(process.net_connections("unix"))
    connection.close()
    _until(lambda: len(process.net_connections("unix")) < open_before)


def test_a_door_that_broke_down_is_opened_again(door: str):
    before = httpx.get(f"{door}/staff/x").json()["process"]
    broken = httpx.get(f"{door}/staff/break")
    assert broken.status_code == 503
    assert "come back by themselves" in broken.text
    after = httpx.get(f"{door}/staff/x", timeout=30)  # waits for the new one
    assert after.status_code == 418
    assert after.json()["process"] != before


def test_it_ends_with_the_context_or_with_whoever_opened_it():
    with StaffDoor(STUB) as staff:
        staff.open()
        _until(lambda: staff._process is not None)
        assert staff._process is not None
        number = staff._process.pid
        assert psutil.pid_exists(number)
    assert not psutil.pid_exists(number)
    with StaffDoor(STUB):
        pass  # never opened


def test_nobody_else_may_reach_it():
    with StaffDoor(STUB) as staff:
        assert os.stat(staff._folder).st_mode & 0o077 == 0


def _until(holds: Callable[[], bool], seconds: float = 20) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)
