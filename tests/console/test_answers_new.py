"""New answers: tried out first, items of a list, a clinic's own words for a shared answer."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from bot.content.store import ContentStore
from bot.content.tables import answers
from tests.console.missed_stage import parking
from tests.console.stage import Staff, Stage, assert_page
from tests.console.test_answers import DOGS, change, fields, goes, number, said

DATABASE = "postgresql"


@pytest.fixture
def editor(console: Stage) -> Staff:
    return console.signed_in("eve", temple="editor", twin_cities="editor")


def test_a_list_is_put_in_another_order_and_a_new_item_gets_other_names(
    console: Stage, editor: Staff
) -> None:
    made = {
        "kind": "cause_detail", "clinic": "library", "title": "Loose screws",
        "text": "A screw that holds the bones can come loose.", "also_called": "wobbly screw",
        "source": "temple", "reviewed_on": "2026-11-01", "do": "publish",
    }  # fmt: skip
    goes(editor.post("/answers/new", made))
    assert "screw" in said(console, "cause_detail", "loose-screws")
    console.live.refresh()
    place = number(console, "causes")
    goes(change(editor, place, "publish", **{"item-loose-screws": "on", "place-loose-screws": "0"}))
    with console.database.connect() as connection:
        query = sa.select(answers.c["items"]).where(answers.c.id == place)
        assert connection.execute(query).scalar_one()[0] == "loose-screws"


def test_only_an_answer_with_a_list_asks_what_it_shows(console: Stage, editor: Staff) -> None:
    listed, item = number(console, "causes"), number(console, "treatment_detail", "injections")
    assert "What the list shows" in assert_page(editor.get(f"/answers/{listed}"))
    assert "What the list shows" not in assert_page(editor.get(f"/answers/{item}"))


def test_a_name_that_means_something_else_already_is_refused(console: Stage, editor: Staff) -> None:
    place = number(console, "treatment_detail", "injections")
    text = assert_page(change(editor, place, "publish", also_called="opioid\nshot"), 422)
    assert "'opioid' already means treatment_detail/" in text


@pytest.mark.usefixtures("trained")
def test_a_new_answer_is_tried_before_it_is_published_and_then_found(
    console: Stage, editor: Staff
) -> None:
    assert_page(editor.get("/answers/new"))
    tried = {**DOGS, "do": "preview", "questions": "is my dog allowed inside"}
    text = assert_page(editor.post("/answers/new", tried))
    assert "Would it be found?" in text
    assert "is my dog allowed inside Yes" in text
    assert "What would it take from others?" in text
    place = goes(editor.post("/answers/new", {**DOGS, "do": "publish"}))
    assert place.endswith("done=publish")
    assert said(console, "faq", "dogs-in-the-clinic") == DOGS["text"]


@pytest.mark.usefixtures("trained")
def test_a_new_answer_that_takes_from_a_subject_says_what(editor: Staff) -> None:
    greedy = {
        **DOGS, "title": "Visits by appointment", "text": "Make an appointment.", "do": "preview",
        "examples": "How do I make an appointment?\nI want an appointment\nbook a visit",
    }  # fmt: skip
    text = assert_page(editor.post("/answers/new", greedy))
    assert "book a visit No “Appointments” would answer" in text
    assert "“i want an appointment”, now answered by “Appointments”" in text


def test_a_new_source_is_added_with_the_answer_that_names_it(console: Stage, editor: Staff) -> None:
    rules = {"new_title": "House rules", "new_publisher": "Temple Health", "source": ""}
    goes(editor.post("/answers/new", {**DOGS, **rules, "do": "publish"}))
    answer = (
        ContentStore(console.database, console.clock)
        .snapshot()
        .answer("temple", "faq", "dogs-in-the-clinic")
    )
    assert answer is not None
    assert answer.source is not None
    assert answer.source.title == "House rules"


def test_what_is_wrong_with_a_new_source_stands_beside_its_field(
    console: Stage, editor: Staff
) -> None:
    def refused(field: str, **source: str) -> str:
        """What is said of that field."""
        sent = {**DOGS, "source": "", **source, "do": "publish"}
        response = editor.post("/answers/new", sent)
        assert_page(response, 422)
        return response.text.partition(f'<a href="#{field}">')[2].partition("</a>")[0]

    whole = {"new_title": "House rules", "new_publisher": "Temple"}
    assert refused("new_publisher", new_title="Rules") == "Write something here."
    assert refused("new_title", **{**whole, "new_title": "?"}) == "Write a title with letters."
    assert "https://" in refused("new_url", **whole, new_url="ftp://temple.example")
    assert not console.recorded("source.added")


def test_without_source_or_with_one_example_a_new_answer_is_refused(editor: Staff) -> None:
    wrong = {**DOGS, "source": "", "examples": "Dogs?", "do": "publish"}
    response = editor.post("/answers/new", wrong)
    text = assert_page(response, 422)
    assert "Choose where this comes from" in text
    assert "Write 2 to 20 different questions" in text


def test_an_editor_of_one_clinic_reads_shared_answers_and_writes_their_own_clinics(
    console: Stage,
) -> None:
    ana = console.signed_in("ana", temple="editor")
    place = number(console, "help")
    text = assert_page(ana.get(f"/answers/{place}"))
    assert "shared by all clinics" in text
    assert ana.post(f"/answers/{place}", {"do": "publish", "text": "x"}).status_code == 403
    twin = number(console, "telemedicine", clinic="twin-cities")
    assert ana.get(f"/answers/{twin}").status_code == 404
    assert ana.post(f"/answers/{twin}", {"do": "publish"}).status_code == 404
    own = ana.get(f"/answers/new?clinic=temple&of={place}")
    sent = {**fields(own.text), "text": "Temple's own words.", "do": "publish"}
    goes(ana.post("/answers/new", sent))
    assert said(console, "help") == "Temple's own words."
    assert said(console, "help", clinic="twin-cities") != "Temple's own words."
    refused = ana.post("/answers/new", {**DOGS, "clinic": "twin-cities", "do": "publish"})
    assert refused.status_code == 404
    assert ana.post("/answers/new", {**DOGS, "clinic": "library", "do": "draft"}).status_code == 403


def draft_of_dogs(editor: Staff, **more: str) -> str:
    """Where a draft of a new answer lies."""
    return goes(editor.post("/answers/new", {**DOGS, **more, "do": "draft"})).split("?")[0][6:]


def test_what_is_typed_about_a_draft_that_somebody_threw_away_is_kept_as_a_new_answer(
    console: Stage,
) -> None:
    group, editor = str(parking(console)), console.signed_in("ana", temple="reader editor")
    place = draft_of_dogs(editor)
    mine = {**fields(editor.get(place).text), "text": "Only small dogs.", "missed": group}
    goes(editor.post(f"{place}/discard", {"edit": mine["edit"]}))
    gone = editor.post(place, {**mine, "do": "draft"})
    assert "This draft is not there any more" in assert_page(gone, 409)
    again = fields(gone.text)
    assert (again["text"], again["kind"], again["missed"]) == ("Only small dogs.", "faq", group)
    goes(editor.post("/answers/new", {**again, "do": "publish"}))
    assert said(console, "faq", "dogs-in-the-clinic") == "Only small dogs."


def test_what_is_typed_about_a_draft_that_somebody_published_is_kept_beside_their_words(
    console: Stage, editor: Staff
) -> None:
    place = draft_of_dogs(editor)
    mine = {**fields(editor.get(place).text), "text": "Only small dogs."}
    leo = console.signed_in("leo", temple="editor", twin_cities="editor")
    goes(change(leo, place.split("/")[-1], "publish", text="Edelweiss."))
    published = editor.post(place, {**mine, "do": "publish"})
    text = assert_page(published, 409)
    assert "Somebody else changed this answer" in text
    assert "Edelweiss." in text
    again = fields(published.text)
    assert again["text"] == "Only small dogs."
    address = re.search(r'<form class="card" method="post" action="/staff([^"]*)"', published.text)
    goes(editor.post(address[1], {**again, "do": "publish"}))  # type: ignore[index]
    assert said(console, "faq", "dogs-in-the-clinic") == "Only small dogs."


def test_what_is_typed_about_a_clinics_own_words_that_are_gone_is_kept_as_such(
    console: Stage, editor: Staff
) -> None:
    form = editor.get(f"/answers/new?clinic=temple&of={number(console, 'help')}")
    sent = {**fields(form.text), "text": "Temple's own words.", "do": "draft"}
    place = goes(editor.post("/answers/new", sent)).split("?")[0][6:]
    mine = {**fields(editor.get(place).text), "text": "Later words."}
    goes(editor.post(f"{place}/discard", {"edit": mine["edit"]}))
    gone = editor.post(place, {**mine, "do": "draft"})
    assert "Words for Temple Health" in assert_page(gone, 409)
    goes(editor.post("/answers/new", {**fields(gone.text), "do": "publish"}))
    assert said(console, "help") == "Later words."


def test_a_draft_of_another_clinic_is_not_told_of(console: Stage, editor: Staff) -> None:
    place = draft_of_dogs(editor, clinic="twin-cities")
    mine = fields(editor.get(place).text)
    goes(editor.post(f"{place}/discard", {"edit": mine["edit"]}))
    ana = console.signed_in("ana", temple="editor")
    assert ana.post(place, {**mine, "do": "draft"}).status_code == 404


def test_a_clinics_own_words_begin_with_what_is_in_force_not_with_a_draft(
    console: Stage, editor: Staff
) -> None:
    place, shared = number(console, "help"), said(console, "help")
    goes(change(editor, place, "draft", text="Half done."))
    form = editor.get(f"/answers/new?clinic=temple&of={place}")
    assert fields(form.text)["text"] == shared
    draft = draft_of_dogs(editor, clinic="library").split("/")[-1]
    assert editor.get(f"/answers/new?clinic=temple&of={draft}").status_code == 404


def test_the_kind_is_changed_before_there_is_a_title_and_what_was_typed_stays(
    console: Stage,
) -> None:
    group, editor = str(parking(console)), console.signed_in("ana", temple="reader editor")
    sent = {"kind": "cause_detail", "clinic": "temple", "text": "Loose screws.", "missed": group}
    page = editor.post("/answers/new", {**sent, "do": "kind"})
    assert "Also called" in assert_page(page)
    assert "Write a title." not in page.text
    again = fields(page.text)
    assert {name: again[name] for name in sent} == sent


def test_a_look_at_nothing_says_that_the_text_is_missing(console: Stage, editor: Staff) -> None:
    look = {**DOGS, "text": " ", "do": "preview"}
    response = editor.post("/answers/new", look)
    assert "Write what the bot says." in assert_page(response, 422)
    assert 'id="text-error"' in response.text
    again = change(editor, number(console, "help"), "preview", text="")
    assert "Write what the bot says." in assert_page(again, 422)
