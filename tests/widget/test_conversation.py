"""What a visitor can do with the chat: a real browser, a real server, a stub engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from bot.conversations.model import Link
from bot.conversations.reference import shown
from tests.chat.test_forgetting import with_words
from tests.widget.running import ANSWER, WELCOME, Chat, World, reply_with

OpenPage = Callable[..., Page]


def test_a_question_is_asked_and_answered_with_its_source(chat: Chat):
    reply = chat.ask("what is fbss")
    expect(chat.visitor).to_contain_text("what is fbss")
    expect(reply).to_contain_text("Source: A clinic's page, reviewed on November 20, 2026")
    expect(reply.get_by_role("link", name="Portal")).to_have_attribute(
        "href", "https://portal.example/"
    )
    expect(chat.field).to_have_value("")
    expect(chat.field).to_be_focused()


def test_the_clinics_name_its_notice_and_its_routes_are_shown(chat: Chat):
    expect(chat.panel).to_have_accessible_name("Chat with Temple")
    notice = chat.element.locator(".notice p")
    expect(notice).to_have_text(["The phones are down.", "Use the patient portal."])
    chat.button("Talk to the clinic").click()
    ways = chat.element.locator(".tools .more")
    expect(ways.first).to_contain_text("Use the patient portal.")
    expect(ways.first).not_to_contain_text("800-836-7536")
    expect(ways.get_by_role("link", name="911")).to_have_attribute("href", "tel:911")


def test_a_button_is_used_once_and_shows_what_was_chosen(chat: Chat):
    chat.button("What is FBSS?").click()
    expect(chat.bot).to_have_count(2)
    expect(chat.visitor).to_contain_text("What is FBSS?")
    used = chat.button("What is FBSS? (chosen)")
    expect(used).to_be_disabled()
    expect(used).to_have_attribute("aria-pressed", "true")
    expect(used).to_be_focused()
    expect(chat.button("Scar tissue")).to_be_enabled()


def test_messages_typed_one_after_the_other_are_answered_in_order(chat: Chat, world: World):
    for number in range(5):
        chat.say(f"message {number}")
    expect(chat.bot).to_have_count(6)
    assert world.stage.engine.heard == [f"message {number}" for number in range(5)]


def test_a_message_typed_before_the_greeting_is_answered_in_the_same_conversation(
    open_page: OpenPage, world: World
):
    chat = Chat(open_page("/"))
    chat.launcher.click()
    chat.say("quick")
    expect(chat.bot).to_have_count(2)
    assert len(world.stage.log.all()) == 1


def test_the_conversation_goes_on_after_a_reload_another_page_and_back(
    open_page: OpenPage, world: World
):
    page = open_page(world.page())
    chat = Chat(page).open()
    chat.ask("what is fbss")
    page.reload()
    expect(chat.launcher).to_have_text("Continue your chat")
    chat.open()
    expect(chat.bot).to_have_count(2)
    page.goto(world.site.url + world.website.put("other", page.content()))
    Chat(page).open().ask("again")
    page.go_back()
    chat.open()
    expect(chat.bot).to_have_count(3)
    assert len(world.stage.log.all()) == 1


def test_two_tabs_are_two_conversations(open_page: OpenPage, world: World):
    one, other = Chat(open_page("/")).open(), Chat(open_page("/")).open()
    one.ask("first")
    other.ask("second")
    expect(one.visitor).to_have_count(1)
    expect(other.visitor).to_have_count(1)
    assert len(world.stage.log.all()) == 2


def test_the_browser_keeps_the_sessions_token_and_no_word(chat: Chat):
    chat.ask("my secret question")
    kept = chat.page.evaluate("[JSON.stringify({...sessionStorage}), localStorage.length]")
    assert "careline-session-temple" in kept[0]
    assert "secret" not in kept[0]
    assert len(kept[0]) < 100
    assert kept[1] == 0
    assert chat.page.context.cookies() == []


def test_what_is_thought_of_an_answer_is_kept_with_a_word_on_it(chat: Chat, world: World):
    reply = chat.ask()
    reply.get_by_role("button", name="Not helpful").click()
    expect(reply).to_contain_text("Thank you.")
    expect(reply.get_by_role("button", name="Not helpful")).to_have_attribute(
        "aria-pressed", "true"
    )
    reply.get_by_label("What was missing? (optional)").fill("the cost")
    reply.get_by_role("button", name="Send your comment").click()
    expect(reply.get_by_label("What was missing?")).to_have_count(0)
    with world.stage.log._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT helpful, comment FROM feedback").all()
    assert [tuple(row) for row in rows] == [(0, "the cost")]
    expect(chat.bot.first.get_by_role("button", name="Helpful")).to_have_count(0)


def test_in_an_emergency_the_button_that_calls_is_seen_at_once_on_a_small_phone(
    open_page: OpenPage, world: World, monkeypatch: pytest.MonkeyPatch
):
    text = "Call 911 now. " + "That needs care right away. " * 20
    reply_with(world, monkeypatch, text, "emergency", links=(Link("Call 911", "tel:911"),))
    chat = Chat(open_page("/", viewport={"width": 320, "height": 568}, has_touch=True)).open()
    reply = chat.ask("my legs are numb", "Call 911")
    expect(reply.get_by_role("link", name="Call 911")).to_be_in_viewport(ratio=1)


def test_forget_me_deletes_after_asking(chat: Chat, world: World):
    chat.ask("my secret question")
    chat.button("More options").click()
    chat.button("Forget me: delete this chat").click()
    chat.button("Keep it").click()
    expect(chat.visitor).to_have_count(1)
    chat.button("More options").click()
    chat.button("Forget me: delete this chat").click()
    chat.button("Delete it").click()
    expect(chat.visitor).to_have_count(0)
    expect(chat.messages).to_contain_text(WELCOME)
    [conversation] = world.stage.log.all()
    assert conversation.turns == 0


def test_a_conversation_that_is_deleted_by_typing_leaves_the_screen_too(
    open_page: OpenPage, world: World
):
    with_words(world.stage)
    chat = Chat(open_page("/")).open()
    chat.ask("my secret question")
    chat.say("Delete my chat!")
    expect(chat.messages.get_by_role("listitem")).to_have_count(1)
    expect(chat.messages).to_contain_text("Done.")
    chat.ask("what is fbss")
    chat.button("More options").click()
    with chat.page.expect_download() as download:
        chat.button("Save this chat").click()
    (anew,) = world.stage.log.all()
    assert f"Reference code: {shown(anew.reference)}." in download.value.path().read_text()


def test_a_new_conversation_leaves_the_old_one_stored(chat: Chat, world: World):
    chat.ask()
    chat.button("More options").click()
    chat.button("New conversation").click()
    chat.button("Start anew").click()
    expect(chat.visitor).to_have_count(0)
    expect(chat.messages).to_contain_text(WELCOME)
    assert sorted(each.turns for each in world.stage.log.all()) == [0, 1]


def test_minimising_keeps_the_conversation_and_closing_ends_it(chat: Chat, world: World):
    chat.ask()
    chat.button("Minimize chat").click()
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    chat.open()
    expect(chat.visitor).to_have_count(1)
    chat.button("Close chat").click()
    chat.button("Close it").click()
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_have_text("Questions? Chat with us")
    chat.open()
    expect(chat.visitor).to_have_count(0)
    assert len(world.stage.log.all()) == 2


def test_closing_can_delete_as_well(chat: Chat, world: World):
    chat.ask()
    chat.button("Close chat").click()
    chat.button("Close and delete it").click()
    expect(chat.panel).to_be_hidden()
    assert world.stage.log.all() == []


def test_the_chat_can_be_saved_and_printed(chat: Chat, world: World):
    chat.ask("what is fbss")
    chat.button("More options").click()
    with chat.page.expect_download() as download:
        chat.button("Save this chat").click()
    path = download.value.path()
    text = path.read_text(encoding="utf-8")
    assert text.startswith("Chat with Temple, ")
    for part in ("You: what is fbss", ANSWER, "Source: A clinic's page", "automated assistant"):
        assert part in text
    (stored,) = world.stage.log.all()
    assert f"Reference code: {shown(stored.reference)}. To have this chat deleted" in text
    chat.page.evaluate("window.print = () => {}")
    chat.button("More options").click()
    with chat.page.expect_event("frameattached"):
        chat.button("Print this chat").click()


def test_each_clinic_has_its_own_chat(open_page: OpenPage):
    page = open_page()
    page.get_by_role("link", name="Twin-Cities").click()
    chat = Chat(page).open()
    expect(chat.messages).to_contain_text("Welcome to twin-cities.")


def test_the_interface_can_be_spanish(open_page: OpenPage, world: World):
    chat = Chat(open_page(world.page(lang="es")))
    expect(chat.launcher).to_have_text("¿Preguntas? Escríbanos")
    chat.open()
    expect(chat.panel).to_have_accessible_name("Chat con Temple")
    expect(chat.element.locator(".careline")).to_have_attribute("lang", "es")
    expect(chat.bot.locator(".text").first).to_have_attribute("lang", "en")
    expect(chat.button("Hablar con la clínica")).to_be_visible()
