"""Signing in by a provider of OpenID Connect: a real one, small, on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.datastructures import Secret

from bot.console.cookies import SESSION
from bot.console.oidc_pages import ON_THE_WAY
from bot.errors import SetupError
from bot.settings import OidcSettings, Settings
from tests.console.provider import CLIENT_ID, CLIENT_SECRET, TestProvider
from tests.console.stage import ADDRESS, Staff, Stage, assert_goes_to, assert_page, make_stage
from tests.widget.running import Server

SUBJECT = "248289761001"
STRANGER = "/staff/sign-in?why=stranger"


@pytest.fixture
def provider() -> Iterator[TestProvider]:
    made = TestProvider(claims={"sub": SUBJECT})
    server = Server(made.app())
    made.address = server.url
    yield made
    server.stop()


@pytest.fixture
def stage(console: Stage, provider: TestProvider) -> Stage:
    """The staff door, with the provider beside passwords."""
    oidc = OidcSettings(provider.address, CLIENT_ID, Secret(CLIENT_SECRET))
    settings = replace(console.parts.settings, staff_oidc=oidc)
    return make_stage(settings, console.database, console.clock)


def go(browser: Staff, **query: str) -> str:
    """To the provider, which signs in at once; the address that it sends the browser back to."""
    response = browser.client.get("/staff/oidc/start", params=query)
    assert response.status_code == 303
    back = httpx.get(response.headers["location"], verify=False)
    assert back.headers["location"].startswith(f"{ADDRESS}/staff/oidc/callback?")
    return back.headers["location"]


def sign_in(browser: Staff, **query: str):
    return browser.client.get(go(browser, **query))


def linked(stage: Stage, **roles: str) -> None:
    stage.person("boss", **dict.fromkeys(roles, "admin"))
    person = stage.person("ana", **roles)
    stage.parts.people.link_oidc(person.id, SUBJECT, by="boss")


def test_a_connected_person_is_signed_in(stage: Stage, provider: TestProvider):
    linked(stage, temple="reader")
    browser = stage.browser()
    assert "Sign in with your clinic’s account" in assert_page(browser.get("/sign-in"))
    assert_goes_to(sign_in(browser), "/staff/")
    assert "Hello, Ana" in assert_page(browser.get("/"))
    assert ON_THE_WAY not in browser.client.cookies
    assert [entry.action for entry in stage.recorded("sign_in")] == ["sign_in"]


def test_the_provider_is_asked_as_the_standard_wants(stage: Stage, provider: TestProvider):
    browser = stage.browser()
    first, second = go(browser), go(browser)
    assert first != second
    asked = provider.asked
    assert asked["response_type"] == "code"
    assert asked["client_id"] == CLIENT_ID
    assert asked["scope"] == "openid email"
    assert asked["redirect_uri"] == f"{ADDRESS}/staff/oidc/callback"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) == len(asked["nonce"]) == 43
    assert CLIENT_SECRET not in str(asked)


def test_the_page_that_was_asked_for_comes_after(stage: Stage):
    linked(stage, temple="admin")
    assert_goes_to(sign_in(stage.browser(), next="/staff/people"), "/staff/people")
    assert_goes_to(sign_in(stage.browser(), next="https://evil.example/"), "/staff/")


def test_a_verified_address_that_is_the_name_connects_once(stage: Stage, provider: TestProvider):
    person = stage.person("ana@temple.example", temple="reader")
    provider.claims |= {"email": "Ana@Temple.example", "email_verified": True}
    assert_goes_to(sign_in(stage.browser()), "/staff/")
    assert stage.parts.people.by_oidc_subject(SUBJECT) == stage.again(person.id)
    provider.claims["sub"] = "somebody who got that address later"
    assert_goes_to(sign_in(stage.browser()), STRANGER)
    provider.claims = {"sub": SUBJECT}
    assert_goes_to(sign_in(stage.browser()), "/staff/")


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_is_not_verified_connects_nobody(
    stage: Stage, provider: TestProvider, verified: object
):
    stage.person("ana@temple.example", temple="reader")
    provider.claims |= {"email": "ana@temple.example", "email_verified": verified}
    assert_goes_to(sign_in(stage.browser()), STRANGER)


def test_nobody_gets_an_account_by_it(stage: Stage, provider: TestProvider):
    provider.claims |= {"email": "new@temple.example", "email_verified": True}
    browser = stage.browser()
    assert_goes_to(sign_in(browser), STRANGER)
    assert SESSION not in browser.client.cookies
    assert stage.parts.people.all() == ()
    assert "could not be signed in that way" in assert_page(browser.get("/sign-in?why=stranger"))


def test_a_disabled_person_stays_out(stage: Stage):
    linked(stage, temple="reader")
    person = stage.parts.people.by_name("ana")
    stage.parts.people.disable(person.id, by="boss")
    assert_goes_to(sign_in(stage.browser()), STRANGER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"aud": "somebody-else"},
        {"aud": ["somebody-else", "another"]},
        {"aud": "somebody-else", "azp": CLIENT_ID},
        {"azp": "somebody-else"},
        {"exp": int(time.time()) - 3600},
        {"exp": None},
        {"iat": None},
        {"sub": None},
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"at_hash": "wrong"},
        {"key": "another"},
        {"key": "secret"},
        {"key": "none"},
    ],
)
def test_a_token_that_does_not_hold_signs_nobody_in(
    stage: Stage, provider: TestProvider, wrong: dict
):
    linked(stage, temple="reader")
    provider.wrong = wrong
    browser = stage.browser()
    assert_goes_to(sign_in(browser), STRANGER)
    assert SESSION not in browser.client.cookies


def test_the_way_back_belongs_to_the_browser_that_set_out(stage: Stage):
    """Somebody else's way back, put under a person, signs them in to nothing."""
    linked(stage, temple="reader")
    mallory, ana = stage.browser(), stage.browser()
    back = go(mallory)
    assert_goes_to(ana.client.get(back), STRANGER)
    go(ana)
    assert_goes_to(ana.client.get(back), STRANGER)
    assert_goes_to(mallory.client.get(back), "/staff/")


def test_a_code_works_once(stage: Stage):
    linked(stage, temple="reader")
    browser = stage.browser()
    back = go(browser)
    held = browser.client.cookies.get(ON_THE_WAY)
    assert_goes_to(browser.client.get(back), "/staff/")
    again = stage.browser()
    again.client.cookies.set(ON_THE_WAY, held, domain="careline.example", path="/")
    assert_goes_to(again.client.get(back), STRANGER)


def test_a_refusal_of_the_provider_is_told(stage: Stage):
    browser = stage.browser()
    state = parse_qs(urlsplit(go(browser)).query)["state"][0]
    back = f"/staff/oidc/callback?error=access_denied&state={state}"
    assert_goes_to(browser.client.get(back), STRANGER)


@pytest.mark.parametrize("held", ["", "x", "e30=", "WyJhIl0=", "////"])
def test_a_strange_cookie_is_no_trouble(stage: Stage, held: str):
    browser = stage.browser()
    browser.client.cookies.set(ON_THE_WAY, held, domain="careline.example", path="/")
    assert_goes_to(browser.get("/oidc/callback?code=a&state=b"), STRANGER)


def test_a_new_key_of_the_provider_is_found(stage: Stage, provider: TestProvider):
    linked(stage, temple="reader")
    assert_goes_to(sign_in(stage.browser()), "/staff/")
    provider.change_key()
    assert_goes_to(sign_in(stage.browser()), "/staff/")
    assert provider.calls.count("keys") == 2
    assert provider.calls.count("described") == 1


def test_a_provider_that_does_not_answer_leaves_the_password(stage: Stage, provider: TestProvider):
    browser = stage.browser()
    back = go(browser)
    held = browser.client.cookies.get(ON_THE_WAY)
    provider.says = {"issuer": "https://evil.example"}
    silent = OidcSettings("http://127.0.0.1:9", CLIENT_ID, Secret(CLIENT_SECRET))
    for oidc in (silent, OidcSettings(provider.address, CLIENT_ID, Secret(CLIENT_SECRET))):
        settings = replace(stage.parts.settings, staff_oidc=oidc)
        other = make_stage(settings, stage.database, stage.clock).browser()
        assert_goes_to(other.get("/oidc/start"), "/staff/sign-in?why=provider")
        other.client.cookies.set(ON_THE_WAY, held, domain="careline.example", path="/")
        assert_goes_to(other.client.get(back), "/staff/sign-in?why=provider")
        assert "sign in with your password" in assert_page(other.get("/sign-in?why=provider"))


def test_without_the_settings_there_is_no_such_way(console: Stage):
    browser = console.browser()
    assert_page(browser.get("/oidc/start"), 404)
    assert_page(browser.get("/oidc/callback?code=a&state=b"), 404)
    assert "clinic’s account" not in assert_page(browser.get("/sign-in"))


ALL = {
    "STAFF_OIDC_ISSUER": "https://login.example/",
    "STAFF_OIDC_CLIENT_ID": "careline",
    "STAFF_OIDC_CLIENT_SECRET": "hush",
}


def test_the_three_settings_come_together():
    assert Settings.from_env({}).staff_oidc is None
    settings = Settings.from_env(ALL).staff_oidc
    assert settings == OidcSettings("https://login.example/", "careline", settings.client_secret)
    assert str(settings.client_secret) == "hush"
    assert "hush" not in repr(settings)
    for missing in ALL:
        environ = {key: value for key, value in ALL.items() if key != missing}
        with pytest.raises(SetupError, match=missing):
            Settings.from_env(environ)


@pytest.mark.parametrize(
    "issuer", ["http://login.example", "login.example", "ftp://x/", "https://"]
)
def test_the_provider_is_reached_over_tls(issuer: str):
    with pytest.raises(SetupError, match="STAFF_OIDC_ISSUER"):
        Settings.from_env({**ALL, "STAFF_OIDC_ISSUER": issuer})
