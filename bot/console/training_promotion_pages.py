"""A candidate beside the model in force, putting it in force, and the way back.

Whether it may be is not decided here: `Promotions.promote` asks the gates in the transaction that
puts a model in force, whatever a form says.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.console.access import person_of, staff_route
from bot.console.conversations_store import titles_of
from bot.console.corrections_view import require_everywhere, reviews_everywhere
from bot.console.forms import text_of, whole_number
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import parts_of
from bot.console.training_pages import PATH
from bot.console.training_view import (
    Candidate,
    Lines,
    changed_replies,
    gates_of,
    in_force,
    judged,
    shop_of,
)
from bot.errors import BadRequest, NotFound, PromotionRefused
from bot.staff.audit import AuditEntry
from bot.staff.model import Permission

READ = "model.comparison_read"
"""Its lines hold visitors' words, so that they were looked at is recorded."""


def show(request: Request, refused: bool = False) -> Response:
    """The comparison of a candidate: gates, figures, every changed line.

    Why it cannot be put in force stands there in any case; `refused`: somebody just tried.
    """
    found, person = _candidate(request), person_of(request)
    clinics = person.clinics(Permission.REVIEW)
    comparison, lines = found.comparison, Lines((), (), ())
    if comparison is not None:
        entry = AuditEntry.at_clinics(person.name, READ, clinics, {}, found.model.id)
        parts_of(request).audit.record(entry)
        lines = Lines.of(shop_of(request).comparisons.lines(comparison.id, clinics))
    return render(
        request,
        "training_comparison.html",
        status=PromotionRefused.status if refused else 200,
        refused=refused,
        found=found,
        gates=gates_of(comparison) if comparison else (),
        lines=lines,
        titles=titles_of(request, clinics),
        everywhere=reviews_everywhere(request),
    )


def ask_to_promote(request: Request) -> Response:
    """What putting it in force would change."""
    found = _candidate(request)
    require_everywhere(request)
    if found.comparison is None or found.refusal is not None:
        return show(request, refused=True)
    better, worse = changed_replies(found.comparison.figures)
    now = in_force(shop_of(request))
    return render(
        request, "training_promote.html", found=found, now=now, better=better, worse=worse
    )


def promote(request: Request) -> Response:
    """Put it in force, or say why it cannot be."""
    model = shop_of(request).archives.get(request.path_params["model"])
    require_everywhere(request)
    try:
        shop_of(request).promotions.promote(model.id, by=person_of(request).name)
    except PromotionRefused:
        return show(request, refused=True)
    return see_other(PATH, done="promoted")


def ask_to_roll_back(request: Request) -> Response:
    """Which model would answer again."""
    now = in_force(shop_of(request))
    if now.before is None or now.promotion is None:
        raise NotFound("No model was promoted: there is nothing to go back to.")
    require_everywhere(request)
    return render(request, "training_roll_back.html", now=now)


def roll_back(request: Request) -> Response:
    """Put the model before in force again, where nobody promoted another since it was asked."""
    promotions = shop_of(request).promotions
    if promotions.before() is None:
        raise NotFound("No model was promoted: there is nothing to go back to.")
    require_everywhere(request)
    number = whole_number(text_of(request, "number"))
    if number is None:
        raise BadRequest("Nothing was changed. Go back and look at what would be.")
    promotions.roll_back(by=person_of(request).name, of=number)
    return see_other(PATH, done="rolled-back")


def _candidate(request: Request) -> Candidate:
    """The model of an address with its comparison. Raises `NotFound`."""
    shop = shop_of(request)
    return judged(shop, [shop.archives.get(request.path_params["model"])])[0]


_ONE = "/training/{model}"
ROUTES = [
    staff_route("/training/roll-back", ask_to_roll_back, needs=Permission.REVIEW),
    staff_route("/training/roll-back", roll_back, methods=["POST"], needs=Permission.REVIEW),
    staff_route(_ONE, show, needs=Permission.REVIEW),
    staff_route(f"{_ONE}/promote", ask_to_promote, needs=Permission.REVIEW),
    staff_route(f"{_ONE}/promote", promote, methods=["POST"], needs=Permission.REVIEW),
]
