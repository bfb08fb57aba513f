"""The pages of retention, and of visitors who want their conversation deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.content.contact_routes import ClinicSettings
from bot.conversations import reference
from bot.conversations.model import Conversation, DraftMessage
from tests.console.stage import Staff, Stage, assert_goes_to, assert_page, words


@pytest.fixture
def admin(console: Stage) -> Staff:
    return console.signed_in("ada", temple="admin")


def conversation(console: Stage, clinic: str = "temple", days_ago: float = 0) -> Conversation:
    now = console.clock.now
    console.clock.now = now - timedelta(days=days_ago)
    hello = DraftMessage("bot", "Hello.", subject="greeting")
    begun, _ = console.log.open(
        clinic, token_hash=None, external_id=None, expires_at=None, greeting=hello
    )
    said = [DraftMessage("visitor", "quokka words"), DraftMessage("bot", "Answer.")]
    console.log.save_turn(begun.id, 1, said, events=[], slots={})
    console.clock.now = now
    return begun


def days(console: Stage) -> int:
    return ClinicSettings(console.database, console.clock).clinic("temple").retention_days


def test_without_conversations_the_pages_explain_themselves(admin: Staff) -> None:
    assert "0 conversations" in assert_page(admin.get("/retention"))
    assert "No conversations are stored" in assert_page(admin.get("/retention/temple"))


def test_what_goes_when_is_counted_by_week(console: Stage, admin: Staff) -> None:
    for days_ago in (91, 88, 80, 0):
        conversation(console, days_ago=days_ago)
    text = assert_page(admin.get("/retention"))
    assert "Stored now 4 conversations Go within the next 7 days 2" in text
    text = assert_page(admin.get("/retention/temple"))
    assert "Within the hour 1" in text
    assert "Week from Nov 20, 2026 1 Week from Nov 27, 2026 1" in text


def test_another_number_of_days_can_be_looked_at_first(console: Stage, admin: Staff) -> None:
    for days_ago in (40, 20, 0):
        conversation(console, days_ago=days_ago)
    fields = {"days": "30", "shown": "90", "do": "preview"}
    text = assert_page(admin.post("/retention/temple", fields))
    assert "1 conversation would be deleted within the hour" in text
    assert days(console) == 90


def test_days_are_set_and_recorded(console: Stage, admin: Staff) -> None:
    fields = {"days": "30", "shown": "90", "do": "save"}
    assert_goes_to(admin.post("/retention/temple", fields), "/staff/retention?done=days")
    assert days(console) == 30
    (entry,) = console.recorded("retention.")
    assert (entry.by, entry.clinic) == ("ada", "temple")


@pytest.mark.parametrize("typed", ["", "0", "3651", "-5", "ninety", "9.5", "٣٠", "99999999"])
def test_what_is_no_number_of_days_is_told_beside_the_field(
    console: Stage, admin: Staff, typed: str
) -> None:
    response = admin.post("/retention/temple", {"days": typed, "shown": "90", "do": "save"})
    assert "Write a number of days from 1 to 3650." in assert_page(response, 422)
    assert 'id="days-error"' in response.text
    assert days(console) == 90


def test_days_that_somebody_else_changed_are_not_overwritten(console: Stage, admin: Staff) -> None:
    fields = {"shown": "90", "do": "save"}
    console.signed_in("leo", temple="admin").post("/retention/temple", {"days": "60", **fields})
    text = assert_page(admin.post("/retention/temple", {"days": "30", **fields}), 409)
    assert "it is 60 now" in text
    assert days(console) == 60


def test_a_conversation_is_found_by_its_code_and_deleted(console: Stage, admin: Staff) -> None:
    mine, other = conversation(console), conversation(console)
    code = reference.shown(mine.reference)
    page = admin.post("/retention/find", {"code": code.lower().replace("-", " ")})
    text = assert_page(page)
    assert code in text
    assert "Messages 3" in text
    assert "quokka" not in page.text, "who handles a request need not read it"
    assert_goes_to(admin.post("/retention/delete", {"code": code}), "/staff/retention?done=deleted")
    assert console.log.turns(mine.id) is None
    assert console.log.turns(other.id) == 1
    assert [e.action for e in console.recorded("conversation.")] == [
        "conversation.searched", "conversation.deleted",
    ]  # fmt: skip
    again = admin.post("/retention/delete", {"code": code})
    assert_goes_to(again, "/staff/retention?done=was-deleted")


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "This is no reference code."), ("hello", "no reference code"),
     ("00000000", "There is no conversation with this code.")],
)  # fmt: skip
def test_a_code_that_leads_nowhere_is_told_beside_the_field(
    admin: Staff, typed: str, told: str
) -> None:
    response = admin.post("/retention/find", {"code": typed})
    assert told in assert_page(response, 422)
    assert 'id="code-error"' in response.text
    assert f'value="{typed}"' in response.text


def test_another_clinics_conversation_is_neither_found_nor_deleted(
    console: Stage, admin: Staff
) -> None:
    theirs = conversation(console, "twin-cities")
    response = admin.post("/retention/find", {"code": theirs.reference})
    assert "There is no conversation with this code." in words(response)
    admin.post("/retention/delete", {"code": theirs.reference})
    assert console.log.turns(theirs.id) == 1
    assert_page(admin.get("/retention/twin-cities"), 404)
    assert_page(admin.post("/retention/twin-cities", {"days": "1", "shown": "90"}), 404)


def test_a_reviewer_cannot_delete_by_code(console: Stage) -> None:
    mine = conversation(console)
    reviewer = console.signed_in(temple="reviewer")
    assert_page(reviewer.post("/retention/delete", {"code": mine.reference}), 403)
    assert console.log.turns(mine.id) == 1
