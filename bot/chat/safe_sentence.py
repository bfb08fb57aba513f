"""What a visitor is told when a message was not answered: where help is first, then why.

The words are in `templates/unavailable.txt` and, where the message is a red flag, in the content.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from jinja2 import Environment
from starlette.requests import Request

from bot.chat.door import LiveSnapshot
from bot.content.last_resort import urgent_answer
from bot.content.model import RouteKind
from bot.safety.model import RedFlag
from bot.safety.shipped import red_flags

log = logging.getLogger(__name__)


def note_red_flag(request: Request, text: str) -> None:
    """Look at what a visitor typed before anything can fail; the error's sentence is worded by it.

    Raises nothing: the check must not be what keeps a message from being answered.
    """
    try:
        request.state.red_flag = red_flags().of(text)
    except Exception as error:  # noqa: BLE001  whatever it is, the message goes on
        log.error("%s while looking for red flags", type(error).__name__)


class SafeSentence:
    """Names the emergency route and, if the request says which clinic, its routes in force."""

    def __init__(self, live: LiveSnapshot, clock: Callable[[], datetime], environment: Environment):
        self._live = live
        self._clock = clock
        self._template = environment.get_template("unavailable.txt")

    def __call__(self, request: Request) -> str:
        """The sentence for a failure that is ours."""
        try:
            context = self._context(request.path_params.get("clinic", ""))
        except Exception as error:  # noqa: BLE001  the sentence must be said whatever else broke
            log.error("%s while looking for a clinic's routes", type(error).__name__)
            context = {}
        return self._said({**context, "urgent": self._urgent(request)})

    def refusal(self, request: Request, reason: str) -> str:
        """The sentence for a message that was turned away: `reason`, after help if it is needed."""
        urgent = self._urgent(request)
        return self._said({"urgent": urgent, "reason": reason}) if urgent else reason

    def _said(self, context: dict[str, object]) -> str:
        return " ".join(self._template.render(context).split())

    def _urgent(self, request: Request) -> str:
        """What helps with the red flag of a message, empty where it is none."""
        flag: RedFlag = getattr(request.state, "red_flag", RedFlag())
        answer = urgent_answer(flag.subject, flag.detail) if flag.subject else None
        return answer.text if answer else ""

    def _context(self, key: str) -> dict[str, object]:
        clinic = self._live.current.clinics.get(key)
        if clinic is None:
            return {}
        at = self._clock()
        emergency = clinic.route(RouteKind.EMERGENCY)
        others = [
            route.text
            for route in clinic.routes_in_force(at)
            if route.kind in (RouteKind.PHONE, RouteKind.PORTAL)
        ]
        return {"emergency": emergency.text if emergency else "", "routes": others}
