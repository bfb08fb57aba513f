"""Whether a visitor wants the chat deleted at once, and what is said once it is.

A chat is deleted by a clear command, by the button of the question whether to delete it, or by a
yes to that question; every other wording is answered with the question, so that nobody's chat goes
by a misunderstanding. The commands are content: the other names of the answer that says it is done.
Neither commands nor buttons need the trained model.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import datetime

from bot.content.model import Answer, Snapshot
from bot.content.subjects import FORGOTTEN, URGENT_AGAIN
from bot.conversations.drafts import draft_reply
from bot.conversations.model import Button, DraftMessage, Message
from bot.folding import folded
from bot.replies import wording
from bot.replies.render import render

SUBJECT = "privacy"


def is_command(text: str, snapshot: Snapshot, clinic: str) -> bool:
    """Whether a text is, as a whole, one of the clear wordings; case and punctuation do not count.

    False where the store does not know how to say that a chat was deleted.
    """
    answer = _answer(snapshot, clinic)
    return answer is not None and folded(text) in set(map(folded, answer.also_called))


def is_chosen(button: Button) -> bool:
    """Whether a button deletes the chat."""
    return (button.subject, button.detail) == (SUBJECT, FORGOTTEN)


def is_promised(said: Iterable[Message]) -> bool:
    """Whether a reply tells that the chat was deleted: then it has to be."""
    return any((message.subject, message.detail) == (SUBJECT, FORGOTTEN) for message in said)


def confirmation(
    snapshot: Snapshot, clinic: str, at: datetime, urgent: str | None = None
) -> DraftMessage:
    """The first message of the conversation that begins anew.

    `urgent` is the emergency or crisis that the visitor has not moved on from: its help comes
    first, as everything that showed it is gone.
    """
    answer = _answer(snapshot, clinic)
    assert answer is not None, "nobody is asked for it where there is none"
    subject = (urgent or "").partition("/")[0]
    again = snapshot.answer(clinic, URGENT_AGAIN[subject]) if subject in URGENT_AGAIN else None
    if again is not None:
        links = (*again.links, *answer.links)
        answer = wording.framed(dataclasses.replace(answer, links=links), before=again)
    return draft_reply(render(snapshot, answer, clinic, at))


def _answer(snapshot: Snapshot, clinic: str) -> Answer | None:
    return snapshot.answer(clinic, SUBJECT, FORGOTTEN)
