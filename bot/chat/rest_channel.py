"""Rasa's REST contract, for clients that exist already. Closed unless `REST_CHANNEL_TOKEN` is set.

The caller names its senders, so it must be trusted: it shows the token of the setting. A sender's
name is kept as a hash.
"""

from __future__ import annotations

import secrets

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.chat import render, requests
from bot.chat.door import Door, hash_of
from bot.chat.safe_sentence import note_red_flag
from bot.content.model import Clinic
from bot.conversations.model import Conversation
from bot.errors import Unauthorized

DEFAULT_CLINIC = "temple"


async def webhook(request: Request) -> Response:
    """Answer one message of a sender, whose conversation begins with the first one."""
    door: Door = request.app.state.door
    _check_token(request, door)
    body = await requests.json_object(request)
    note_red_flag(request, requests.typed(body, "message"))
    given = requests.rest_message(body, DEFAULT_CLINIC)
    clinic = door.clinic(given.clinic)
    request.path_params["clinic"] = clinic.key  # an error's sentence names this clinic's routes
    external_id = hash_of(f"{clinic.key}\n{given.sender}")
    await door.limits.message_of(external_id)
    conversation = await _conversation(door, clinic, external_id)
    replies = await door.reply_to(conversation, given.message)
    return JSONResponse([render.rest_message(given.sender, reply) for reply in replies])


def _check_token(request: Request, door: Door) -> None:
    expected = door.settings.rest_channel_token
    if expected is None or not str(expected):
        raise HTTPException(404)
    shown = requests.bearer_token(request)
    if not secrets.compare_digest(shown.encode(), str(expected).encode()):
        raise Unauthorized("This token is not the one of the setting REST_CHANNEL_TOKEN.")


async def _conversation(door: Door, clinic: Clinic, external_id: str) -> Conversation:
    """The sender's conversation, begun where there is none."""
    found = await run_in_threadpool(door.log.by_external_id, external_id)
    if found is not None:
        return found
    try:
        opened, _ = await door.open(clinic, external_id=external_id)
    except Exception:  # two first messages at once: the other one was stored first
        found = await run_in_threadpool(door.log.by_external_id, external_id)
        if found is None:
            raise
        return found
    return opened


ROUTES = [Route("/webhooks/rest/webhook", webhook, methods=["POST"])]
