"""No word of a visitor reaches a log, and a turn speaks to nobody outside of this machine."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Callable
from typing import Any

import pytest

from bot.conversations.model import Button
from bot.errors import StoreUnavailable
from tests.conversations.wordings import broken_at
from tests.engine.stage import Stage

MARKER = "zebraphobia"
QUESTIONS = [
    f"What are the symptoms of {MARKER}?",
    f"/{MARKER}",
    f'/inform{{"treatment": "{MARKER}"}}',
    f"{MARKER} " * 40,
    f"my {MARKER} hurts, can I take 20 mg?",
    f"hola, tengo {MARKER} y me duele la espalda",
]


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


@pytest.fixture
def nothing_private(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]):
    """Looks through all that was logged or printed, as it would be written with its traceback."""

    def check() -> str:
        formatter = logging.Formatter("%(name)s %(message)s")
        lines = [formatter.format(record) for record in caplog.records]
        lines += [str(record.__dict__) for record in caplog.records]
        logged = "\n".join([*lines, *capfd.readouterr()])
        assert MARKER not in logged.lower()
        return logged

    return check


async def test_no_word_of_a_visitor_is_logged_at_any_level(
    real: Stage, nothing_private: Callable[[], str]
):
    conversation = real.begin()
    for question in QUESTIONS:
        [reply] = await real.engine.answer(conversation, question)
        assert reply.text not in nothing_private()
    await real.engine.choose(conversation, Button("b", f"About {MARKER}", "symptoms"))
    assert len(real.said(conversation)) == 2 * len(QUESTIONS) + 2
    nothing_private()


async def test_reading_a_conversation_logs_nothing_of_it(
    fake: Stage, nothing_private: Callable[[], str]
):
    conversation = fake.begin()
    [reply] = await fake.engine.answer(conversation, MARKER)
    fake.log.add_feedback(conversation.id, reply.id, False, MARKER)
    assert MARKER in str(fake.said(conversation))
    fake.log.delete(conversation.id)
    nothing_private()


async def test_an_action_that_raises_with_a_visitor_s_words_logs_its_class_only(
    real: Stage, nothing_private: Callable[[], str], monkeypatch: pytest.MonkeyPatch
):
    class UnusualError(Exception):
        pass

    def fail(*_: object) -> None:
        try:
            raise ValueError(f"inner {MARKER}")
        except ValueError as cause:
            raise UnusualError(f"{MARKER} is what they said") from cause

    monkeypatch.setattr("actions.base.render", fail)
    conversation = real.begin()
    [reply] = await real.engine.answer(conversation, f"What are the symptoms of {MARKER}?")
    assert "Something went wrong." in reply.text
    assert "UnusualError" in nothing_private()


async def test_a_store_that_fails_logs_no_word_either(
    fake: Stage, nothing_private: Callable[[], str]
):
    conversation = fake.begin()
    with broken_at(fake.database, "INSERT INTO messages"), pytest.raises(RuntimeError):
        await fake.engine.answer(conversation, MARKER)
    assert "RuntimeError" in nothing_private()


async def test_an_error_of_the_database_does_not_quote_what_was_to_be_stored(fake: Stage):
    import sqlalchemy as sa

    conversation = fake.begin()
    with fake.database.connect() as connection:
        connection.execute(sa.text("ALTER TABLE messages RENAME TO elsewhere"))
        connection.commit()
    with pytest.raises((StoreUnavailable, sa.exc.SQLAlchemyError)) as caught:
        await fake.engine.answer(conversation, MARKER)
    error: BaseException | None = caught.value
    while error is not None:
        assert MARKER not in str(error)
        error = error.__cause__ or error.__context__


async def test_a_turn_speaks_to_nobody_outside_of_this_machine(
    real: Stage, monkeypatch: pytest.MonkeyPatch
):
    called: list[str] = []

    def guarded(name: str) -> None:
        original = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_here(address[0]):
                called.append(str(address))
            return original(self, address)

        monkeypatch.setattr(socket.socket, name, connect)

    def looked_up(host: Any, *_: Any, **__: Any) -> Any:
        called.append(str(host))
        raise OSError("no names are looked up during a turn")

    for name in ("connect", "connect_ex"):
        guarded(name)
    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    conversation = real.begin()
    for question in QUESTIONS:
        await real.engine.answer(conversation, question)
    assert called == []


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
