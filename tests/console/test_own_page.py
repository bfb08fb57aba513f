"""One's own account: password, second factor, sessions; and setting the second factor up."""

from __future__ import annotations

import re

from bot.console.cookies import SESSION
from tests.console.stage import PASSWORD, Staff, Stage, assert_goes_to, assert_page, words

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NEW = "four ladders beside a purple kettle"


def codes_on(response) -> list[str]:
    return re.findall(r'<li class="code">([^<]+)</li>', response.text)


def key_on(response) -> str:
    found = re.search(r'id="key">([^<]+)<', response.text)
    assert found, words(response)
    return found[1].replace(" ", "")


def change(staff: Staff, present: str = PASSWORD, new: str = NEW, again: str = NEW):
    form = {"present": present, "password": new, "again": again}
    return staff.post("/me/password", form)


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(console: Stage):
    staff = console.signed_in(temple="reader")
    other = console.signed_in(staff.person)
    assert_goes_to(change(staff), "/staff/me?done=password")
    assert staff.client.cookies.get(SESSION) != staff.token
    assert console.parts.sessions.find(staff.token) is None
    assert "Your password is changed" in assert_page(staff.get("/me?done=password"))
    assert other.get("/").status_code == 303
    form = {"name": "ana", "password": NEW}
    assert_goes_to(console.browser().post("/sign-in", form), "/staff/")


def test_what_is_wrong_with_a_new_password_stands_at_its_field(console: Stage):
    staff = console.signed_in(temple="reader")
    for response, field, said in [
        (change(staff, present=""), "present", "Enter your present password"),
        (change(staff, present="wrong"), "present", "That is not your present password"),
        (change(staff, new="", again=""), "password", "Choose a new password"),
        (change(staff, again="x"), "again", "are not the same"),
        (change(staff, new="short", again="short"), "password", "at least 12 characters"),
        (change(staff, new="ana ana ana ana", again="ana ana ana ana"), "password", "easy to"),
    ]:
        assert said in assert_page(response, 422)
        assert f'id="{field}-error"' in response.text
        assert NEW not in response.text
        assert PASSWORD not in response.text


def test_the_second_step_is_set_up_with_an_app(console: Stage):
    staff = console.signed_in(temple="reader")
    page = staff.get("/second-factor/set-up")
    key = key_on(page)
    assert key_on(staff.get("/second-factor/set-up")) == key
    assert_page(staff.post("/second-factor/set-up", {"code": ""}), 422)
    assert "did not work" in assert_page(staff.post("/second-factor/set-up", {"code": "1"}), 422)
    response = staff.post("/second-factor/set-up", {"code": console.digits(key)})
    assert_page(response)
    assert len(codes_on(response)) == 10
    assert staff.client.cookies.get(SESSION) != staff.token
    assert f'value="{staff.csrf}"' in response.text
    assert "10 of your recovery codes are left" in assert_page(staff.get("/me"))


def test_the_picture_holds_the_key_and_belongs_to_one_person(console: Stage):
    staff, other = console.signed_in(temple="reader"), console.signed_in("ben")
    pictures = [each.get("/second-factor/picture") for each in (staff, staff, other)]
    for picture in pictures:
        assert picture.status_code == 200
        assert picture.headers["content-type"].startswith("image/svg+xml")
        assert picture.headers["cache-control"] == "no-store"
        assert picture.text.startswith("<svg")
        assert "style=" not in picture.text
    assert pictures[0].text == pictures[1].text != pictures[2].text


def test_where_it_is_required_nothing_else_opens_before(console: Stage):
    console.require_second_factor("temple")
    staff = console.signed_in(temple="admin")
    response = staff.get("/people")
    assert_goes_to(response, "/staff/second-factor/set-up?next=%2Fstaff%2Fpeople")
    page = staff.client.get(response.headers["location"])
    assert "Your clinic asks for a second step" in assert_page(page)
    form = {"code": console.digits(key_on(page)), "next": "/staff/people"}
    done = staff.post("/second-factor/set-up", form)
    assert 'href="/staff/people"' in done.text
    assert_page(staff.get("/people"))


def test_another_app_takes_the_present_password(console: Stage):
    """A screen that was left open does not give the account away."""
    staff = console.signed_in(console.person(second_factor=KEY, temple="reader"))
    page = staff.get("/second-factor/set-up")
    assert "Present password" in assert_page(page)
    form = {"code": console.digits(key_on(page))}
    refused = staff.post("/second-factor/set-up", form)
    assert "not your present password" in assert_page(refused, 422)
    assert_page(staff.post("/second-factor/set-up", {**form, "password": PASSWORD}))


def test_a_recovery_code_opens_once(console: Stage):
    staff = console.signed_in(console.person(second_factor=KEY, temple="reader"))
    assert_page(staff.post("/me/recovery-codes", {"codes_password": "wrong"}), 422)
    codes = codes_on(staff.post("/me/recovery-codes", {"codes_password": PASSWORD}))
    for status, message in ((303, ""), (422, "That code did not work")):
        browser = console.browser()
        browser.post("/sign-in", {"name": "ana", "password": PASSWORD})
        response = browser.post("/second-factor", {"code": codes[0].upper()})
        assert response.status_code == status
        assert message in words(response)
    assert "9 of your recovery codes are left" in assert_page(staff.get("/me"))


def test_the_second_step_is_switched_off_with_the_password(console: Stage):
    staff = console.signed_in(console.person(second_factor=KEY, temple="reader"))
    response = staff.post("/me/second-factor-off", {"off_password": "wrong"})
    assert_page(response, 422)
    assert "<details open>" in response.text
    response = staff.post("/me/second-factor-off", {"off_password": PASSWORD})
    assert_goes_to(response, "/staff/me?done=second-factor-off")
    assert not console.again(staff.person.id).has_second_factor


def test_a_required_second_step_cannot_be_switched_off(console: Stage):
    console.require_second_factor("temple")
    staff = console.signed_in(console.person(second_factor=KEY, temple="reader"))
    assert "cannot be switched off" in assert_page(staff.get("/me"))
    response = staff.post("/me/second-factor-off", {"off_password": PASSWORD})
    assert "cannot be switched off" in assert_page(response, 403)
    assert console.again(staff.person.id).has_second_factor


def test_the_other_sessions_end_and_this_one_stays(console: Stage):
    staff = console.signed_in(temple="reader")
    others = [console.signed_in(staff.person) for _ in range(2)]
    text = assert_page(staff.get("/me"))
    assert text.count("Another browser or device") == 2
    assert "Nov 20, 2026, 10:00 AM EST" in text
    assert_goes_to(staff.post("/me/end-sessions"), "/staff/me?done=sessions")
    assert [other.get("/").status_code for other in others] == [303, 303]
    assert "Another browser" not in assert_page(staff.get("/me"))


def test_a_person_without_a_password_is_told_so(console: Stage):
    staff = console.signed_in(console.person(password=None, temple="reader"))
    text = assert_page(staff.get("/me"))
    assert "without a password of your own" in text
    assert "Present password" not in text
