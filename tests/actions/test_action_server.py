"""The same actions under `rasa run actions`: as its executor and as its web server run them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from bot.content.subjects import SUBJECTS
from tests.nlu.contents import Fixed


@pytest.fixture(scope="module")
def executor() -> Any:
    from rasa_sdk.executor import ActionExecutor

    found = ActionExecutor()
    found.register_package("actions")
    return found


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """The executor says what it runs; nobody reads it here."""
    caplog.set_level(logging.CRITICAL, "rasa_sdk")


def call(action: str, clinic: str = "temple", **message: Any) -> dict[str, Any]:
    """What Rasa's server posts to the action server, as far as actions may look at it."""
    latest = {"intent": {"name": "any"}, "entities": [], "text": "...", **message}
    tracker = {"sender_id": "s", "slots": {"clinic": clinic}, "latest_message": latest}
    return {"next_action": action, "tracker": tracker, "domain": {}}


@pytest.mark.usefixtures("in_force")
@pytest.mark.parametrize("subject", sorted(SUBJECTS))
async def test_the_executor_returns_the_reply_and_slots(executor: Any, subject: str):
    result = await executor.run(call(f"action_{subject}"))
    (response,) = result["responses"]
    assert response["text"]
    assert response["custom"]["subject"] == subject
    assert all(button["payload"].startswith("/") for button in response["buttons"])
    slots = {event["name"]: event["value"] for event in result["events"]}
    assert slots["last_subject"] == subject


@pytest.mark.usefixtures("in_force")
async def test_a_button_s_payload_is_one_that_rasa_reads(
    executor: Any, actions: dict[str, Callable[..., Any]]
):
    result = await executor.run(call("action_causes"))
    payloads = [button["payload"] for button in result["responses"][0]["buttons"]]
    assert '/cause_detail{"cause": "scar_tissue"}' in payloads
    assert "/treatments" in payloads


async def test_without_a_server_the_shipped_content_answers(executor: Any):
    result = await executor.run(call("action_definition", clinic="twin-cities"))
    assert "pain goes on even after back surgery" in result["responses"][0]["text"]


async def test_a_call_without_a_message_is_answered(executor: Any, in_force: Fixed):
    bare = call("action_greet")
    bare["tracker"]["latest_message"] = {}
    result = await executor.run(bare)
    assert result["responses"][0]["custom"]["subject"] == "greet"


async def test_an_action_that_does_not_exist_is_refused(executor: Any):
    from rasa_sdk.interfaces import ActionNotFoundException

    with pytest.raises(ActionNotFoundException):
        await executor.run(call("action_no_such"))
