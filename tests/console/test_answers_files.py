"""Content files at the staff door: taken along, changed, brought back."""

from __future__ import annotations

import re

import pytest

from bot.content.approval import ApprovalSetting
from bot.content.exporter import export_texts
from bot.content.store import ContentStore
from tests.console.stage import Staff, Stage, assert_page
from tests.console.test_answers import change, goes, number, said

DATABASE = "postgresql"

PATH = "/answers/files"


@pytest.fixture
def editor(console: Stage) -> Staff:
    return console.signed_in("eve", temple="editor", twin_cities="editor")


def file_with(console: Stage, name: str) -> str:
    """The file that holds an answer of the library."""
    content = ContentStore(console.database, console.clock).content()
    return next(a.file for a in content.answers if a.clinic == "library" and a.name == name)


def taken(editor: Staff, name: str) -> str:
    response = editor.get(f"{PATH}/download", params={"name": name})
    assert response.status_code == 200
    assert "attachment" in response.headers["content-disposition"]
    return str(response.text)


def version_in(response) -> str:  # type: ignore[no-untyped-def]
    return re.search(r'name="version" value="(\d+)"', response.text)[1]  # type: ignore[index]


def test_a_file_is_the_one_that_an_export_writes(console: Stage, editor: Staff) -> None:
    name = file_with(console, "help")
    assert name in assert_page(editor.get(PATH))
    content = ContentStore(console.database, console.clock).content()
    assert taken(editor, name) == export_texts(content)[name]


def test_what_a_file_changes_is_shown_first_and_then_taken_in(
    console: Stage, editor: Staff
) -> None:
    name = file_with(console, "help")
    changed = re.sub(r"(  help:\n)", r"\1    simpler: Ask me.\n", taken(editor, name), count=1)
    changed = re.sub(
        r"(    simpler: Ask me.\n(?:.*\n)*?)    simpler: .*\n(      .*\n)*", r"\1", changed, count=1
    )
    shown = editor.post(PATH, {"name": name, "text": changed})
    assert "Ask me." in assert_page(shown)
    assert console.recorded("answers.") == []
    done = {"name": name, "text": changed, "do": "take-in", "version": version_in(shown)}
    assert goes(editor.post(PATH, done)).endswith("done=brought")
    assert console.recorded("answers.imported")[0].by == "eve"
    assert editor.post(PATH, done).status_code == 409, "shown before it was changed"


def test_a_file_replaces_a_draft_only_where_somebody_has_seen_it(
    console: Stage, editor: Staff
) -> None:
    place = number(console, "help")
    leo = console.signed_in("leo", temple="editor", twin_cities="editor")
    goes(change(leo, place, "draft", text="Edelweiss."))
    name = file_with(console, "help")
    text = taken(editor, name).replace("  help:\n", "  help:\n    review_by: 2030-01-01\n", 1)
    shown = editor.post(PATH, {"name": name, "text": text})
    assert "There is a draft by leo" in assert_page(shown)
    done = {"name": name, "text": text, "do": "take-in", "version": version_in(shown)}
    refused = editor.post(PATH, done)
    page = assert_page(refused, 409)
    assert "tick that it replaces them" in page
    assert "Edelweiss." in page
    assert "Edelweiss." in editor.get(f"/answers/{place}").text
    again = {**done, "version": version_in(refused), "over-drafts": "on"}
    assert goes(editor.post(PATH, again)).endswith("done=brought")
    assert "Edelweiss." not in editor.get(f"/answers/{place}").text


def test_every_mistake_is_named_with_its_line_and_nothing_is_changed(
    console: Stage, editor: Staff
) -> None:
    name = file_with(console, "help")
    text = taken(editor, name).replace("    text:", "    txt:", 1)
    line = text[: text.index("    txt:")].count("\n") + 1
    said_ = assert_page(editor.post(PATH, {"name": name, "text": text}), 422)
    assert f"Line {line}" in said_
    assert "There is no such key" in said_
    assert "nothing was changed" in said_
    broken = assert_page(editor.post(PATH, {"name": name, "text": "answers: [\n"}), 422)
    assert "not valid YAML" in broken


def test_a_medical_answer_in_a_file_waits_for_approval(console: Stage, editor: Staff) -> None:
    ApprovalSetting(console.database, console.clock).set("temple", True, by="ada")
    name = file_with(console, "definition")
    before = said(console, "definition")
    text = taken(editor, name).replace(
        "reviewed_on: ", "review_by: 2030-01-01\n    reviewed_on: ", 1
    )
    shown = editor.post(PATH, {"name": name, "text": text})
    assert "Has to be approved" in assert_page(shown)
    done = {"name": name, "text": text, "do": "take-in", "version": version_in(shown)}
    assert goes(editor.post(PATH, done)).endswith("done=brought-waits")
    assert said(console, "definition") == before
    leo = console.signed_in("leo", temple="editor", twin_cities="editor")
    assert "Waiting for your approval" in assert_page(leo.get("/answers"))


def test_the_files_of_another_clinic_are_not_there(console: Stage) -> None:
    ana = console.signed_in("ana", temple="editor")
    assert "twin-cities" not in assert_page(ana.get(PATH))
    assert ana.get(f"{PATH}/download?name=twin-cities.yml").status_code == 404
    assert ana.post(PATH, {"name": "twin-cities.yml", "text": "answers: {}"}).status_code == 404
    shared = file_with(console, "help")
    assert ana.post(PATH, {"name": shared, "text": "answers: {}"}).status_code == 403
    assert ana.get(f"{PATH}/download?name=../../etc/passwd").status_code == 404
