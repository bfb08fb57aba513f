"""One message through all ten stops: a real browser, the real server, the real model, the rows."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journey.running import Product, Visitor
from tests.widget.running import Chat

NUMBER = "215-555-0142"
QUESTION = f"My number is {NUMBER}. How can scar tissue cause pain after the operation?"
ANSWER = "scar tissue forms near a nerve root and presses on the nerve"
SOURCE = "Source: Twin Cities Pain Clinic: Failed Back Surgery Syndrome, reviewed on"
PHONE = "800-836-7536"
OUTAGE = "technical issues"
SECONDS_TO_BE_IN_FORCE = 1.0
TABLES = ("conversations", "turns", "messages", "feedback")


def test_a_question_goes_all_the_way_and_back_and_is_forgotten(product: Product, page: Page):
    page.goto("/demo/temple")
    chat = Chat(page)
    chat.launcher.click()
    expect(chat.messages).to_contain_text("I am an automated assistant of Temple Health")
    expect(chat.element.locator(".notice")).to_contain_text(OUTAGE)

    chat.field.fill(QUESTION)
    chat.button("Send").click()
    expect(chat.messages).to_contain_text(ANSWER)
    expect(chat.messages).to_contain_text(SOURCE)

    expect(chat.bot.last).to_contain_text("personal details")
    reply = chat.bot.filter(has_text=ANSWER)
    reply.get_by_role("button", name="How is it treated?").click()
    expect(chat.messages).to_contain_text("Temple Health offers:")
    expect(chat.bot.last.locator(".text li").first).to_contain_text("Behavioral health")

    (conversation,) = product.rows("SELECT * FROM conversations")
    assert conversation["clinic"] == "temple"
    assert conversation["turns"] == 2
    question, answered, told, chosen, treatments = stored(product, conversation["id"])
    check_question(question)
    check_answer(product, answered)
    assert (told["subject"], told["intent"]) == ("privacy", None)
    assert chosen["text"] == "How is it treated?"
    assert (chosen["intent"], chosen["confidence"]) == ("treatments", 1.0)
    assert (treatments["subject"], treatments["action"]) == ("treatments", "action_treatments")
    assert not any(NUMBER in str(row.values()) for row in everything(product))

    chat.button("More options").click()
    chat.button("Forget me: delete this chat").click()
    chat.button("Delete it").click()
    expect(chat.visitor).to_have_count(0)
    assert not product.rows("SELECT 1 FROM conversations WHERE id = ?", conversation["id"])
    for table in TABLES[1:3]:
        query = f"SELECT 1 FROM {table} WHERE conversation_id = ?"
        assert not product.rows(query, conversation["id"]), table
    assert not any("scar tissue" in str(line) for line in product.logged)


def stored(product: Product, conversation: str) -> list[dict[str, Any]]:
    """The messages after the greeting."""
    query = "SELECT * FROM messages WHERE conversation_id = ? ORDER BY turn, position"
    return product.rows(query, conversation)[1:]


def everything(product: Product) -> list[dict[str, Any]]:
    return [row for table in TABLES for row in product.rows(f"SELECT * FROM {table}")]


def check_question(row: dict[str, Any]) -> None:
    """Redacted, and how it was understood stands beside it."""
    assert row["sender"] == "visitor"
    assert NUMBER not in row["text"]
    assert row["text"].startswith("My number is [")
    assert row["text"].endswith("How can scar tissue cause pain after the operation?")
    assert row["intent"] == "cause_detail"
    assert 0.25 < row["confidence"] <= 1
    assert row["runner_up"]


def check_answer(product: Product, row: dict[str, Any]) -> None:
    """Which action said which version of which answer."""
    assert (row["sender"], row["subject"], row["detail"]) == ("bot", "cause_detail", "scar_tissue")
    assert row["action"] == "action_cause_detail"
    query = "SELECT * FROM answer_versions WHERE answer_id = ? AND version = ?"
    (version,) = product.rows(query, row["answer_id"], row["answer_version"])
    assert ANSWER in str(version.values())
    assert not row["missed"]


def test_the_end_of_the_outage_is_in_the_next_reply_within_a_second(product: Product):
    with Visitor(product) as visitor:
        before = visitor.ask("what is the phone number of the clinic?")
        assert OUTAGE in before["text"]
        product.careline("outage", "off", "--clinic", "temple")
        time.sleep(SECONDS_TO_BE_IN_FORCE)
        try:
            after = visitor.ask("what is the phone number of the clinic?")
            status = visitor.client.get("/api/temple/status").json()
        finally:
            product.careline("outage", "on", "--clinic", "temple")
        time.sleep(SECONDS_TO_BE_IN_FORCE)
        again = visitor.ask("what is the phone number of the clinic?")
    assert OUTAGE not in after["text"]
    assert PHONE in after["text"]
    assert status["notice"] is None
    assert "not get through" in again["text"] or OUTAGE in again["text"]


def test_a_deleted_conversation_leaves_no_row(product: Product):
    with Visitor(product) as visitor:
        reply = visitor.ask("how common is it that back surgery fails?")
        visitor.post("feedback", message_id=reply["id"], helpful=False, comment="too short")
        (row,) = product.rows(
            "SELECT conversation_id AS id FROM messages WHERE id = ?", reply["id"]
        )
        assert product.rows("SELECT 1 FROM feedback WHERE message_id = ?", reply["id"])
        response = visitor.client.delete("/api/temple/session", headers=visitor.headers)
        assert response.status_code == 204
        assert visitor.post("messages", text="are you there?").status_code == 401
    assert not any(row["id"] in str(each.values()) for each in everything(product))
    assert not product.rows("SELECT 1 FROM feedback WHERE message_id = ?", reply["id"])


REAL_QUESTIONS = [
    ("hi, anybody there?", {"greet"}, None),
    ("what exactly is fbss", {"definition"}, None),
    ("why did my back operation not help, what are possible causes", {"causes"}, None),
    ("can scar tissue press on a nerve", {"cause_detail"}, "scar_tissue"),
    ("could it be that they operated on the wrong level?", {"cause_detail"}, "incorrect_diagnosis"),
    ("which symptoms are typical", {"symptoms"}, None),
    ("is trouble sleeping one of the symptoms", {"symptom_check"}, "trouble_sleeping"),
    ("what can be done about it? treatment options please", {"treatments"}, None),
    ("do u offer epidural injectoins", {"treatment_detail"}, "epidural"),
    ("how does a spinal cord stimulator work", {"treatment_detail"}, "spinal_cord_stimulation"),
    ("for what reasons do people get back surgery at all", {"why_surgery"}, None),
    ("how many people get this, is it rare", {"prevalence"}, None),
    ("will I need another operation", {"more_surgery", "medical_advice"}, None),
    ("I want to book an apointment", {"appointment"}, None),
    ("do you take medicare and what does it cost", {"clinic_admin"}, None),
    ("should I double my dose of gabapentin", {"medical_advice"}, None),
    ("my legs went numb and I can't hold my pee since this morning", {"emergency"}, None),
    ("I don't want to live with this pain anymore", {"crisis", "emergency"}, None),
    ("what are the symptoms of diabetes", {"out_of_scope"}, None),
    ("¿Hablan español? Necesito una cita", {"other_language"}, "es"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "subjects", "detail"), REAL_QUESTIONS)
def test_a_real_question_gets_the_reply_of_its_subject(
    product: Product, text: str, subjects: set[str], detail: str | None
):
    with Visitor(product) as visitor:
        reply = visitor.ask(text)
    assert reply["subject"] in subjects
    assert detail is None or reply["detail"] == detail
