"""When something fails: the text stays, help is shown, nothing is said twice."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from bot.errors import StoreUnavailable
from tests.chat.stage import EMERGENCY
from tests.widget.running import ANSWER, WELCOME, Chat, World

OpenPage = Callable[..., Page]
CUTS = 200
MOST_TRIES = 60


def assert_not_sent(chat: Chat, text: str) -> None:
    """The message is there with its mark and its button, and help beside it."""
    row = chat.visitor.filter(has_text=text)
    expect(row).to_contain_text("Not sent")
    expect(row.get_by_role("button", name="Try again")).to_be_visible()
    expect(chat.trouble).to_contain_text("Use the patient portal.")
    expect(chat.trouble).to_contain_text(EMERGENCY)
    expect(chat.trouble.get_by_role("link", name="911")).to_have_attribute("href", "tel:911")


def try_again(chat: Chat) -> None:
    chat.trouble.get_by_role("button", name="Try again").click()


def test_an_error_of_the_server_keeps_the_text_and_one_tap_sends_it(chat: Chat, world: World):
    world.stage.engine.error = StoreUnavailable("down")
    chat.say("my question")
    assert_not_sent(chat, "my question")
    world.stage.engine.error = None
    chat.visitor.get_by_role("button", name="Try again").click()
    expect(chat.bot.nth(1)).to_contain_text(ANSWER)
    expect(chat.trouble).to_be_hidden()
    expect(chat.visitor).not_to_contain_text("Not sent")
    expect(chat.visitor).to_have_count(1)


def test_a_lost_connection_keeps_the_text(chat: Chat):
    chat.page.context.set_offline(True)
    chat.say("my question")
    assert_not_sent(chat, "my question")
    expect(chat.trouble).to_contain_text("You are offline.")
    chat.page.context.set_offline(False)
    try_again(chat)
    expect(chat.bot.nth(1)).to_contain_text(ANSWER)


def test_a_server_that_stops_and_starts_again_goes_on_with_the_conversation(
    chat: Chat, world: World
):
    chat.ask("before")
    world.server.stop()
    chat.say("meanwhile")
    assert_not_sent(chat, "meanwhile")
    expect(chat.trouble).to_contain_text("cannot be reached")
    world.server.start()
    try_again(chat)
    expect(chat.bot).to_have_count(3)
    assert world.stage.engine.heard == ["before", "meanwhile"]


def test_a_reply_that_was_lost_is_fetched_and_nothing_is_said_twice(chat: Chat, world: World):
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    chat.page.route("**/messages", lose, times=1)
    chat.say("my question")
    assert_not_sent(chat, "my question")
    try_again(chat)
    expect(chat.bot).to_have_count(2)
    assert world.stage.engine.heard == ["my question"]


def test_a_page_of_a_proxy_in_place_of_the_answer_is_a_failure(chat: Chat):
    page = {"status": 502, "body": "<h1>Bad gateway</h1>", "content_type": "text/html"}
    chat.page.route("**/messages", lambda route: route.fulfill(**page), times=1)
    chat.say("my question")
    assert_not_sent(chat, "my question")


def test_too_many_messages_say_when_to_try_again(chat: Chat):
    body = json.dumps({"error": {"code": "too_many_requests", "message": "Too many."}})
    answer = {"status": 429, "body": body, "headers": {"Retry-After": "17"}}
    chat.page.route("**/messages", lambda route: route.fulfill(**answer), times=1)
    chat.say("my question")
    assert_not_sent(chat, "my question")
    expect(chat.trouble).to_contain_text("in 17 seconds")
    try_again(chat)
    expect(chat.bot).to_have_count(2)


def test_an_expired_session_is_renewed_with_the_text(chat: Chat, world: World):
    chat.ask("before")
    world.stage.clock.move(hours=25)
    chat.say("my question")
    assert_not_sent(chat, "my question")
    expect(chat.trouble).to_contain_text("The last conversation has ended.")
    try_again(chat)
    expect(chat.bot).to_have_count(4)
    expect(chat.bot.last).to_contain_text(ANSWER)
    expect(chat.visitor.last).to_contain_text("my question")
    assert world.stage.engine.heard == ["before", "my question"]


def test_a_button_of_an_expired_session_is_asked_in_words(chat: Chat, world: World):
    world.stage.clock.move(hours=25)
    chat.button("What is FBSS?").click()
    try_again(chat)
    expect(chat.bot.last).to_contain_text(ANSWER)
    assert world.stage.engine.heard == ["What is FBSS?"]


def test_what_was_said_in_an_expired_session_can_still_be_deleted(chat: Chat, world: World):
    chat.ask("my secret")
    world.stage.clock.move(hours=25)
    chat.say("my question")
    expect(chat.trouble).to_be_visible()
    chat.button("More options").click()
    chat.button("Forget me: delete this chat").click()
    chat.button("Delete it").click()
    expect(chat.visitor).to_have_count(0)
    expect(chat.messages).to_contain_text(WELCOME)
    assert [each.turns for each in world.stage.log.all()] == [0]


def test_several_messages_that_were_not_sent_go_in_order(chat: Chat, world: World):
    world.server.stop()
    for text in ("one", "two"):
        chat.say(text)
        expect(chat.visitor.filter(has_text=text)).to_contain_text("Not sent")
    world.server.start()
    for text in ("one", "two"):
        chat.visitor.filter(has_text=text).get_by_role("button", name="Try again").click()
    expect(chat.bot).to_have_count(3)
    assert world.stage.engine.heard == ["one", "two"]


def test_without_any_answer_the_page_s_own_routes_are_shown(open_page: OpenPage, world: World):
    """The widget's files are there, the clinic's routes are not."""
    page = open_page(world.page(phone="800-555-0100", portal="https://portal.example/"))
    page.route("**/api/**", lambda route: route.abort())
    chat = Chat(page)
    chat.launcher.click()
    expect(chat.trouble).to_contain_text("cannot be reached")
    call = chat.trouble.get_by_role("link", name="Call 800-555-0100")
    expect(call).to_have_attribute("href", "tel:8005550100")
    expect(chat.trouble.get_by_role("link", name="Patient portal")).to_be_visible()
    expect(chat.trouble.get_by_role("link", name="Call 911")).to_have_attribute("href", "tel:911")
    page.unroute("**/api/**")
    try_again(chat)
    expect(chat.messages).to_contain_text(WELCOME)


def test_where_the_panel_cannot_be_loaded_the_launcher_helps(open_page: OpenPage, world: World):
    page = open_page(world.page(phone="800-555-0100"))
    chat = Chat(page)
    expect(chat.launcher).to_be_visible()
    world.server.stop()
    chat.launcher.click()
    problem = chat.element.get_by_role("dialog", name="The chat cannot be opened right now.")
    expect(problem.get_by_role("heading")).to_be_focused()
    expect(problem.get_by_role("link", name="Call 800-555-0100")).to_be_visible()
    expect(problem.get_by_role("link", name="Call 911")).to_be_visible()
    page.keyboard.press("Escape")
    expect(chat.launcher).to_be_focused()
    chat.launcher.click()
    expect(problem).to_be_visible()
    world.server.start()
    problem.get_by_role("button", name="Try again").click()
    expect(chat.messages).to_contain_text(WELCOME)
    expect(problem).to_have_count(0)


def test_what_is_known_of_the_routes_is_shown_when_the_server_is_gone(chat: Chat, world: World):
    expect(chat.element.locator(".notice")).to_be_visible()
    world.server.stop()
    chat.button("Talk to the clinic").click()
    expect(chat.element.locator(".tools .more").first).to_contain_text("Use the patient portal.")


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_or_doubled_whatever_is_cut(chat: Chat, world: World, seed: int):
    """Requests that never leave, answers that never arrive, errors, and a server that restarts."""
    dice = random.Random(seed)
    cuts: Counter[str] = Counter()
    chat.page.route("**/messages", lambda route: _cut(route, dice, cuts))
    said = []
    while sum(cuts.values()) < CUTS // 4:
        said.append(f"message {len(said)} of {seed}")
        chat.say(said[-1])
        if dice.random() < 0.1:
            cuts["restart"] += 1
            world.server.stop()
            world.server.start()
        _until_answered(chat, len(said))
    assert world.stage.engine.heard == said
    assert len(cuts) >= 4
    chat.page.unroute("**/messages")
    shown = [row.locator(".text").inner_text() for row in chat.visitor.all()]
    assert shown == said
    chat.page.reload()
    chat.open()
    expect(chat.visitor).to_have_count(len(said))
    expect(chat.bot).to_have_count(len(said) + 1)


def _cut(route: Route, dice: random.Random, cuts: Counter[str]) -> None:
    way = dice.choice(["through", "before", "after", "half", "error"])
    if way == "through":
        route.continue_()
        return
    cuts[way] += 1
    if way == "before":
        route.abort()
    elif way == "after":
        route.fetch()
        route.abort()
    elif way == "half":
        response = route.fetch()
        route.fulfill(response=response, body=response.text()[:20])
    else:
        route.fulfill(status=503, json={"error": {"code": "unavailable", "message": "No."}})


def _until_answered(chat: Chat, count: int) -> None:
    for _ in range(MOST_TRIES):
        expect(chat.element.locator(".waiting")).to_be_hidden()
        if chat.bot.count() == count + 1:
            return
        try_again(chat)
    raise AssertionError("never answered")
