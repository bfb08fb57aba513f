"""The parts of the real bot that need no engine."""

from __future__ import annotations

import dataclasses

import pytest

from bot.content.files import load_directory
from bot.content.live import LiveContent
from bot.content.snapshot import snapshot_of_files
from bot.conversations.model import Conversation, DraftMessage, Understanding
from bot.evaluation.facts import valid_routes
from bot.evaluation.real import (
    ArrangedStore,
    RealTalk,
    RememberingLog,
    likeliest,
    without_outages,
)
from tests.evaluation.stub import MOMENT, message


@pytest.fixture(scope="module")
def snapshot():
    return dataclasses.replace(snapshot_of_files(load_directory()), version=4)


class FakeStore:
    def __init__(self, snapshot):
        self.found = snapshot

    def version(self) -> int:
        return self.found.version

    def snapshot(self):
        return self.found


def kinds(snapshot, clinic: str) -> list[str]:
    return [route.kind.value for route in valid_routes(snapshot.clinics[clinic], MOMENT)]


def test_the_shipped_outage_is_on_and_can_be_left_out(snapshot):
    assert kinds(snapshot, "temple") == ["portal"]
    assert kinds(without_outages(snapshot), "temple") == ["phone", "portal"]
    assert kinds(snapshot, "twin-cities") == ["phone"]


def test_an_arrangement_reaches_the_live_content_at_once_and_has_its_own_version(snapshot):
    store = ArrangedStore(FakeStore(snapshot))
    live = LiveContent(store, poll_seconds=60)
    with_outage = live.current
    store.outage = False
    assert live.refresh()
    assert kinds(live.current, "temple") == ["phone", "portal"]
    assert live.current.version != with_outage.version
    store.outage = True
    assert live.refresh()
    assert live.current.version == with_outage.version
    assert not live.refresh()


def test_the_clinics_own_content_takes_the_place_of_the_shipped_with_versions_of_its_own(snapshot):
    own = dataclasses.replace(snapshot, clinics={"temple": snapshot.clinics["temple"]})
    store = ArrangedStore(FakeStore(snapshot), own)
    versions = []
    for use_own in (False, True):
        for outage in (False, True):
            store.use_own, store.outage = use_own, outage
            found = store.snapshot()
            assert (len(found.clinics) == 1) is use_own
            assert ("phone" in kinds(found, "temple")) is not outage
            assert found.version == store.version()
            versions.append(found.version)
    assert len(set(versions)) == 4


async def test_a_talk_opens_one_conversation_and_tells_how_sure_the_bot_was(monkeypatch):
    opened = []

    class FakeDoor:
        def clinic(self, key):
            return key

        async def open(self, clinic):
            opened.append(clinic)
            return Conversation("c1", clinic, MOMENT, MOMENT, 0), []

        async def reply_to(self, conversation, visitor_message):
            understood = Understanding("greet", 0.8)
            log.save_turn("c1", 1, [DraftMessage("visitor", "hi", understanding=understood)])
            return [message("greet", f"You said {visitor_message.text}.")]

    monkeypatch.setattr("bot.evaluation.real.ConversationLog.save_turn", lambda *a, **k: [])
    log = RememberingLog(None, lambda: MOMENT)
    talk = RealTalk(FakeDoor(), log, "temple")
    heard = await talk.say("hi")
    await talk.say("again")
    assert opened == ["temple"]
    assert heard.confidence == 0.8
    assert heard.messages[0].text == "You said hi."
    assert log.understood == {}


def test_where_the_bot_was_not_sure_enough_the_runner_up_was_the_likeliest():
    assert likeliest(Understanding("greet", 0.8)) == (0.8, "greet")
    assert likeliest(Understanding("nlu_fallback", 0.25, "causes", 0.21)) == (0.21, "causes")
    assert likeliest(None) == (None, None)
