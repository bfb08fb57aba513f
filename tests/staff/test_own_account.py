from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.errors import CodeRefused, Forbidden, PasswordRefused
from bot.staff.own_account import WRONG_CODE, WRONG_PASSWORD
from bot.staff.tables import people, recovery_codes
from bot.staff.throttle import OWN_PASSWORD
from tests.staff.stage import ADDRESS, PASSWORD, WRONG, Staff

NEW = "brass teapot among green windmills"


def test_a_new_password_takes_the_present_one(staff: Staff) -> None:
    staff.person()
    session = staff.sign_in().session
    with pytest.raises(PasswordRefused, match=WRONG_PASSWORD[:20]):
        staff.parts.own.change_password(session, WRONG, NEW)
    staff.parts.own.change_password(session, PASSWORD, NEW)
    staff.sign_in(password=NEW)
    assert [entry.by for entry in staff.recorded("password.changed")] == ["ana"]


def test_a_new_password_ends_the_other_sessions_and_keeps_the_own_one(staff: Staff) -> None:
    staff.person()
    own, other = staff.sign_in(), staff.sign_in()
    staff.parts.own.change_password(own.session, PASSWORD, NEW)
    assert staff.parts.sessions.find(own.token) is not None
    assert staff.parts.sessions.find(other.token) is None


def test_a_new_password_must_be_a_good_one(one_staff: Staff) -> None:
    one_staff.person()
    session = one_staff.sign_in().session
    with pytest.raises(PasswordRefused, match="easy to guess"):
        one_staff.parts.own.change_password(session, PASSWORD, "password1234")
    one_staff.sign_in()


def test_a_screen_left_open_is_no_way_to_guess_the_password(one_staff: Staff) -> None:
    one_staff.person()
    session = one_staff.sign_in().session
    for _ in range(OWN_PASSWORD.amount):
        with pytest.raises(PasswordRefused):
            one_staff.parts.own.turn_off_second_factor(session, WRONG)
    with pytest.raises(PasswordRefused, match=WRONG_PASSWORD[:20]):
        one_staff.parts.own.change_password(session, PASSWORD, NEW)


def test_the_offered_key_stays_until_it_is_confirmed(staff: Staff) -> None:
    ana = staff.person()
    session = staff.sign_in().session
    first = staff.parts.own.offer_second_factor(session)
    assert staff.parts.own.offer_second_factor(session) == first
    assert first.key in first.address
    assert not staff.again(ana).has_second_factor
    staff.sign_in()
    staff.with_app()
    assert staff.again(ana).has_second_factor
    assert staff.parts.own.offer_second_factor(session).key != first.key


def test_a_wrong_first_code_sets_nothing_up(one_staff: Staff) -> None:
    ana = one_staff.person()
    session = one_staff.sign_in().session
    with pytest.raises(CodeRefused):
        one_staff.parts.own.confirm_second_factor(session, "123456")
    one_staff.parts.own.offer_second_factor(session)
    with pytest.raises(CodeRefused, match=WRONG_CODE[:20]):
        one_staff.parts.own.confirm_second_factor(session, "000000")
    assert not one_staff.again(ana).has_second_factor


def test_ten_recovery_codes_come_with_the_app_and_are_stored_as_hashes(staff: Staff) -> None:
    ana = staff.person()
    _, codes = staff.with_app()
    assert len(codes) == staff.again(ana).recovery_codes_left == 10
    with staff.engine.connect() as connection:
        stored = str(connection.execute(sa.select(recovery_codes)).all())
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert [entry.action for entry in staff.recorded("second_factor")] == ["second_factor.on"]


def test_another_app_takes_the_password(one_staff: Staff) -> None:
    """Else a screen left open would be enough to take the account over."""
    ana = one_staff.person()
    app, codes = one_staff.with_app()
    session = one_staff.parts.sign_in.second_factor(
        one_staff.sign_in().session, codes[0], address=ADDRESS, device=None
    ).session
    offer = one_staff.parts.own.offer_second_factor(session)
    other = type(app)(offer.key)
    with pytest.raises(PasswordRefused):
        one_staff.parts.own.confirm_second_factor(session, one_staff.code(other))
    one_staff.parts.own.confirm_second_factor(session, one_staff.code(other), PASSWORD)
    assert one_staff.again(ana).recovery_codes_left == 10
    with one_staff.engine.connect() as connection:
        assert connection.execute(sa.select(people.c.totp_key)).scalar_one() == offer.key


def test_new_recovery_codes_replace_the_old_ones(staff: Staff) -> None:
    staff.person()
    session = staff.sign_in().session
    with pytest.raises(CodeRefused):
        staff.parts.own.new_recovery_codes(session, PASSWORD)
    _, old = staff.with_app()
    with pytest.raises(PasswordRefused):
        staff.parts.own.new_recovery_codes(session, WRONG)
    new = staff.parts.own.new_recovery_codes(session, PASSWORD)
    assert not set(old) & set(new)
    assert len(new) == 10


def test_the_second_factor_is_switched_off_with_the_password(staff: Staff) -> None:
    ana = staff.person()
    session = staff.sign_in().session
    staff.with_app()
    with pytest.raises(PasswordRefused):
        staff.parts.own.turn_off_second_factor(session, WRONG)
    staff.parts.own.turn_off_second_factor(session, PASSWORD)
    assert not staff.again(ana).has_second_factor
    assert staff.again(ana).recovery_codes_left == 0
    assert not staff.sign_in().session.pending_second_factor
    assert staff.recorded("second_factor")[-1].action == "second_factor.off"


def test_where_a_clinic_requires_it_the_second_factor_stays_on(one_staff: Staff) -> None:
    ana = one_staff.person(temple="reader")
    session = one_staff.sign_in().session
    one_staff.with_app()
    one_staff.parts.security.require_second_factor("temple", True, by="test")
    with pytest.raises(Forbidden):
        one_staff.parts.own.turn_off_second_factor(session, PASSWORD)
    assert one_staff.again(ana).has_second_factor


def test_a_code_that_a_reset_replaced_meanwhile_sets_no_password(staff: Staff) -> None:
    ana = staff.person()
    first = staff.operator.reset(ana.id, by="test")
    second = staff.operator.reset(ana.id, by="test")
    assert not staff.parts.own.redeem(first, PASSWORD, ana)
    assert not staff.again(ana).has_password
    assert staff.parts.own.redeem(second, PASSWORD, ana)


def test_a_code_that_ended_while_a_password_was_chosen_sets_none(one_staff: Staff) -> None:
    ana = one_staff.person()
    code = one_staff.operator.reset(ana.id, by="test")
    one_staff.clock.move(hours=72)
    assert not one_staff.parts.own.redeem(code, PASSWORD, ana)
    assert not one_staff.again(ana).has_password


def test_hashing_anew_does_not_bring_an_old_password_back(one_staff: Staff) -> None:
    """A sign-in with the old one was under way when it was changed."""
    ana = one_staff.person()
    one_staff.parts.own.rehash(ana, WRONG, "the hash that it was compared with")
    one_staff.sign_in()
