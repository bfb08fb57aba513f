"""What a visitor of a clinic gets to see at a moment: the notice above the chat, and one reply."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime

from bot.content.model import Clinic, ContactRoute, Notice, RouteKind, Snapshot
from bot.replies.model import Reply
from bot.replies.render import render

ASKED = "appointment"
"""The question that most visitors of a clinic have, and that a notice changes most."""

NOT_STORED = 0
"""The id of a notice that is only looked at."""


@dataclass(frozen=True)
class VisitorView:
    """`way` is the first contact route beside the notice; `question` is asked, `reply` answers."""

    at: datetime
    notice: Notice | None
    way: ContactRoute | None
    routes: tuple[ContactRoute, ...]
    question: str
    reply: Reply | None


def visitor_view(snapshot: Snapshot, clinic: Clinic, at: datetime) -> VisitorView:
    """What this clinic's visitors see at a moment. `clinic` may differ from the snapshot's."""
    known = snapshot.clinics.get(clinic.key)
    here = dataclasses.replace(clinic, closed_text=known.closed_text if known else "")
    changed = dataclasses.replace(snapshot, clinics={**snapshot.clinics, clinic.key: here})
    answer = changed.answer(clinic.key, ASKED)
    routes = here.routes_in_force(at)
    return VisitorView(
        at=at,
        notice=here.notice(at),
        way=next((r for r in routes if r.kind is not RouteKind.EMERGENCY), None),
        routes=routes,
        question=(answer.button or answer.title) if answer else "",
        reply=render(changed, answer, clinic.key, at) if answer else None,
    )


def with_notice(clinic: Clinic, notice: Notice) -> Clinic:
    """The clinic with a notice in the place of those of its kind, to look at it beforehand."""
    others = tuple(each for each in clinic.notices if each.kind != notice.kind)
    return dataclasses.replace(clinic, notices=(*others, notice))
