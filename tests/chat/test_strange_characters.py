"""Characters that PostgreSQL cannot store, or that no text can hold, in everything that is sent."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from starlette.datastructures import Secret

from tests.chat.stage import Stage

STRANGE = ["a\0b", "\0", "a\ud800b", "\udfff"]
TOKEN = "a-long-enough-secret"


@pytest.fixture
def stage(make_stage: Callable[..., Stage], empty_database: str) -> Stage:
    """On either database."""
    return make_stage(database_url=empty_database, rest_channel_token=Secret(TOKEN))


@pytest.mark.parametrize("strange", STRANGE)
def test_no_field_of_a_request_breaks_the_server(stage: Stage, strange: str):
    visitor = stage.start()
    reply = visitor.send(text="what is fbss").json()["messages"][0]["id"]
    bodies = {
        "messages": [{"text": strange}, {"text": f"pain {strange}"}, {"choice": strange}],
        "feedback": [
            {"message_id": strange, "helpful": True},
            {"message_id": reply, "helpful": False, "comment": strange},
        ],
    }
    for path, each in bodies.items():
        for body in each:
            response = stage.client.post(
                f"/api/temple/{path}",
                content=json.dumps(body).encode(),
                headers={**visitor.headers, "Content-Type": "application/json"},
            )
            assert response.status_code < 500, (path, body)
    assert visitor.read().status_code == 200


@pytest.mark.parametrize("strange", STRANGE)
def test_no_field_of_rasas_contract_breaks_the_server(stage: Stage, strange: str):
    for change in (
        {"sender": strange},
        {"message": strange},
        {"message": f"choice:{strange}"},
        {"metadata": {"clinic": strange}},
    ):
        body = {"sender": "partner-7", "message": "what is fbss", **change}
        response = stage.client.post(
            "/webhooks/rest/webhook",
            content=json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
        )
        assert response.status_code < 500, change


@pytest.mark.parametrize("path", ["/api/te%00mple/status", "/demo/%00", "/widget/%00/x.js", "/%00"])
def test_no_address_breaks_the_server(stage: Stage, path: str):
    assert stage.client.get(path).status_code == 404
    assert stage.client.get("/api/temple/status?x=%00").status_code == 200
