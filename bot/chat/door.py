"""What the visitors' routes work with.

It keeps the door's two promises: a session is one that we issued, and text goes on redacted only.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from bot.chat import forgetting, public_numbers
from bot.chat.limits import Limits
from bot.chat.requests import VisitorMessage, bearer_token
from bot.content.model import Clinic, Snapshot
from bot.conversations.drafts import draft_reply
from bot.conversations.model import Button, Conversation, Message
from bot.errors import ChoiceNotOffered, NotFound, Unauthorized, Unavailable
from bot.redaction.model import RedactedText
from bot.redaction.redact import redact
from bot.replies.model import Reply
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.conversations.log import ConversationLog

log = logging.getLogger(__name__)

TOKEN_BYTES = 32


class Answerer(Protocol):
    """The part of the engine that the door needs (`bot/engine/engine.py`)."""

    def greet(self, clinic: str) -> Reply: ...

    async def answer(
        self, conversation: Conversation, text: str, *, masked: bool, request_key: str | None
    ) -> list[Message]: ...

    async def choose(
        self, conversation: Conversation, button: Button, *, request_key: str | None
    ) -> list[Message]: ...


class LiveSnapshot(Protocol):
    """The part of the live content that the door needs (`bot/content/live.py`)."""

    @property
    def current(self) -> Snapshot: ...


@dataclass(frozen=True)
class Door:
    """Everything a route may use. One instance serves all requests."""

    settings: Settings
    engine: Answerer
    live: LiveSnapshot
    log: ConversationLog
    limits: Limits
    clock: Callable[[], datetime]

    def clinic(self, key: str) -> Clinic:
        """A clinic by its key. Raises `NotFound`."""
        found = self.live.current.clinics.get(key)
        if found is None:
            raise NotFound("There is no such clinic.")
        return found

    async def open_session(self, clinic: Clinic) -> tuple[str, Conversation, list[Message]]:
        """Begin a conversation.

        Returns the session's token, of which only a hash is kept, the conversation and its
        greeting.
        """
        token = secrets.token_urlsafe(TOKEN_BYTES)
        expires_at = self.clock() + timedelta(hours=self.settings.session_hours)
        begun = await self.open(clinic, token_hash=hash_of(token), expires_at=expires_at)
        return token, *begun

    async def open(
        self,
        clinic: Clinic,
        *,
        token_hash: str | None = None,
        external_id: str | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[Conversation, list[Message]]:
        """Store a new conversation, which begins with the greeting."""
        return await run_in_threadpool(
            self.log.open,
            clinic.key,
            token_hash=token_hash,
            external_id=external_id,
            expires_at=expires_at,
            greeting=draft_reply(self.engine.greet(clinic.key)),
        )

    async def session(
        self, request: Request, *, also_expired: bool = False
    ) -> tuple[Conversation, str]:
        """The conversation whose token a request shows, and the token's hash.

        Raises `NotFound` for an unknown clinic, `Unauthorized` for a token that we did not issue
        for this clinic, `Gone` for one that has expired, unless that does not matter.
        """
        session = hash_of(bearer_token(request))
        conversation = await run_in_threadpool(
            self.log.by_token_hash, session, also_expired=also_expired
        )
        clinic = request.path_params["clinic"]
        if conversation is None or conversation.clinic != clinic:
            self.clinic(clinic)
            raise Unauthorized("This session token is not known. Start a new session.")
        return conversation, session

    async def reply_to(self, conversation: Conversation, message: VisitorMessage) -> list[Message]:
        """Answer one message; one that was answered before gets the same reply.

        Raises `ChoiceNotOffered` for a button that this conversation never showed.
        """
        key = hash_of(message.request_key) if message.request_key else None
        if key and (again := await run_in_threadpool(self.log.replied, conversation.id, key)):
            return again
        if message.choice is None:
            redacted = self.redacted(message.text or "")
            if forgetting.is_command(redacted.text, self.live.current, conversation.clinic):
                return await self.forget(conversation, key)
            masked = bool(redacted.kinds)
            said = await self.engine.answer(
                conversation, redacted.text, masked=masked, request_key=key
            )
        else:
            button = await run_in_threadpool(self.log.offered, conversation.id, message.choice)
            if button is None:
                raise ChoiceNotOffered("This choice was not offered in this conversation.")
            if forgetting.is_chosen(button):
                return await self.forget(conversation, key)
            said = await self.engine.choose(conversation, button, request_key=key)
        return await self.forget(conversation, key) if forgetting.is_promised(said) else said

    async def forget(self, conversation: Conversation, key: str | None = None) -> list[Message]:
        """Delete a conversation; its session goes on with an empty one that begins with saying so.

        Raises `Gone` where it was deleted meanwhile.
        """
        return await run_in_threadpool(self._forget, conversation, key)

    def _forget(self, conversation: Conversation, key: str | None) -> list[Message]:
        state = self.log.state(conversation.id)
        urgent = state.slots.get("urgent") if state else None
        said = forgetting.confirmation(self.live.current, conversation.clinic, self.clock(), urgent)
        return self.log.begin_anew(conversation.id, said, key)

    def redacted(self, text: str) -> RedactedText:
        """Text that may go on.

        Raises `Unavailable` when it could not be redacted: nothing goes on unmasked.
        """
        try:
            return redact(text, keep=public_numbers.of(self.live.current))
        except Exception as error:  # noqa: BLE001  fails closed, whatever the cause
            log.error("%s while redacting", type(error).__name__)
            raise Unavailable("The message could not be made safe to store.") from None


def hash_of(secret: str) -> str:
    """What is stored of a token, a sender or a request's key.

    Unsalted: a token has 256 random bits, and it must be found by its hash.
    """
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()
