"""Messages that a test corrects."""

from __future__ import annotations

from bot.conversations.log import ConversationLog
from tests.conversations.wordings import begin, save


def say(log: ConversationLog, text: str, number: int = 1) -> tuple[str, str]:
    """A visitor says something in a conversation of its own: conversation and message id."""
    conversation = begin(log)
    save(log, conversation, number, text)
    (said,) = [m for m in log.messages(conversation.id) if m.sender == "visitor"]
    return conversation.id, said.id
