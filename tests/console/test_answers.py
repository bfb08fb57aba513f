"""The pages of answers: find one, change it, look at it first, publish it, plan it, put it back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape

import pytest
import sqlalchemy as sa

from bot.content.publishing import Publishing
from bot.content.store import ContentStore
from bot.content.tables import answers
from bot.nlu.answer_vectors import vector_store
from tests.console.stage import Staff, Stage, assert_page, words

DATABASE = "postgresql"


@pytest.fixture
def editor(console: Stage) -> Staff:
    return console.signed_in("eve", temple="editor", twin_cities="editor")


def fields(page: str) -> dict[str, str]:
    """The form of an answer, as a browser would send it back."""
    form = page[page.index('<form class="card" method="post"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form[: form.index("</form>")]):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or " checked" in tag):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, text in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>([^<]*)</textarea>', form):
        found[name] = unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = unescape(chosen[1]) if chosen else ""
    found.pop("csrf")
    return found


def number(console: Stage, subject: str, detail: str = "", clinic: str = "library") -> int:
    query = sa.select(answers.c.id).where(
        answers.c.clinic == clinic, answers.c.subject == subject, answers.c.detail == detail
    )
    with console.database.connect() as connection:
        return int(connection.execute(query).scalar_one())


def said(console: Stage, subject: str, detail: str | None = None, clinic: str = "temple") -> str:
    """What visitors read now."""
    answer = (
        ContentStore(console.database, console.clock).snapshot().answer(clinic, subject, detail)
    )
    return answer.text if answer else ""


def change(staff: Staff, place: object, do: str, **changes: str) -> object:
    opened = fields(assert_is_page(staff.get(f"/answers/{place}")))
    return staff.post(f"/answers/{place}", {**opened, "do": do, **changes})


def assert_is_page(response) -> str:  # type: ignore[no-untyped-def]
    assert_page(response)
    return str(response.text)


def goes(response) -> str:  # type: ignore[no-untyped-def]
    assert response.status_code == 303, words(response)[:800]
    return str(response.headers["location"])


DOGS: Mapping[str, str] = {
    "kind": "faq",
    "clinic": "temple",
    "title": "Dogs in the clinic",
    "text": "Trained service dogs are welcome in all rooms.",
    "examples": "Can I bring my dog?\nAre pets allowed?\nMay my service dog come in?",
    "source": "temple",
}


def test_all_answers_are_listed_and_found_by_words_subject_and_clinic(editor: Staff) -> None:
    text = assert_page(editor.get("/answers"))
    assert "Write a new answer" in text
    assert re.search(r"\d+ answers", text)
    text = assert_page(editor.get("/answers?subject=treatment_detail&words=stimulat"))
    assert "found" in text
    assert "Spinal cord stimulat" in text
    assert "No answer is like this." in assert_page(editor.get("/answers?words=zebra"))


def test_an_answer_is_opened_with_what_visitors_see_now(console: Stage, editor: Staff) -> None:
    text = assert_page(editor.get(f"/answers/{number(console, 'definition')}"))
    assert "What visitors see now" in text
    assert "Reading grade" in text
    assert said(console, "definition").split("\n")[0][:40] in text


def test_saving_the_form_as_it_was_changes_no_word(console: Stage, editor: Staff) -> None:
    with console.database.connect() as connection:
        rows = connection.execute(sa.select(answers)).mappings().all()
    for row in rows[:: len(rows) // 12]:
        goes(change(editor, row["id"], "publish"))
        with console.database.connect() as connection:
            query = sa.select(answers).where(answers.c.id == row["id"])
            after = connection.execute(query).mappings().one()
        same = {key for key in row if key not in ("version", "origin")}
        assert {k: after[k] for k in same} == {k: row[k] for k in same}


def test_a_published_change_is_read_by_visitors_and_stands_in_the_record(
    console: Stage, editor: Staff
) -> None:
    place = number(console, "help")
    response = change(editor, place, "publish", text="Ask me about your back. {route}")
    assert goes(response) == f"/staff/answers/{place}?done=publish"
    assert said(console, "help") == "Ask me about your back. {route}"
    entry = console.recorded("answer.published")[-1]
    assert (entry.by, entry.clinic, entry.target) == ("eve", "library", "help")


def test_a_draft_is_kept_and_no_visitor_reads_it(console: Stage, editor: Staff) -> None:
    place, before = number(console, "help"), said(console, "help")
    change(editor, place, "draft", text="Half done")
    assert said(console, "help") == before
    text = assert_page(editor.get(f"/answers/{place}"))
    assert "Half done" in text
    assert "Has changes that are not published" in text
    assert "What I can do" in assert_page(editor.get("/answers?state=changed"))
    opened = fields(editor.get(f"/answers/{place}").text)
    goes(editor.post(f"/answers/{place}/discard", {"edit": opened["edit"]}))
    assert "Half done" not in editor.get(f"/answers/{place}").text


def test_a_look_beforehand_shows_reply_grade_and_length_and_keeps_nothing(
    console: Stage, editor: Staff
) -> None:
    place, before = number(console, "help"), said(console, "help")
    text = assert_page(
        change(editor, place, "preview", text="At {clinic} we listen. " + "Well then. " * 9)
    )
    assert "At Temple Health we listen." in text
    assert "Nothing is saved yet." in text
    assert "This is long for a chat" in text
    assert said(console, "help") == before
    assert console.recorded("answer") == []


def test_each_mistake_stands_beside_its_field_and_what_was_typed_stays(
    console: Stage, editor: Staff
) -> None:
    place = number(console, "treatments")
    wrong = {"text": "Stop your gabapentin.", "source": "", "reviewed_on": "tomorrow"}
    response = change(editor, place, "publish", **wrong)
    text = assert_page(response, 422)
    for field in wrong:
        assert f'id="{field}-error"' in response.text
    assert "Stop your gabapentin." in text
    assert "tells to start, stop or change a treatment" in text
    assert "Choose where this comes from" in text
    assert "Write the day as year-month-day" in text


def test_a_text_without_words_and_a_wrong_placeholder_are_refused(
    console: Stage, editor: Staff
) -> None:
    place = number(console, "help")
    assert "Write what the bot says." in assert_page(change(editor, place, "publish", text=""), 422)
    text = assert_page(change(editor, place, "publish", text="Call {fax}."), 422)
    assert "{fax} is no placeholder" in text


def test_whoever_was_overtaken_keeps_what_was_typed_and_sees_what_is_different(
    console: Stage, editor: Staff
) -> None:
    place = number(console, "help")
    mine = fields(editor.get(f"/answers/{place}").text)
    leo = console.signed_in("leo", temple="editor", twin_cities="editor")
    change(leo, place, "publish", text="Words of Leo.")
    response = editor.post(f"/answers/{place}", {**mine, "text": "My own words.", "do": "publish"})
    text = assert_page(response, 409)
    assert "Somebody else changed this answer" in text
    assert "Leo." in text
    again = fields(response.text)
    assert again["text"] == "My own words."
    goes(editor.post(f"/answers/{place}", {**again, "do": "publish"}))
    assert said(console, "help") == "My own words."


def test_an_answer_is_published_at_its_time(console: Stage, editor: Staff) -> None:
    place, before = number(console, "help"), said(console, "help")
    assert "Write the day and the time" in assert_page(change(editor, place, "later"), 422)
    past = change(editor, place, "later", publish_at="2020-01-01T08:00")
    assert "This time has passed." in assert_page(past, 422)
    at = (console.clock() + timedelta(days=1)).strftime("%Y-%m-%dT12:00")
    goes(change(editor, place, "later", text="New words.", publish_at=at))
    publishing = Publishing(console.database, console.clock, vector_store(console.database))
    assert publishing.publish_due() == 0
    assert said(console, "help") == before
    assert "Planned" in assert_page(editor.get("/answers?state=ready"))
    console.clock.now += timedelta(days=2)
    assert publishing.publish_due() == 1
    assert said(console, "help") == "New words."
    assert publishing.publish_due() == 0


def test_history_shows_differences_and_an_old_version_comes_back(
    console: Stage, editor: Staff
) -> None:
    place, first = number(console, "help"), said(console, "help")
    change(editor, place, "publish", text="Other words.")
    page = editor.get(f"/answers/{place}/history")
    text = assert_page(page)
    assert "<ins>" in page.text
    assert "<del>" in page.text
    assert "by eve" in text
    assert goes(editor.post(f"/answers/{place}/restore", {"version": "1"})).endswith("restored")
    assert said(console, "help") == "Other words."
    goes(change(editor, place, "publish"))
    assert said(console, "help") == first


def test_an_old_version_replaces_a_draft_only_where_somebody_has_seen_it(
    console: Stage, editor: Staff
) -> None:
    place = number(console, "help")
    goes(change(editor, place, "publish", text="Other words."))
    leo = console.signed_in("leo", temple="editor", twin_cities="editor")
    goes(change(leo, place, "draft", text="Words that Leo writes at."))
    refused = editor.post(f"/answers/{place}/restore", {"version": "1"})
    text = assert_page(refused, 409)
    assert "There is a draft by leo" in text
    assert "Words that Leo writes at." in text
    assert "Words that Leo writes at." in editor.get(f"/answers/{place}").text
    sent = dict(re.findall(r'name="(version|edit)" value="(\d+)"', refused.text))
    goes(change(leo, place, "draft", text="Later words of Leo."))
    later = editor.post(f"/answers/{place}/restore", sent)
    assert "Later words of Leo." in assert_page(later, 409)
    sent = dict(re.findall(r'name="(version|edit)" value="(\d+)"', later.text))
    assert goes(editor.post(f"/answers/{place}/restore", sent)).endswith("restored")
    assert "Later words of Leo." not in editor.get(f"/answers/{place}").text


def test_an_answer_that_others_need_is_not_taken_away(console: Stage, editor: Staff) -> None:
    place = number(console, "causes")
    version = fields(editor.get(f"/answers/{place}").text)["version"]
    text = assert_page(editor.post(f"/answers/{place}/take-away", {"version": version}), 422)
    assert "Every clinic needs this answer." in text
    item = number(console, "treatment_detail", "injections")
    version = fields(editor.get(f"/answers/{item}").text)["version"]
    text = assert_page(editor.post(f"/answers/{item}/take-away", {"version": version}), 422)
    assert "Other answers lead to this one" in text


def test_an_answer_is_taken_away_and_its_address_is_gone(console: Stage, editor: Staff) -> None:
    place = (
        goes(editor.post("/answers/new", {**DOGS, "do": "publish"})).split("?")[0].split("/")[-1]
    )
    goes(editor.post(f"/answers/{place}/take-away", {"version": "1"}))
    assert said(console, "faq", "dogs-in-the-clinic") == ""
    assert_page(editor.get(f"/answers/{place}"), 404)
    assert console.recorded("answer.archived")


def test_an_answer_whose_review_date_has_passed_is_marked(console: Stage, editor: Staff) -> None:
    place = number(console, "help")
    goes(change(editor, place, "publish", review_by="2026-01-01"))
    text = assert_page(editor.get("/answers?review=overdue"))
    assert "Passed" in text
    assert "Passed" in assert_page(editor.get(f"/answers/{place}"))
    soon = (console.clock().date() + timedelta(days=9)).isoformat()
    goes(change(editor, place, "publish", review_by=soon))
    assert "Soon" in assert_page(editor.get("/answers?review=soon"))


@pytest.mark.parametrize(("mine", "other"), [("temple", "twin-cities"), ("twin-cities", "temple")])
def test_what_another_clinic_calls_its_answers_is_not_told(
    console: Stage, editor: Staff, mine: str, other: str
) -> None:
    """An answer without a title of its own has the one that is shared, not another clinic's."""
    shared = number(console, "help")
    for clinic, title in ((mine, ""), (other, "Edelweiss")):
        form = fields(editor.get(f"/answers/new?clinic={clinic}&of={shared}").text)
        own = {**form, "clinic": clinic, "of": str(shared), "title": title, "do": "publish"}
        goes(editor.post("/answers/new", own))
    console.live.refresh()
    ana = console.signed_in("ana", **{mine: "editor"})
    place = number(console, "help", clinic=mine)
    for page in ("/answers?subject=help", f"/answers/{place}", f"/answers/{place}/history"):
        assert "Edelweiss" not in assert_page(ana.get(page)), page
    assert "Edelweiss" in assert_page(editor.get("/answers?subject=help"))
    assert "Edelweiss" not in assert_page(editor.get(f"/answers/{place}"))
