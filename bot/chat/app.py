"""The visitors' door as one app: the JSON contract, Rasa's REST contract, demonstration pages."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.templating import Jinja2Templates

from bot.chat import pages, rest_channel, routes
from bot.chat.cross_origin import CrossOrigin
from bot.chat.door import Door
from bot.chat.safe_sentence import SafeSentence
from bot.web.apps import web_app
from bot.web.errors import ErrorHandlers


def chat_errors(door: Door) -> ErrorHandlers:
    """Error handlers that tell a visitor where help is."""
    return ErrorHandlers(SafeSentence(door.live, door.clock, pages.environment()))


def build_chat(door: Door) -> Starlette:
    """The app for visitors. Mount it at `/`."""

    def origins_of(key: str) -> tuple[str, ...]:
        clinic = door.live.current.clinics.get(key)
        return clinic.origins if clinic else ()

    app = web_app(
        [*routes.ROUTES, *rest_channel.ROUTES, *pages.routes()],
        chat_errors(door),
        around=[Middleware(CrossOrigin, origins_of=origins_of)],
    )
    app.state.door = door
    app.state.templates = Jinja2Templates(env=pages.environment())
    return app
