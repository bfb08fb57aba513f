"""Slow and broken networks, a server that is gone while pages are loaded anew."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, Route, expect

from tests.widget.running import ANSWER, Chat, World

OpenPage = Callable[..., Page]

MET = """
- dialog "Chat with Temple":
  - heading "Chat with Temple" [level=2]
  - paragraph: Automated assistant
  - button "Minimize chat"
  - button "Close chat"
  - group "Conversation":
    - paragraph: The phones are down.
    - paragraph: Use the patient portal.
    - list:
      - listitem:
        - paragraph: Assistant
        - paragraph: Welcome to temple.
        - group "Suggested questions":
          - button "What is FBSS?"
      - listitem:
        - paragraph: You
        - paragraph: what is fbss
      - listitem:
        - paragraph: Assistant
        - paragraph: FBSS is pain that goes on after back surgery.
        - list:
          - listitem:
            - link "Portal"
        - paragraph: /Source/
        - group "Suggested questions":
          - button "Why does it happen?"
          - button "Scar tissue"
        - group "Was this helpful?":
          - button "Helpful"
          - button "Not helpful"
  - text: Your question
  - textbox "Your question"
  - button "Send"
  - paragraph: Please leave out names, birth dates and record numbers.
  - button "Talk to the clinic"
  - button "More options"
  - status
  - alert
"""
"""The accessibility tree of the chat after one question."""


def test_on_a_slow_network_the_wait_is_seen_at_once_and_read_out_after_a_second(chat: Chat):
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    chat.page.route("**/messages", hold, times=1)
    chat.say("what is fbss")
    expect(chat.element.locator(".waiting")).to_be_visible(timeout=500)
    expect(chat.visitor).to_contain_text("Sending")
    expect(chat.element.get_by_role("status")).to_contain_text("Looking for the answer")
    held[0].continue_()
    expect(chat.bot.nth(1)).to_contain_text(ANSWER)
    expect(chat.element.locator(".waiting")).to_be_hidden()


def test_a_server_that_never_answers_is_given_up(open_page: OpenPage, world: World):
    page = open_page("about:blank")
    page.add_init_script(
        "const real = AbortSignal.timeout;"
        "AbortSignal.timeout = () => real.call(AbortSignal, 2_000);"
    )
    page.goto(world.page())
    chat = Chat(page).open()
    page.route("**/messages", lambda route: None, times=1)
    chat.say("my question")
    expect(chat.visitor).to_contain_text("Not sent")
    expect(chat.trouble).to_contain_text("cannot be reached")
    chat.trouble.get_by_role("button", name="Try again").click()
    expect(chat.bot).to_have_count(2)
    assert world.stage.engine.heard == ["my question"]


def test_a_page_that_is_loaded_anew_while_the_server_is_gone_still_has_its_launcher(
    open_page: OpenPage, world: World
):
    page = open_page(world.page(phone="800-555-0100"))
    Chat(page).open().ask("before")
    world.server.stop()
    page.goto(world.page(phone="800-555-0100"))
    chat = Chat(page)
    chat.launcher.click()
    expect(chat.trouble).to_contain_text("cannot be reached")
    expect(chat.trouble.get_by_role("link", name="Call 800-555-0100")).to_be_visible()
    world.server.start()
    chat.trouble.get_by_role("button", name="Try again").click()
    expect(chat.bot).to_have_count(2)


def test_going_back_and_forward_keeps_the_conversation(open_page: OpenPage, world: World):
    page = open_page(world.page())
    chat = Chat(page).open()
    chat.ask("before")
    page.goto(world.server.url)
    page.go_back()
    if chat.panel.count() == 0 or not chat.panel.is_visible():
        chat.open()
    expect(chat.bot).to_have_count(2)
    chat.ask("after")
    assert len(world.stage.log.all()) == 1


def test_what_assistive_technology_meets(chat: Chat):
    chat.ask()
    expect(chat.panel).to_match_aria_snapshot(MET)
