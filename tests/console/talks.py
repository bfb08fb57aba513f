"""Conversations that a test puts on the shelf: short, believable, with one mark each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.conversations.model import Button, DraftMessage, Link, Message, SourceLine, Understanding
from tests.console.stage import Stage

GREETING = DraftMessage("bot", "Welcome.", subject="greeting")
SOURCE = SourceLine("A clinic's page", "https://clinic.example/fbss", date(2026, 11, 20))
BUTTONS = (
    Button("b-causes", "Why does it happen?", "causes"),
    Button("b-more", "More", "symptoms"),
)


def answered(
    words: str,
    subject: str = "definition",
    *,
    reply: str = "FBSS is pain that goes on after **back** surgery:\n- one\n- two",
    detail: str | None = None,
    confidence: float = 0.93,
    missed: bool = False,
    buttons: Sequence[Button] = BUTTONS,
    source: SourceLine | None = SOURCE,
    links: Sequence[Link] = (),
) -> list[DraftMessage]:
    """What one turn stores."""
    understood = Understanding(subject, confidence, "causes", round(1 - confidence, 2))
    return [
        DraftMessage("visitor", words, understanding=understood),
        DraftMessage(
            "bot",
            reply,
            buttons=tuple(buttons),
            links=tuple(links),
            subject=subject,
            detail=detail,
            source=source,
            action=f"action_{subject}",
            answer_id=7,
            answer_version=2,
            missed=missed,
        ),
    ]


def talk(stage: Stage, *turns: list[DraftMessage], clinic: str = "temple") -> str:
    """A conversation of these turns; its id. Each comes a minute after the one before."""
    stage.clock.move(minutes=1)
    conversation, _ = stage.log.open(
        clinic, token_hash=None, external_id=None, expires_at=None, greeting=GREETING
    )
    for number, drafts in enumerate(turns, start=1):
        stage.clock.move(minutes=1)
        stage.log.save_turn(conversation.id, number, drafts, events=[], slots={})
    return conversation.id


def said(
    stage: Stage, words: str, subject: str = "definition", *, clinic: str = "temple", **more: Any
) -> str:
    """A conversation of one question; its id."""
    return talk(stage, answered(words, subject, **more), clinic=clinic)


def judged(stage: Stage, conversation: str, helpful: bool, comment: str | None = None) -> Message:
    """The visitor says what they think of the last reply."""
    last = stage.log.messages(conversation)[-1]
    stage.log.add_feedback(conversation, last.id, helpful, comment)
    return last


def shelf(stage: Stage) -> dict[str, str]:
    """One conversation of each kind, by its kind; the quiet one was said last."""
    ids = {
        "quiet": said(stage, "what is fbss"),
        "flag": said(stage, "i cannot feel my legs", subject="emergency"),
        "missed": said(stage, "can I bring my horse", subject="fallback", missed=True),
        "unsure": said(stage, "thing about wires", "treatments", confidence=0.31),
        "handoff": said(stage, "let me talk to somebody", subject="human"),
        "unhelpful": said(stage, "does scar tissue hurt", "cause_detail", detail="scar_tissue"),
        "elsewhere": said(stage, "parking in edina", "clinic_admin", clinic="twin-cities"),
    }
    judged(stage, ids["unhelpful"], False, "too short for me")
    return ids
