"""What the pages of answers ask of the stores, and who may change which answer."""

from __future__ import annotations

from starlette.requests import Request

from bot.console.access import person_of, require
from bot.console.parts import parts_of
from bot.content.drafts import Draft
from bot.content.model import LIBRARY
from bot.content.opening import Desk, Opened
from bot.content.publishing import Publishing
from bot.content.vectors import VectorStore
from bot.errors import Forbidden
from bot.nlu.answer_vectors import vector_store
from bot.staff.model import Permission


def desk_of(request: Request) -> Desk:
    """Answers, to read."""
    return Desk(parts_of(request).database)


def vectors_of(request: Request) -> VectorStore:
    """What makes an answer findable. The sentence model is loaded when a new text comes."""
    return vector_store(parts_of(request).database)


def publishing_of(request: Request) -> Publishing:
    """Answers, to change."""
    parts = parts_of(request)
    return Publishing(parts.database, parts.clock, vectors_of(request))


def clinics_of(request: Request) -> tuple[str, ...]:
    """Keys of the clinics whose answers the person may change."""
    return person_of(request).clinics(Permission.CONTENT)


def edits_shared(request: Request) -> bool:
    """Whether the person may change what is said at every clinic: an editor of each of them."""
    return set(clinics_of(request)) >= set(parts_of(request).live.current.clinics)


def may_edit(request: Request, owner: str) -> bool:
    """Whether the person may change the answers of a clinic, or of the library."""
    return edits_shared(request) if owner == LIBRARY else owner in clinics_of(request)


def owners_of(request: Request) -> list[str]:
    """Whose answer a new one may be."""
    return [*clinics_of(request), *([LIBRARY] if edits_shared(request) else [])]


def opened(request: Request, *, to_edit: bool = False) -> Opened:
    """The answer of a request. Raises `NotFound`, and `Forbidden` for a shared one that the person
    may read but not change.
    """
    found = desk_of(request).open(str(request.path_params["place"]))
    refuse(request, found.record.clinic, to_edit=to_edit)
    return found


def refuse(request: Request, owner: str, *, to_edit: bool = True) -> None:
    """Raises `NotFound` for a clinic that the person cannot open, `Forbidden` for shared answers
    where they are not an editor of every clinic.
    """
    if owner != LIBRARY:
        require(request, Permission.CONTENT, owner)
    elif to_edit and not edits_shared(request):
        raise Forbidden("This answer serves every clinic here, and you do not edit all of them.")


def may_approve(request: Request, draft: Draft | None) -> bool:
    """Whether the person may be the second to read a draft: anybody but its writer."""
    return draft is not None and draft.written_by != person_of(request).name
