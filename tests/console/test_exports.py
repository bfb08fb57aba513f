"""Downloads: the rows, the file's name, the record, and nothing of other clinics."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.console.stage import Stage, assert_page, words
from tests.console.talks import judged, said, shelf

EXPORT = "/conversations/export"


def table(response) -> list[dict[str, str]]:
    assert response.status_code == 200, words(response)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.text.lstrip("\ufeff"))))


def test_what_was_found_is_downloaded_as_a_table_of_conversations(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer")
    response = ana.post(EXPORT, {"rows": "conversations", "as": "csv", "missed": "yes"})
    (row,) = table(response)
    assert row["id"] == ids["missed"]
    assert row["first_words"] == "can I bring my horse"
    named = 'attachment; filename="temple-conversations-2026-11-20.csv"'
    assert response.headers["content-disposition"] == named
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"


def test_one_row_a_message_as_json_lines(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reviewer")
    response = ana.post(EXPORT, {"rows": "messages", "as": "jsonl", "words": "scar"})
    rows = [json.loads(line) for line in response.text.splitlines()]
    assert {row["conversation"] for row in rows} == {ids["unhelpful"]}
    assert [row["sender"] for row in rows] == ["bot", "visitor", "bot"]
    assert rows[2]["comment"] == "too short for me"
    named = 'attachment; filename="temple-messages-2026-11-20.jsonl"'
    assert response.headers["content-disposition"] == named


def test_no_cell_starts_a_formula(console: Stage):
    for start in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1"):
        judged(console, said(console, start), False, start)
    ana = console.signed_in(temple="reviewer")
    for rows in ("conversations", "messages"):
        found = table(ana.post(EXPORT, {"rows": rows, "as": "csv"}))
        cells = [cell for row in found for cell in row.values()]
        assert any(cell.startswith("'=") for cell in cells)
        bad = [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r", "＝")]
        assert bad == []


def test_an_export_is_recorded_before_its_first_byte(console: Stage, monkeypatch):
    shelf(console)
    ana = console.signed_in(temple="reviewer")
    ana.post(EXPORT, {"rows": "messages", "as": "csv", "words": "scar"})
    (entry,) = console.recorded("conversation.exported")
    assert (entry.by, entry.clinic) == ("ana", "temple")

    def fail(*_: object) -> None:
        raise OSError("the record cannot be written")

    monkeypatch.setattr(type(console.parts.audit), "record", fail)
    for rows in ("conversations", "messages"):
        response = ana.post(EXPORT, {"rows": rows, "as": "csv"})
        assert "horse" not in assert_page(response, 500)
        assert "content-disposition" not in response.headers


def test_only_clinics_in_which_one_may_export_are_in_the_file(console: Stage):
    ids = shelf(console)
    ana = console.signed_in(temple="reader", twin_cities="reviewer")
    found = table(ana.post(EXPORT, {"rows": "conversations", "as": "csv"}))
    assert [row["id"] for row in found] == [ids["elsewhere"]]
    refused = ana.post(EXPORT, {"rows": "conversations", "as": "csv", "clinic": "temple"})
    assert_page(refused, 404)
    assert_page(ana.get(f"{EXPORT}?clinic=temple"), 404)
    assert_page(console.signed_in("bo", temple="reader").get(EXPORT), 403)


def test_the_page_before_says_how_much_it_is(console: Stage):
    shelf(console)
    ana = console.signed_in(temple="reviewer")
    shown = assert_page(ana.get(f"{EXPORT}?about=emergency&words=legs"))
    assert "1 conversation found, of Temple Health" in shown
    assert "About: Emergency" in shown
    assert "Words: legs" in shown
    assert "6 conversations, of" in assert_page(ana.get(EXPORT))


@pytest.mark.parametrize("fields", [{}, {"rows": "conversations", "as": "exe"}, {"as": "csv"}])
def test_an_unknown_kind_of_file_is_refused(console: Stage, fields: dict[str, str]):
    ana = console.signed_in(temple="reviewer")
    assert_page(ana.post(EXPORT, fields), 400)


@pytest.mark.parametrize(("kind", "type_"), [("txt", "plain"), ("csv", "csv"), ("json", "json")])
def test_one_conversation_is_downloaded(console: Stage, kind: str, type_: str):
    id_ = said(console, "does scar tissue hurt")
    ana = console.signed_in(temple="reviewer")
    response = ana.post(f"/conversations/{id_}/download", {"as": kind})
    assert response.status_code == 200, words(response)
    assert f"/{type_}" in response.headers["content-type"]
    name = f'attachment; filename="conversation-{id_[:8]}-2026-11-20.{kind}"'
    assert response.headers["content-disposition"] == name
    assert "does scar tissue hurt" in response.text
    (entry,) = console.recorded("conversation.exported")
    assert entry.target == id_


def test_an_empty_export_is_a_table_without_rows(console: Stage):
    ana = console.signed_in(temple="reviewer")
    assert table(ana.post(EXPORT, {"rows": "messages", "as": "csv"})) == []
