"""What the pages of missed questions ask of the stores, and what they record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from starlette.requests import Request

from bot.console.access import person_of
from bot.console.forms import whole_number
from bot.console.parts import parts_of, store_of
from bot.corrections.model import State as Use
from bot.corrections.model import Wanted
from bot.corrections.repository import Corrections
from bot.errors import Forbidden, NotFound, Unprocessable
from bot.missed.model import Group, GroupHead, State
from bot.missed.repository import MissedQuestions
from bot.staff.audit import AuditEntry
from bot.staff.model import Permission

LISTED, READ = "missed.listed", "missed.read"


@dataclass(frozen=True)
class Added:
    """How many questions became examples; `refused` says for each other why it did not."""

    number: int
    refused: tuple[str, ...]


def group_of(request: Request, number: str | int) -> Group:
    """A group that the person may read; that it is read is recorded before it is shown.

    Raises `NotFound`.
    """
    person = person_of(request)
    found = store_of(request, MissedQuestions).group(
        _number(number), person.clinics(Permission.READ)
    )
    entry = AuditEntry(person.name, READ, found.clinic, str(found.id))
    parts_of(request).audit.record(entry)
    return found


def examples_of(request: Request, number: str | int) -> tuple[str, ...]:
    """The questions of a group, for an answer to be written. Raises `NotFound`."""
    return tuple(example.text for example in group_of(request, number).examples)


def head_of(request: Request, number: str) -> GroupHead | None:
    """A group that the person may read, without its questions; None where there is none."""
    clinics = person_of(request).clinics(Permission.READ)
    try:
        return store_of(request, MissedQuestions).head(_number(number), clinics)
    except NotFound:
        return None


def answerable(request: Request, number: str) -> int | None:
    """The group that the person says to answer; None where they may not decide about it: whoever
    does may read it, and write answers or review.
    """
    found, person = head_of(request, number), person_of(request)
    may = {*person.clinics(Permission.REVIEW), *person.clinics(Permission.CONTENT)}
    return found.id if found is not None and found.clinic in may else None


def settled(request: Request, number: int, state: State) -> None:
    """Keep what a reviewer made of a group. Raises `NotFound`."""
    person = person_of(request)
    store_of(request, MissedQuestions).decide(
        number, state, by=person.name, clinics=person.clinics(Permission.REVIEW)
    )


def add_examples(request: Request, messages: Collection[str], wanted: Wanted) -> Added:
    """Teach the next candidate that these questions are about a subject.

    What the candidate must not learn, because it is asked that very question to see how good it
    is, is refused, and so is what was corrected for clinics where the person does not review.
    Raises `Unprocessable` for what is no subject.
    """
    wanted.check()
    corrections, person = store_of(request, Corrections), person_of(request)
    by, clinics = person.name, person.clinics(Permission.REVIEW)
    refused = []
    for message in messages:
        try:
            corrections.correct(message, wanted, by=by, clinics=clinics, state=Use.TRAINING)
        except (Forbidden, Unprocessable) as error:
            refused.append(str(error))
    return Added(len(messages) - len(refused), tuple(dict.fromkeys(refused)))


def _number(number: str | int) -> int:
    found = whole_number(str(number))
    if found is None:
        raise NotFound("There is no such group of missed questions.")
    return found
