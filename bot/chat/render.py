"""Messages, notices and routes as the JSON that clients see."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from bot.chat.requests import CHOICE_PREFIX
from bot.content.model import Clinic, ContactRoute, Notice
from bot.conversations import reference
from bot.conversations.model import Conversation, Message


def message(value: Message) -> dict[str, Any]:
    """One message of the conversation. A visitor's has no buttons, links, subject or source."""
    shown: dict[str, Any] = {"id": value.id, "from": value.sender, "text": value.text}
    if value.sender == "bot":
        shown |= {
            "buttons": [{"id": b.id, "title": b.title} for b in value.buttons],
            "links": [{"title": link.title, "url": link.url} for link in value.links],
            "subject": value.subject,
            "detail": value.detail,
            "source": value.source.as_json() if value.source else None,
        }
    return shown | {"at": moment(value.at)}


def messages(values: list[Message]) -> dict[str, Any]:
    return {"messages": [message(value) for value in values]}


def conversation(value: Conversation, said: list[Message]) -> dict[str, Any]:
    """What a transcript needs: the messages, and the code by which the clinic finds them."""
    return {"reference": reference.shown(value.reference), **messages(said)}


def rest_message(recipient: str, value: Message) -> dict[str, Any]:
    """A reply in Rasa's REST shape."""
    shown: dict[str, Any] = {"recipient_id": recipient, "text": value.text}
    if value.buttons:
        shown["buttons"] = [
            {"title": b.title, "payload": f"{CHOICE_PREFIX}{b.id}"} for b in value.buttons
        ]
    source = value.source.as_json() if value.source else None
    shown["custom"] = {"subject": value.subject, "detail": value.detail, "source": source}
    return shown


def status(clinic: Clinic, at: datetime) -> dict[str, Any]:
    """What a client must know to help a visitor while the bot is down."""
    notice = clinic.notice(at)
    return {
        "clinic": {"key": clinic.key, "name": clinic.name},
        "notice": _notice(notice) if notice else None,
        "routes": [_route(route) for route in clinic.routes_in_force(at)],
    }


def moment(at: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond: `2026-11-20T14:03:05.120Z`."""
    text = at.astimezone(timezone.utc).isoformat(timespec="milliseconds")
    return text.replace("+00:00", "Z")


def _notice(notice: Notice) -> dict[str, Any]:
    until = moment(notice.ends_at) if notice.ends_at else None
    return {"kind": notice.kind, "text": notice.text, "until": until}


def _route(route: ContactRoute) -> dict[str, str | None]:
    return {
        "kind": route.kind.value,
        "label": route.label,
        "text": route.text,
        "url": route.url,
        "opens_at": moment(route.opens_at) if route.opens_at else None,
    }
