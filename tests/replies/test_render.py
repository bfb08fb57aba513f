from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta, timezone

import pytest

from bot.content.model import (
    LIBRARY,
    Answer,
    AnswerLink,
    Clinic,
    ContactRoute,
    Notice,
    RouteKind,
    Snapshot,
    Source,
)
from bot.content.placeholders import PLACEHOLDERS, unknown_placeholders
from bot.conversations.model import Link, SourceLine
from bot.errors import NotFound
from bot.replies.model import Offer, Reply
from bot.replies.render import render

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)
BEFORE = NOW - timedelta(days=30)
PHONE = ContactRoute(RouteKind.PHONE, "Call 555", "Call 555.", "tel:555", "555 is down.")
PORTAL = ContactRoute(RouteKind.PORTAL, "Portal", "Use the portal.", "https://portal.example/")
TELEMEDICINE = ContactRoute(RouteKind.TELEMEDICINE, "Video", "By video.", "")
EMERGENCY = ContactRoute(RouteKind.EMERGENCY, "Call 911", "In an emergency, call 911.", "tel:911")
OUTAGE = Notice(1, "phone_outage", "The lines are out.", NOW - timedelta(days=1), None)
SOURCE = Source("page", "Back pain", "The clinic", "https://clinic.example/", date(2026, 11, 20))

WITH_PORTAL = Clinic("with", "With", "UTC", (PHONE, PORTAL, TELEMEDICINE, EMERGENCY), (OUTAGE,))
PHONE_ONLY = Clinic("only", "Only", "UTC", (PHONE, EMERGENCY), (OUTAGE,))
BARE = Clinic("bare", "Bare", "UTC")


def answer(subject: str, text: str = "Text.", **changes: object) -> Answer:
    made = Answer(1, 1, LIBRARY, subject, None, subject.title(), text)
    return dataclasses.replace(made, **changes)


def snapshot(*answers: Answer) -> Snapshot:
    return Snapshot(
        1,
        {clinic.key: clinic for clinic in (WITH_PORTAL, PHONE_ONLY, BARE)},
        {(a.clinic, a.subject, a.detail): a for a in answers},
    )


def rendered(text: str, clinic: str = "with", at: datetime = NOW, **changes: object) -> Reply:
    return render(snapshot(), answer("phone", text, **changes), clinic, at)


@pytest.mark.parametrize(
    ("text", "clinic", "at", "said"),
    [
        ("{route}", "with", BEFORE, "Call 555. Use the portal."),
        ("{route}", "with", NOW, "The lines are out. Use the portal. In an emergency, call 911."),
        ("{route}", "only", BEFORE, "Call 555."),
        ("{route}", "only", NOW, "The lines are out. 555 is down. In an emergency, call 911."),
        ("{phone}", "with", BEFORE, "Call 555."),
        ("{phone}", "with", NOW, "555 is down."),
        ("{portal}", "with", NOW, "Use the portal."),
        ("{portal}", "only", BEFORE, "Call 555."),
        ("{portal}", "only", NOW, "The lines are out. 555 is down. In an emergency, call 911."),
        ("{emergency}", "with", BEFORE, "In an emergency, call 911."),
        ("{notice}", "with", BEFORE, ""),
        ("{notice}", "with", NOW, "The lines are out. Use the portal. In an emergency, call 911."),
        ("{clinic}!", "with", NOW, "With!"),
        ("Ask. {route}{phone}{portal}{emergency}{notice}", "bare", NOW, "Ask."),
        ("Hello. {notice} Bye.", "with", BEFORE, "Hello. Bye."),
        ("{emergency} {route}", "with", NOW,
         "In an emergency, call 911. The lines are out. Use the portal."),
        ("{phone} {portal} {emergency}", "with", NOW,
         "555 is down. Use the portal. In an emergency, call 911."),
        ("{route} {route}", "with", BEFORE, "Call 555. Use the portal."),
        ("{nothing}", "with", NOW, ""),
    ],
)  # fmt: skip
def test_placeholders_say_what_holds_at_this_clinic_at_this_moment(
    text: str, clinic: str, at: datetime, said: str
) -> None:
    assert rendered(text, clinic, at).text == said


def test_words_are_said_once_where_notice_and_phone_say_the_same() -> None:
    notice = dataclasses.replace(OUTAGE, text=PHONE.outage_text)
    clinic = dataclasses.replace(PHONE_ONLY, notices=(notice,))
    content = Snapshot(1, {"only": clinic})
    reply = render(content, answer("phone", "{route}"), "only", NOW)
    assert reply.text == "555 is down. In an emergency, call 911."


def test_links_are_those_of_the_routes_that_the_text_names() -> None:
    assert rendered("{route}", at=BEFORE).links == (
        Link("Call 555", "tel:555"),
        Link("Portal", "https://portal.example/"),
    )
    assert [link.url for link in rendered("{route}", at=NOW).links] == [
        "https://portal.example/",
        "tel:911",
    ]
    assert rendered("No route.").links == ()


def test_an_answers_own_links_come_first_and_no_address_comes_twice() -> None:
    own = (AnswerLink("Text 988", "sms:988"), AnswerLink("Emergency", "tel:911"))
    reply = rendered("{emergency}", links=own)
    assert reply.links == (Link("Text 988", "sms:988"), Link("Emergency", "tel:911"))


def test_a_list_stands_at_the_end_one_item_a_line_in_the_answers_order() -> None:
    symptoms = answer("symptoms", "These:", items=("numb", "gone", "weak"))
    content = snapshot(
        symptoms,
        answer("symptom_check", detail="weak", title="Weakness"),
        answer("symptom_check", detail="numb", title="Numbness"),
    )
    assert render(content, symptoms, "with", NOW).text == "These:\n- Numbness\n- Weakness"


def test_a_list_stands_where_the_text_says() -> None:
    kinds = answer(
        "treatment_detail", "Kinds:\n\n{items}\n\nAsk us.", detail="shots", items=("epidural",)
    )
    content = snapshot(kinds, answer("treatment_detail", detail="epidural", title="Epidural"))
    assert render(content, kinds, "with", NOW).text == "Kinds:\n- Epidural\nAsk us."


def test_items_have_the_clinics_own_titles() -> None:
    symptoms = answer("symptoms", "These:", items=("numb",))
    content = snapshot(
        symptoms,
        answer("symptom_check", detail="numb", title="Numbness"),
        answer("symptom_check", detail="numb", title="Numb legs", clinic="only"),
    )
    assert render(content, symptoms, "with", NOW).text == "These:\n- Numbness"
    assert render(content, symptoms, "only", NOW).text == "These:\n- Numb legs"


def test_offers_are_the_first_three_that_this_clinic_can_answer() -> None:
    asked = answer("definition", offers=("gone", "causes", "symptoms", "help", "phone"))
    content = snapshot(
        asked,
        answer("causes", button="What causes it?"),
        answer("symptoms", button="Symptoms?"),
        answer("help"),
        answer("phone"),
    )
    assert render(content, asked, "with", NOW).buttons == (
        Offer("What causes it?", "causes"),
        Offer("Symptoms?", "symptoms"),
        Offer("Help", "help"),
    )


def test_an_offer_may_be_of_a_detail() -> None:
    asked = answer("causes", offers=("cause_detail/scar_tissue",))
    content = snapshot(asked, answer("cause_detail", detail="scar_tissue", title="Scar tissue"))
    assert render(content, asked, "with", NOW).buttons == (
        Offer("Scar tissue", "cause_detail", "scar_tissue"),
    )


def test_the_source_line_names_publisher_and_title_and_the_review() -> None:
    reply = rendered("Text.", source=SOURCE, reviewed_on=date(2026, 11, 21))
    assert reply.source == SourceLine(
        "The clinic: Back pain", "https://clinic.example/", date(2026, 11, 21)
    )
    assert rendered("Text.").source is None


def test_a_reply_knows_which_edit_of_which_answer_it_is() -> None:
    reply = rendered("Text.", id=7, version=3, detail="numb")
    assert (reply.answer_id, reply.answer_version) == (7, 3)
    assert (reply.subject, reply.detail) == ("phone", "numb")


def test_a_clinic_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound, match="'elsewhere'"):
        rendered("Text.", "elsewhere")


def test_a_visitors_braces_cannot_come_in_through_a_clinics_name() -> None:
    clinic = dataclasses.replace(BARE, name="{route}")
    reply = render(Snapshot(1, {"bare": clinic}), answer("phone", "{clinic}"), "bare", NOW)
    assert reply.text == "{route}"


def test_only_known_placeholders_pass() -> None:
    assert unknown_placeholders(" ".join(f"{{{name}}}" for name in PLACEHOLDERS)) == []
    assert unknown_placeholders("{rout} {} }") == ["{rout}", "{}", "}"]
