"""The page of one person, as an admin of theirs sees it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of
from bot.console.page import render
from bot.console.parts import parts_of
from bot.errors import NotFound
from bot.staff.model import Permission, Person, Role


def look_up(request: Request) -> Person:
    """The person of the address.

    Raises `NotFound` for one with roles at other clinics only: they do not exist for this admin.
    """
    of = parts_of(request).people.get(request.path_params["person"])
    looked_after = set(person_of(request).clinics(Permission.PEOPLE))
    if of.roles and not looked_after & set(of.roles):
        raise NotFound("There is no such person.")
    return of


def known_roles(values: Iterable[Any]) -> frozenset[Role]:
    """The roles among what was ticked; what is none is left out."""
    return frozenset(role for role in Role if role.value in set(map(str, values)))


def person_page(
    request: Request,
    of: Person,
    errors: dict[str, str] | None = None,
    **typed: Any,
) -> Response:
    """The page, with what was typed or ticked where it could not be taken."""
    parts, by = parts_of(request), person_of(request)
    return render(
        request,
        "person.html",
        status=422 if errors else 200,
        of=of,
        clinics=by.clinics(Permission.PEOPLE),
        elsewhere=not parts.people.may_manage(by, of),
        provider=parts.provider is not None,
        errors=errors or {},
        **{"typed": "", "ticked": None, **typed},
    )
