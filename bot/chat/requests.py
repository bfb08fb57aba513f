"""From a request to a checked value.

Nothing behind this module sees a body that has not passed it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from bot.chat.visitor_text import visible
from bot.errors import (
    BadRequest,
    TooLarge,
    Unauthorized,
    Unprocessable,
    UnsupportedMediaType,
)

MAX_TEXT = 2_000
"""Characters in one message: a long story fits, a pasted record does not."""
MAX_COMMENT = 1_000
MAX_BODY = 16 * 1024
"""Bytes in one body: `MAX_TEXT` characters of any script, JSON around them, and room to spare."""
MAX_SENDER = 256

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_BEARER = re.compile(r"bearer +(\S{1,512})", re.IGNORECASE)
CHOICE_PREFIX = "choice:"
_CHOICE_PAYLOAD = re.compile(rf"{CHOICE_PREFIX}([A-Za-z0-9_-]{{1,64}})")


@dataclass(frozen=True)
class VisitorMessage:
    """What a visitor said: typed text (cleaned, not yet redacted) or the id of a button.

    `request_key` is the client's own key of the request: one that comes again is answered with the
    stored reply.
    """

    text: str | None = None
    choice: str | None = None
    request_key: str | None = None


@dataclass(frozen=True)
class Feedback:
    """What a visitor thinks of a reply. The comment is not yet redacted."""

    message_id: str
    helpful: bool
    comment: str | None


@dataclass(frozen=True)
class RestMessage:
    """A message of Rasa's REST contract."""

    sender: str
    clinic: str
    message: VisitorMessage


def bearer_token(request: Request) -> str:
    """The token of the Authorization header. Raises `Unauthorized`."""
    match = _BEARER.fullmatch(request.headers.get("authorization", ""))
    if match is None:
        raise Unauthorized("This needs the header 'Authorization: Bearer TOKEN'.")
    return match[1]


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object.

    Raises `UnsupportedMediaType`, `TooLarge` (before anything is parsed) or `BadRequest`.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMediaType("The body must be JSON, with 'Content-Type: application/json'.")
    body = await _limited_body(request)
    try:
        data = json.loads(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadRequest("The body is not UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadRequest("The body is not JSON.") from None
    if not isinstance(data, dict):
        raise BadRequest("The body must be a JSON object.")
    return data


def typed(data: dict[str, Any], key: str) -> str:
    """What a body has under a key, as far as it is text, not longer than a message may be."""
    found = data.get(key)
    return found[:MAX_TEXT] if isinstance(found, str) else ""


def request_key(request: Request) -> str | None:
    """The header `Idempotency-Key`, if there is one. Raises `BadRequest`."""
    key = request.headers.get("idempotency-key")
    if key is not None and not _ID.fullmatch(key):
        raise BadRequest("'Idempotency-Key' has 1 to 64 letters, digits, '-' or '_'.")
    return key


def visitor_message(data: dict[str, Any], key: str | None = None) -> VisitorMessage:
    """`{"text"}` or `{"choice"}`, with the key of the request.

    Raises `BadRequest` (shape) or `Unprocessable` (empty, too long).
    """
    given = [key for key in ("text", "choice") if data.get(key) is not None]
    if len(given) != 1:
        raise BadRequest("Send either 'text' or 'choice', and not both.")
    if given == ["text"]:
        return VisitorMessage(text=_text(data, "text", MAX_TEXT), request_key=key)
    choice = _string(data, "choice")
    if not _ID.fullmatch(choice):
        raise BadRequest("'choice' must be the id of a button.")
    return VisitorMessage(choice=choice, request_key=key)


def feedback(data: dict[str, Any]) -> Feedback:
    """`{"message_id", "helpful", "comment"?}`. Raises `BadRequest` or `Unprocessable`."""
    message_id = _string(data, "message_id")
    if not _ID.fullmatch(message_id):
        raise BadRequest("'message_id' must be the id of a message.")
    helpful = data.get("helpful")
    if not isinstance(helpful, bool):
        raise BadRequest("'helpful' must be true or false.")
    given = data.get("comment")
    blank = given is None or (isinstance(given, str) and not visible(given))
    comment = None if blank else _text(data, "comment", MAX_COMMENT)
    return Feedback(message_id, helpful, comment)


def rest_message(data: dict[str, Any], default_clinic: str) -> RestMessage:
    """`{"sender", "message", "metadata": {"clinic"}?}`.

    A button's payload comes back as `choice:ID`.
    """
    sender = _string(data, "sender")
    if not sender.strip() or len(sender) > MAX_SENDER:
        raise BadRequest(f"'sender' must have between 1 and {MAX_SENDER} characters.")
    metadata = data.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise BadRequest("'metadata' must be an object.")
    clinic = metadata.get("clinic", default_clinic)
    if not isinstance(clinic, str):
        raise BadRequest("'metadata.clinic' must be a string.")
    text = _text(data, "message", MAX_TEXT)
    chosen = _CHOICE_PAYLOAD.fullmatch(text)
    message = VisitorMessage(choice=chosen[1]) if chosen else VisitorMessage(text=text)
    return RestMessage(sender, clinic, message)


async def _limited_body(request: Request) -> bytes:
    too_large = TooLarge(f"The body may have at most {MAX_BODY} bytes.")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > MAX_BODY:
        raise too_large
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise too_large
    return bytes(body)


def _string(data: dict[str, Any], key: str) -> str:
    value = data.get(key)
    if not isinstance(value, str):
        raise BadRequest(f"'{key}' must be a string.")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise BadRequest(f"'{key}' holds half a character (an unpaired surrogate).") from None
    return value


def _text(data: dict[str, Any], key: str, limit: int) -> str:
    text = visible(_string(data, key))
    if not text:
        raise Unprocessable(f"'{key}' is empty.")
    if len(text) > limit:
        raise Unprocessable(f"'{key}' may have at most {limit:,} characters.")
    return text
