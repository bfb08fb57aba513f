"""What a visitor is told when we failed: that we did, and where help is.

The words are in `templates/unavailable.txt`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from jinja2 import Environment
from starlette.requests import Request

from bot.chat.door import LiveSnapshot
from bot.content.model import RouteKind

log = logging.getLogger(__name__)


class SafeSentence:
    """Names the emergency route and, if the request says which clinic, its routes in force."""

    def __init__(self, live: LiveSnapshot, clock: Callable[[], datetime], environment: Environment):
        self._live = live
        self._clock = clock
        self._template = environment.get_template("unavailable.txt")

    def __call__(self, request: Request) -> str:
        try:
            context = self._context(request.path_params.get("clinic", ""))
        except Exception as error:  # noqa: BLE001  the sentence must be said whatever else broke
            log.error("%s while looking for a clinic's routes", type(error).__name__)
            context = {}
        return " ".join(self._template.render(context).split())

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
