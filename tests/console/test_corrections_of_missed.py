"""Missed questions that become corrections, where some were corrected before."""

from __future__ import annotations

from bot.corrections.model import Wanted
from bot.corrections.repository import Corrections
from tests.console.missed_stage import parking
from tests.console.stage import Stage, assert_goes_to, assert_page
from tests.console.test_missed import boxes


def test_a_question_that_was_corrected_for_every_clinic_stays_as_it_is(console: Stage):
    number = parking(console)
    ana = console.signed_in(temple="reviewer")
    chosen = boxes(ana.get(f"/missed/{number}"))
    store = Corrections(console.database, console.clock)
    made = store.correct(chosen[0], Wanted("clinic_admin"), by="lee", everywhere=True)
    response = ana.post(f"/missed/{number}/examples", {"ids": chosen, "about": "causes"})
    assert_goes_to(response, f"/staff/missed/{number}?done=added&number=1&left=1")
    assert store.get(made.id) == made
    page = ana.post(f"/missed/{number}/examples", {"ids": chosen[:1], "about": "causes"})
    assert "This holds for every clinic here" in assert_page(page, 422)
