"""Who may open which page. Closed by default: a route without a declaration stops the start.

A route is one of

- `staff_route`: needs a permission in at least one clinic
- `own_route`: anybody who is signed in
- `setting_up_route`: also where the second factor has yet to be set up
- `begun_route`: also between password and second factor
- `open_route`: anybody; only the paths of `OPEN`

The check stands around the endpoint itself, so that no page runs before it. Whether a thing belongs
to a clinic that one may see is for the page to check, with `require`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from bot.console import cookies, forms, going_on
from bot.console.parts import parts_of
from bot.errors import NotFound, SetupError
from bot.staff.model import Permission, Person, StaffSession

OPEN = frozenset({"/sign-in", "/welcome", "/oidc/start", "/oidc/callback"})
"""The only pages that somebody may open who has not signed in."""

SAFE = frozenset({"GET", "HEAD"})
"""Methods that change nothing, so that they need no proof of where they come from."""

Endpoint = Callable[[Request], Response]


class Standing(Enum):
    """What a route needs where it needs no permission."""

    OPEN = "open"
    BEGUN = "begun"
    SETTING_UP = "setting_up"
    OWN = "own"


class StaffRoute(Route):
    """A route that says what it needs. `endpoint` is a plain function; it runs in a thread."""

    def __init__(
        self,
        path: str,
        endpoint: Endpoint,
        methods: Iterable[str],
        needs: Permission | Standing,
    ):
        if (path in OPEN) != (needs is Standing.OPEN):
            raise SetupError(f"The open pages are listed in one place, and {path} does not agree.")
        super().__init__(path, _guarded(endpoint, needs), methods=list(methods))
        self.needs = needs


def staff_route(
    path: str, endpoint: Endpoint, *, needs: Permission, methods: Iterable[str] = ("GET",)
) -> StaffRoute:
    """A page for those who have the permission in at least one clinic."""
    return StaffRoute(path, endpoint, methods, needs)


def own_route(path: str, endpoint: Endpoint, *, methods: Iterable[str] = ("GET",)) -> StaffRoute:
    """A page for everybody who is signed in, whatever their roles."""
    return StaffRoute(path, endpoint, methods, Standing.OWN)


def setting_up_route(
    path: str, endpoint: Endpoint, *, methods: Iterable[str] = ("GET",)
) -> StaffRoute:
    """A page for everybody who is signed in, though their clinic's second factor be missing."""
    return StaffRoute(path, endpoint, methods, Standing.SETTING_UP)


def begun_route(path: str, endpoint: Endpoint, *, methods: Iterable[str] = ("GET",)) -> StaffRoute:
    """A page of the sign-in itself, for those who have given their password."""
    return StaffRoute(path, endpoint, methods, Standing.BEGUN)


def open_route(path: str, endpoint: Endpoint, *, methods: Iterable[str] = ("GET",)) -> StaffRoute:
    """A page for anybody. Its path must be listed in `OPEN`."""
    return StaffRoute(path, endpoint, methods, Standing.OPEN)


def refuse_undeclared(routes: Iterable[BaseRoute]) -> None:
    """Raises `SetupError` for a route that does not say what it needs."""
    for route in routes:
        if not isinstance(route, StaffRoute):
            raise SetupError(f"The staff route {route!r} does not say what it needs.")


def session_of(request: Request) -> StaffSession:
    """The session of a request whose route is not open."""
    session: StaffSession = request.state.staff_session
    return session


def person_of(request: Request) -> Person:
    """Who asks. Only where the route is not open."""
    return session_of(request).person


def require(request: Request, permission: Permission, clinic: str) -> None:
    """Raises `NotFound` for a clinic in which the person may not do this.

    A thing of such a clinic does not exist for them: a refusal would tell that it does.
    """
    if not person_of(request).may(permission, clinic):
        raise NotFound("There is no such page, or it belongs to a clinic that you cannot open.")


async def in_thread(request: Request, work: Callable[..., Any], *arguments: object) -> Any:
    """Run what blocks in one of the console's own threads.

    Visitors' messages have theirs: however many slow searches staff begin, the chat answers.
    """
    threads: CapacityLimiter = request.app.state.threads
    return await to_thread.run_sync(work, *arguments, limiter=threads)


def _guarded(endpoint: Endpoint, needs: Permission | Standing) -> Callable[[Request], Any]:
    async def guarded(request: Request) -> Response:
        request.state.staff_session = None
        token = cookies.session_token(request)
        session = (
            await in_thread(request, parts_of(request).sessions.find, token) if token else None
        )
        request.state.staff_session = session
        if request.method not in SAFE:
            forms.refuse_other_sites(request)
        elsewhere = _way_in(request, session, needs)
        if elsewhere is not None:
            return elsewhere
        if request.method not in SAFE:
            request.state.form = await forms.read(request)
            if session is not None and needs is not Standing.OPEN:
                forms.refuse_forged(request.state.form, session.csrf_token)
        return await in_thread(request, endpoint, request)

    guarded.__name__ = getattr(endpoint, "__name__", "endpoint")
    return guarded


def _way_in(
    request: Request, session: StaffSession | None, needs: Permission | Standing
) -> Response | None:
    """Where somebody has to go first, None where they may go on.

    Raises a 403 for a person who lacks the permission everywhere.
    """
    if needs is Standing.OPEN:
        return None
    if session is None:
        return RedirectResponse(going_on.sign_in_path(request), status_code=303)
    if needs is Standing.BEGUN:
        return None
    if session.pending_second_factor:
        return RedirectResponse(going_on.with_next(request, "/staff/second-factor"), 303)
    if needs is Standing.SETTING_UP:
        return None
    if session.must_set_up_second_factor:
        return RedirectResponse(going_on.with_next(request, "/staff/second-factor/set-up"), 303)
    if isinstance(needs, Permission) and not session.person.clinics(needs):
        raise HTTPException(403)
    return None
