"""A clinic's own websites may use its chat, other pages may not."""

from __future__ import annotations

import dataclasses

import pytest

from tests.chat.stage import Stage

WEBSITE = "https://www.temple.example"
ASKED = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
ALLOWED = "access-control-allow-origin"


@pytest.fixture(autouse=True)
def website(stage: Stage) -> None:
    clinics = dict(stage.content.current.clinics)
    clinics["temple"] = dataclasses.replace(clinics["temple"], origins=(WEBSITE,))
    stage.content.current = dataclasses.replace(stage.content.current, clinics=clinics)


def test_a_page_of_the_clinic_may_read_answers_and_errors(stage: Stage):
    headers = {"Origin": WEBSITE}
    for path, status in (("/status", 200), ("/messages", 401), ("/nothing", 404)):
        response = stage.client.get(f"/api/temple{path}", headers=headers)
        assert response.status_code == status
        assert response.headers[ALLOWED] == WEBSITE
        assert response.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in response.headers


def test_a_preflight_of_the_clinic_allows_what_the_widget_sends(stage: Stage):
    response = stage.client.options("/api/temple/messages", headers={"Origin": WEBSITE, **ASKED})
    assert response.status_code == 204
    assert response.headers[ALLOWED] == WEBSITE
    allowed = response.headers["access-control-allow-headers"].lower().split(", ")
    assert set(allowed) == {"authorization", "content-type", "idempotency-key"}
    assert "DELETE" in response.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("clinic", "origin"),
    [
        ("temple", "https://evil.example"),
        ("temple", "http://www.temple.example"),
        ("temple", "https://www.temple.example.evil.example"),
        ("temple", "null"),
        ("temple", "*"),
        ("twin-cities", WEBSITE),
        ("nowhere", WEBSITE),
    ],
)
def test_any_other_page_may_not(stage: Stage, clinic: str, origin: str):
    path, headers = f"/api/{clinic}/status", {"Origin": origin}
    assert ALLOWED not in stage.client.get(path, headers=headers).headers
    preflight = stage.client.options(path, headers={**headers, **ASKED})
    assert ALLOWED not in preflight.headers
    assert preflight.status_code >= 400


def test_an_answer_to_no_page_at_all_differs_by_origin_too(stage: Stage):
    assert stage.client.get("/api/temple/status").headers["vary"] == "Origin"


def test_health_and_the_rest_channel_are_for_no_page(stage: Stage):
    for path in ("/health", "/webhooks/rest/webhook"):
        assert ALLOWED not in stage.client.get(path, headers={"Origin": WEBSITE}).headers
