"""The engine: one turn at a time a conversation, soon enough, with a reply whatever happens."""

from __future__ import annotations

import asyncio
import logging
import threading
import weakref
from collections.abc import AsyncIterator, Awaitable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.clock import utc_now
from bot.content.live import LiveContent
from bot.conversations.drafts import draft_reply
from bot.conversations.log import ConversationLog
from bot.conversations.model import Button, Conversation, DraftMessage, Message
from bot.engine.loading import free, load, try_out
from bot.engine.safe_reply import safe_reply
from bot.engine.ticket import Ticket
from bot.engine.training import ensure_model
from bot.errors import Gone, TurnOvertaken, Unavailable
from bot.replies.model import Reply
from bot.replies.render import render
from bot.safety.shipped import red_flags
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor
    from bot.engine.rehearsal import Rehearsal

logger = logging.getLogger(__name__)

THREADS = 4
"""Turns under way at once.

A turn is mostly computing, so more threads than cores only help while one waits for the disk.
"""

LOCK_SECONDS = 30
"""A replica that died in the middle of a turn keeps its conversation locked no longer than this."""

REDIS_SECONDS = 1.0
"""A visitor waits no longer for Redis: its lock saves work, the store is what keeps turns apart."""

ORDINARY_TURN_SECONDS = 1.0
"""Nearly all turns that began before another model took over have ended after so long."""

TRIES = 3
"""How often a turn is begun anew when another replica answered the same conversation first."""


class Engine:
    """Answers visitors' messages. Made by `Engine.load`."""

    def __init__(
        self,
        processor: TurnProcessor,
        live: LiveContent,
        log: ConversationLog,
        safe_text: str,
        *,
        turn_seconds: float,
        redis_url: str | None = None,
    ):
        self._processor = processor
        self._live = live
        self._log = log
        self._safe_text = safe_text
        self._turn_seconds = turn_seconds
        self._redis = _redis(redis_url) if redis_url else None
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="turn")
        self._closing = threading.Event()

    @classmethod
    def load(
        cls, settings: Settings, live: LiveContent, log: ConversationLog, model: Path | None = None
    ) -> Engine:
        """Load a model; if none is named, that of the training data (`ensure_model`).

        One that is named is tried at each clinic first, as by `take_over`.
        """
        red_flags()  # a mistake in its files is told before anything takes long
        loaded = load(model or ensure_model(settings), log)
        if model is not None:
            try_out(loaded.processor, live.current.clinics)
        free()
        return cls(
            loaded.processor,
            live,
            log,
            loaded.safe_text,
            turn_seconds=settings.turn_seconds,
            redis_url=settings.redis_url,
        )

    def take_over(self, model: Path) -> None:
        """Let the next turns use another model. Turns under way end with the one they began with.

        Loads it beside the present one and tries it at each clinic first; whatever is raised then,
        the present one stays. Takes seconds: call it in a thread of its own.
        """
        loaded = load(model, self._log)
        try_out(loaded.processor, self._live.current.clinics)
        old = weakref.ref(self._processor)
        self._processor, self._safe_text = loaded.processor, loaded.safe_text
        self._free_when_unused(old)

    def _free_when_unused(self, old: weakref.ref[TurnProcessor]) -> None:
        """Give back the old model's memory once no turn is under way with it."""
        for seconds in (ORDINARY_TURN_SECONDS, self._turn_seconds):
            self._closing.wait(seconds)
            free()
            if old() is None:
                return

    def greet(self, clinic: str) -> Reply:
        """The first message of a conversation at a clinic.

        Raises `NotFound` for an unknown clinic.
        """
        snapshot = self._live.current
        answer = snapshot.answer(clinic, "greeting")
        assert answer is not None, "the import checks that there is a greeting"
        return render(snapshot, answer, clinic, utc_now())

    async def answer(
        self,
        conversation: Conversation,
        text: str,
        *,
        masked: bool = False,
        request_key: str | None = None,
    ) -> list[Message]:
        """Answer a text, already redacted. Returns the bot's messages of the turn, as stored.

        `masked` tells whether redaction masked personal details in the text. A request whose key
        was answered before gets the same messages, and nothing is said again.

        Raises `StoreUnavailable` when the turn could not be stored; anything else that goes wrong
        ends in the safe reply, which is stored too.
        """
        return await self._turn(conversation, text, masked, request_key)

    async def choose(
        self, conversation: Conversation, button: Button, *, request_key: str | None = None
    ) -> list[Message]:
        """Answer a button that was offered; otherwise as `answer`."""
        return await self._turn(conversation, button, False, request_key)

    def understand(self, text: str) -> dict[str, Any]:
        """What a text, already redacted, is taken for, in Rasa's form; nobody is answered."""
        return self._processor.understand(text)

    async def rehearse(self, text: str, clinic: str) -> Rehearsal:
        """How a text, already redacted, would be understood and answered; nothing is stored.

        Any error of any step is raised.
        """
        from bot.engine.rehearsal import rehearse  # importing Rasa takes seconds

        return await rehearse(self._processor, text, clinic)

    async def close(self) -> None:
        """Let turns under way end, and free the threads."""
        self._closing.set()
        self._threads.shutdown(wait=True)
        if self._redis is not None:
            await self._redis.close(close_connection_pool=True)

    async def _turn(
        self,
        conversation: Conversation,
        said: str | Button,
        masked: bool,
        request_key: str | None,
    ) -> list[Message]:
        async with self._one_at_a_time(conversation.id):
            for _ in range(TRIES):
                if request_key and (again := await self._replied(conversation.id, request_key)):
                    return again
                try:
                    stored = await self._within_time(conversation, said, masked, request_key)
                    break
                except TurnOvertaken:
                    continue
            else:
                raise TurnOvertaken(
                    "This conversation is being answered elsewhere. Please try again."
                )
        return [message for message in stored if message.sender == "bot"]

    async def _replied(self, conversation_id: str, request_key: str) -> list[Message] | None:
        """The reply to a request that came before, maybe while its first copy was answered."""
        return await asyncio.to_thread(self._log.replied, conversation_id, request_key)

    async def _within_time(
        self, conversation: Conversation, said: str | Button, masked: bool, request_key: str | None
    ) -> list[Message]:
        ticket = Ticket(request_key)
        try:
            return await self._begin(conversation.id, said, masked, ticket)
        except (Unavailable, Gone):  # of the store; the visitor is told why
            raise
        except Exception as error:  # noqa: BLE001  whatever went wrong, the visitor gets a reply
            logger.error("A turn failed: %s", type(error).__name__)
            # In a thread of its own: turns that hang may hold all of the others.
            return await asyncio.to_thread(self._fail, conversation, said, ticket)

    async def _begin(
        self, conversation_id: str, said: str | Button, masked: bool, ticket: Ticket
    ) -> list[Message]:
        """The turn's messages.

        Raises `asyncio.TimeoutError` when it takes too long; then it will not be stored any more.
        """

        def turn() -> list[Message]:
            processor = self._processor  # one for the whole turn, whatever takes over meanwhile
            return asyncio.run(processor.turn(conversation_id, said, ticket, masked=masked))

        running = asyncio.get_running_loop().run_in_executor(self._threads, turn)
        try:
            done, _ = await asyncio.wait({running}, timeout=self._turn_seconds)
            if not done and ticket.take():
                raise asyncio.TimeoutError
            return await running  # ended, or about to: it is being stored
        finally:
            running.cancel()  # an error that nobody waits for would be logged with its text

    def _fail(
        self, conversation: Conversation, said: str | Button, ticket: Ticket
    ) -> list[Message]:
        """Store the safe reply as this turn's."""
        text = said.title if isinstance(said, Button) else said
        flag = red_flags().of(text)
        reply = safe_reply(self._live.current, self._safe_text, conversation.clinic, flag)
        state = self._log.state(conversation.id)
        return self._log.save_turn(
            conversation.id,
            (state.turns if state else 0) + 1,
            [DraftMessage("visitor", text), draft_reply(reply)],
            events=(),
            slots=state.slots if state else {},
            failed=True,
            request_key=ticket.request_key,
            milliseconds=ticket.milliseconds,
        )

    @asynccontextmanager
    async def _one_at_a_time(self, conversation_id: str) -> AsyncIterator[None]:
        """Hold a conversation for one turn: here, and with Redis on all replicas."""
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        async with lock:
            if self._redis is None:
                yield
                return
            shared = self._redis.lock(
                f"careline:turn:{conversation_id}", LOCK_SECONDS, blocking_timeout=LOCK_SECONDS
            )
            held = await _without_redis_errors(shared.acquire())
            try:
                yield
            finally:
                if held:
                    await _without_redis_errors(shared.release())


def _redis(url: str) -> Redis:
    """A client that does not wait for a server which is not there."""
    return Redis.from_url(url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS)


async def _without_redis_errors(step: Awaitable[bool | None]) -> bool:
    """Whether a step with the shared lock worked.

    Without the lock replicas may begin the same turn, but the store lets only one of them end it.
    """
    try:
        return bool(await step)
    except (RedisError, OSError) as error:
        logger.warning("%s: turns are held apart by the store alone", type(error).__name__)
        return False
