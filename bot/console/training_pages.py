"""Training: what is in force, what waits, candidates, runs and what was in force before."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from bot.candidates.launching import launch
from bot.candidates.model import Kind, RunState
from bot.console.access import person_of, staff_route
from bot.console.corrections_view import reviews_everywhere
from bot.console.forms import text_of
from bot.console.going_on import see_other
from bot.console.page import render
from bot.console.parts import parts_of, store_of
from bot.console.training_view import candidates, in_force, last_run, last_trained, shop_of
from bot.corrections.model import State
from bot.corrections.repository import Corrections
from bot.errors import BadRequest
from bot.staff.model import Permission

PATH = "/staff/training"

MOST_PROMOTIONS = 20
"""In the history; older ones stand in the record."""


def show(request: Request) -> Response:
    """The page; while a run is under way it says how far that is."""
    shop, corrections = shop_of(request), store_of(request, Corrections)
    now, run = in_force(shop), last_run(shop)
    under_way = run is not None and run.state is RunState.RUNNING
    clinics = person_of(request).clinics(Permission.REVIEW)
    found = candidates(shop, now.model)
    trained = last_trained(now, found)
    return render(
        request,
        "training.html",
        now=now,
        run=run,
        under_way=under_way,
        new=corrections.counts(clinics)[State.NEW],
        waiting=corrections.waiting(trained),
        trained=trained,
        candidates=found,
        history=shop.promotions.all()[:MOST_PROMOTIONS],
        everywhere=reviews_everywhere(request),
    )


def train(request: Request) -> Response:
    """Begin to train a candidate; the page shows how far it is."""
    if text_of(request, "do") != "train":
        raise BadRequest("Nothing was begun. Go back and choose what to do.")
    return _begin(request, Kind.TRAIN, "training")


def compare(request: Request) -> Response:
    """Begin to compare a candidate with the model in force."""
    model = shop_of(request).archives.get(request.path_params["model"])
    return _begin(request, Kind.COMPARE, "comparing", model.id)


def stop(request: Request) -> Response:
    """Stop the run that the page showed, whoever began it."""
    shop_of(request).runs.stop(text_of(request, "run"), by=person_of(request).name)
    return see_other(PATH, done="stopping")


def _begin(request: Request, kind: Kind, done: str, model_id: str | None = None) -> Response:
    runs, settings = shop_of(request).runs, parts_of(request).settings
    launch(runs, settings, kind, by=person_of(request).name, model_id=model_id)
    return see_other(PATH, done=done)


ROUTES = [
    staff_route("/training", show, needs=Permission.REVIEW),
    staff_route("/training/train", train, methods=["POST"], needs=Permission.REVIEW),
    staff_route("/training/stop", stop, methods=["POST"], needs=Permission.REVIEW),
    staff_route("/training/{model}/compare", compare, methods=["POST"], needs=Permission.REVIEW),
]
