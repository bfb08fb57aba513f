"""Staff cannot hold up visitors: the console has threads of its own."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest

from bot.console.app import THREADS
from bot.console.cookies import SESSION
from tests.console.stage import ADDRESS, Stage


async def test_visitors_are_answered_while_staff_wait_for_something_slow(
    console: Stage, monkeypatch: pytest.MonkeyPatch
):
    staff = console.signed_in(temple="admin")
    going_on, begun = threading.Event(), threading.Semaphore(0)

    def slow(*given: object) -> tuple[()]:
        begun.release()
        assert going_on.wait(30)
        return ()

    monkeypatch.setattr(type(console.parts.people), "all", slow)
    transport = httpx.ASGITransport(console.app)
    cookies = {SESSION: staff.token}
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, cookies=cookies) as client:
        waiting = [asyncio.create_task(client.get("/staff/people")) for _ in range(60)]
        try:
            for _ in range(THREADS):
                await asyncio.to_thread(begun.acquire, timeout=20)
            answered = await asyncio.wait_for(client.get("/health"), 10)
            assert answered.status_code == 200
            assert not begun.acquire(blocking=False)
        finally:
            going_on.set()
        pages = await asyncio.gather(*waiting)
    assert {page.status_code for page in pages} == {200}
