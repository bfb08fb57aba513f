from __future__ import annotations

import pytest

from bot.content.model import RETENTION_DAYS
from tests.chat.stage import Stage, assert_error
from tests.conversations.wordings import begin
from tests.engine.stage import wait_until

PAGES = ["/", "/demo/temple", "/demo/twin-cities"]


def test_health_is_ok_when_messages_can_be_answered(stage: Stage):
    response = stage.client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "content_version": 7}


def test_content_polls_while_the_server_runs_and_the_engine_is_closed_after(stage: Stage):
    assert stage.content.running
    stage.client.__exit__(None, None, None)
    assert not stage.content.running
    assert stage.engine.closed
    stage.client.__enter__()


def test_a_running_server_deletes_what_a_clinic_keeps_no_longer(stage: Stage):
    stage.start()
    stage.client.__exit__(None, None, None)
    stage.clock.move(days=RETENTION_DAYS + 1)
    kept = begin(stage.log)
    stage.client.__enter__()
    wait_until(lambda: [each.id for each in stage.log.all()] == [kept.id])


@pytest.mark.parametrize(
    "path", ["/nowhere", "/api", "/api/temple", "/api/temple/sessions/", "/demo/x"]
)
def test_an_unknown_path_is_answered_with_404_in_the_one_shape(stage: Stage, path: str):
    assert_error(stage.client.get(path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/api/temple/sessions", "POST"),
        ("PUT", "/api/temple/messages", "GET, POST"),
        ("POST", "/health", "GET"),
        ("POST", "/", "GET, HEAD"),
        ("GET", "/webhooks/rest/webhook", "POST"),
    ],
)
def test_a_wrong_method_is_answered_with_405_in_the_one_shape(
    stage: Stage, method: str, path: str, allowed: str
):
    response = stage.client.request(method, path)
    assert_error(response, 405, "method_not_allowed")
    assert sorted(response.headers["allow"].split(", ")) == sorted(allowed.split(", "))


@pytest.mark.parametrize(
    "path", ["/health", "/nowhere", "/api/temple/status", "/api/temple/messages", *PAGES]
)
def test_every_response_carries_the_security_headers(stage: Stage, path: str):
    headers = stage.client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors" in headers["content-security-policy"]
    assert headers["cache-control"] in ("no-store", "no-cache")


def test_errors_and_answers_of_the_api_are_never_cached(stage: Stage):
    visitor = stage.start()
    stage.engine.error = RuntimeError("broken")
    for response in (visitor.read(), visitor.send(text="hello"), visitor.send(text="")):
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-content-type-options"] == "nosniff"


def test_no_other_origin_may_read_the_api(stage: Stage):
    headers = {"Origin": "https://elsewhere.example"}
    for response in (
        stage.client.get("/api/temple/status", headers=headers),
        stage.client.options(
            "/api/temple/messages", headers={**headers, "Access-Control-Request-Method": "POST"}
        ),
    ):
        assert "access-control-allow-origin" not in response.headers


def test_an_error_outside_of_the_doors_has_the_one_shape(stage: Stage, monkeypatch):
    def broken(token_hash: str):
        raise RuntimeError("sensitive")

    monkeypatch.setattr(stage.log, "by_token_hash", broken)
    response = stage.client.get("/health")
    assert "sensitive" not in assert_error(response, 500, "internal")
