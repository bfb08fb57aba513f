"""The JSON contract of the visitors' door (`docs/api.md`).

A route parses, calls one function, renders.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.chat import render, requests
from bot.chat.door import Door
from bot.chat.safe_sentence import note_red_flag
from bot.errors import CarelineError


def door_of(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


async def start_session(request: Request) -> Response:
    """201 with a new session's token and greeting."""
    door = door_of(request)
    clinic = door.clinic(request.path_params["clinic"])
    await door.limits.session_from(request.client.host if request.client else None)
    token, conversation, messages = await door.open_session(clinic)
    begun = {"token": token, **render.conversation(conversation, messages)}
    return JSONResponse(begun, status_code=201)


class Messages(HTTPEndpoint):
    """The conversation: read it, or say something."""

    async def get(self, request: Request) -> Response:
        door = door_of(request)
        conversation, session = await door.session(request)
        await door.limits.read_of(session)
        said = await run_in_threadpool(door.log.messages, conversation.id)
        return JSONResponse(render.conversation(conversation, said))

    async def post(self, request: Request) -> Response:
        door = door_of(request)
        try:
            conversation, session = await door.session(request)
        except CarelineError:
            await _note_red_flag(request)  # help is said with any error
            raise
        body = await requests.json_object(request)
        note_red_flag(request, requests.typed(body, "text"))
        await door.limits.message_of(session)
        message = requests.visitor_message(body, requests.request_key(request))
        return JSONResponse(render.messages(await door.reply_to(conversation, message)))


async def _note_red_flag(request: Request) -> None:
    """Read a message that will not be answered, to know what to say instead."""
    try:
        note_red_flag(request, requests.typed(await requests.json_object(request), "text"))
    except CarelineError:
        return  # not a message


async def post_feedback(request: Request) -> Response:
    """Keep what a visitor thinks of a reply; the comment is redacted like any text."""
    door = door_of(request)
    conversation, session = await door.session(request)
    await door.limits.read_of(session)
    feedback = requests.feedback(await requests.json_object(request))
    comment = door.redacted(feedback.comment).text if feedback.comment else None
    await run_in_threadpool(
        door.log.add_feedback, conversation.id, feedback.message_id, feedback.helpful, comment
    )
    return Response(status_code=204)


async def end_session(request: Request) -> Response:
    """Forget a conversation, also one whose session has ended: it is the visitor's still."""
    door = door_of(request)
    conversation, _ = await door.session(request, also_expired=True)
    await run_in_threadpool(door.log.delete, conversation.id)
    return Response(status_code=204)


async def get_status(request: Request) -> Response:
    door = door_of(request)
    clinic = door.clinic(request.path_params["clinic"])
    return JSONResponse(render.status(clinic, door.clock()))


ROUTES = [
    Route("/api/{clinic}/sessions", start_session, methods=["POST"]),
    Route("/api/{clinic}/messages", Messages),
    Route("/api/{clinic}/feedback", post_feedback, methods=["POST"]),
    Route("/api/{clinic}/session", end_session, methods=["DELETE"]),
    Route("/api/{clinic}/status", get_status, methods=["GET"]),
]
