"""From a reply to the message that is stored."""

from __future__ import annotations

import secrets

from bot.content.subjects import FALLBACK
from bot.conversations.model import Button, DraftMessage
from bot.replies.model import Reply


def draft_reply(reply: Reply, action: str | None = None) -> DraftMessage:
    """A reply as a message to store. Its buttons get ids that only this conversation knows."""
    return DraftMessage(
        "bot",
        reply.text,
        buttons=tuple(
            Button(secrets.token_urlsafe(9), offer.title, offer.subject, offer.detail)
            for offer in reply.buttons
        ),
        links=reply.links,
        subject=reply.subject,
        detail=reply.detail,
        source=reply.source,
        action=action,
        answer_id=reply.answer_id,
        answer_version=reply.answer_version,
        missed=reply.subject == FALLBACK,
    )
