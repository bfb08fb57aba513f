from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from bot.content.model import Clinic, ContactRoute, Notice, RouteKind
from bot.errors import SetupError
from bot.evaluation.facts import load_facts, names_route, unknown_names, valid_routes
from tests.evaluation.stub import MOMENT, PHONE, PORTAL

OUT = Notice(1, "phone_outage", "The phones are out.", MOMENT, MOMENT + timedelta(hours=1))


def clinic(*routes: ContactRoute, notices: tuple[Notice, ...] = ()) -> Clinic:
    return Clinic("temple", "Temple Health", "America/New_York", routes, notices)


def test_the_facts_use_only_names_of_the_vocabulary():
    assert unknown_names(load_facts()) == []


def test_a_misspelt_name_in_the_facts_is_found(tmp_path):
    file = tmp_path / "facts.yml"
    file.write_text(
        "subjects: {definitoin: [x]}\ndetails: {cause: {a: x}}\n"
        "part_of: {injection: [epidural]}\nunlisted_symptom: x\n"
    )
    assert unknown_names(load_facts(file)) == ["definitoin", "cause", "epidural", "injection"]


def test_every_detail_of_the_development_set_has_a_pattern():
    facts = load_facts()
    assert len([d for s, d in facts.details if s == "symptom_check"]) == 13
    assert len([d for s, d in facts.details if s == "treatment_detail"]) == 21
    assert len([d for s, d in facts.details if s == "cause_detail"]) == 4


@pytest.mark.parametrize("text", ["subjects: {}", "- a", "subjects: {definition: ['(']}"])
def test_a_facts_file_of_another_form_is_refused(tmp_path, text):
    file = tmp_path / "facts.yml"
    file.write_text(text)
    with pytest.raises(SetupError, match="form that is expected"):
        load_facts(file)


def test_the_phone_is_no_valid_route_while_an_outage_is_in_force():
    here = clinic(PHONE, PORTAL, notices=(OUT,))
    assert valid_routes(here, MOMENT) == (PORTAL,)
    assert valid_routes(here, MOMENT + timedelta(hours=2)) == (PHONE, PORTAL)


def test_a_clinic_with_nothing_but_a_phone_keeps_it_as_its_route_in_an_outage():
    assert valid_routes(clinic(PHONE, notices=(OUT,)), MOMENT) == (PHONE,)


def test_a_page_on_the_doctors_is_no_contact_route():
    page = ContactRoute(RouteKind.CARE_TEAM, "Doctors", "A page.", "")
    assert valid_routes(clinic(page, PORTAL), datetime.now(timezone.utc)) == (PORTAL,)


@pytest.mark.parametrize(
    "text",
    ["Call 800-TEMPLE-MED.", "call 800.836.7536", "1 (800) 836-7536", "at 800-temple-med please"],
)
def test_a_phone_route_is_told_by_its_name_or_its_number(text):
    assert names_route(text, PHONE)
    assert not names_route(text, PORTAL)


def test_a_number_of_another_clinic_is_not_the_route():
    assert not names_route("Call 952-841-2345 or 911.", PHONE)


def test_a_portal_is_told_by_its_own_name_within_a_longer_label():
    route = ContactRoute(RouteKind.PORTAL, "Open myTempleHealth", "The portal.", "")
    assert names_route("Write to them on mytemplehealth.", route)
    assert not names_route("Open the door.", route)
