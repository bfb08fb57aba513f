from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import SignInRefused
from bot.staff.sign_in import CODE_REFUSED, SignedIn
from bot.staff.throttle import CODES
from tests.staff.stage import ADDRESS, Staff


def test_with_a_second_factor_the_password_alone_opens_nothing(staff: Staff) -> None:
    staff.person(temple="admin")
    staff.with_app()
    before = len(staff.recorded("sign_in"))
    signed_in = staff.sign_in()
    assert signed_in.session.pending_second_factor
    assert signed_in.device is None
    assert len(staff.recorded("sign_in")) == before


def second_factor(
    staff: Staff, pending: SignedIn, code: str, device: str | None = None
) -> SignedIn:
    return staff.parts.sign_in.second_factor(pending.session, code, address=ADDRESS, device=device)


def test_the_code_of_the_app_finishes_the_sign_in_with_a_new_token(staff: Staff) -> None:
    staff.person()
    app, _ = staff.with_app()
    pending = staff.sign_in()
    done = second_factor(staff, pending, staff.code(app))
    assert not done.session.pending_second_factor
    assert done.token != pending.token
    assert done.session.csrf_token != pending.session.csrf_token
    assert staff.parts.sessions.find(pending.token) is None
    assert staff.parts.sessions.find(done.token) == done.session
    assert done.device is not None
    assert staff.recorded("sign_in")[-1].details == {"with": "app"}


def test_a_code_is_never_taken_twice(staff: Staff) -> None:
    staff.person()
    app, _ = staff.with_app()
    code = staff.code(app)
    second_factor(staff, staff.sign_in(), code)
    with pytest.raises(SignInRefused, match=CODE_REFUSED[:20]):
        second_factor(staff, staff.sign_in(), code)
    staff.clock.move(seconds=30)
    second_factor(staff, staff.sign_in(), staff.code(app))


def test_of_two_requests_with_the_same_code_one_is_taken(staff: Staff) -> None:
    staff.person()
    app, recovery = staff.with_app()
    for code in (staff.code(app), recovery[0]):
        waiting = [staff.sign_in(), staff.sign_in()]

        def attempt(pending: SignedIn, code: str = code) -> bool:
            try:
                second_factor(staff, pending, code)
            except SignInRefused:
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(attempt, waiting)) == [False, True]


def test_each_recovery_code_works_once(staff: Staff) -> None:
    ana = staff.person()
    _, codes = staff.with_app()
    assert len(set(codes)) == 10
    second_factor(staff, staff.sign_in(), codes[3].upper().replace("-", " "))
    assert staff.again(ana).recovery_codes_left == 9
    assert staff.recorded("sign_in")[-1].details == {"with": "recovery code"}
    with pytest.raises(SignInRefused):
        second_factor(staff, staff.sign_in(), codes[3])
    second_factor(staff, staff.sign_in(), codes[4])


def test_a_code_of_somebody_else_is_refused(one_staff: Staff) -> None:
    one_staff.person()
    one_staff.person("eve")
    app, codes = one_staff.with_app("eve")
    one_staff.with_app("ana")
    for code in (one_staff.code(app), codes[0]):
        with pytest.raises(SignInRefused):
            second_factor(one_staff, one_staff.sign_in(), code)


def test_guessing_codes_stops_after_five(one_staff: Staff) -> None:
    one_staff.person()
    app, _ = one_staff.with_app()
    for _ in range(CODES.amount):
        with pytest.raises(SignInRefused):
            second_factor(one_staff, one_staff.sign_in(), "000000")
    with pytest.raises(SignInRefused, match=CODE_REFUSED[:20]):
        second_factor(one_staff, one_staff.sign_in(), one_staff.code(app))


def test_whoever_guesses_codes_does_not_lock_out_the_own_browser(one_staff: Staff) -> None:
    one_staff.person()
    app, _ = one_staff.with_app()
    device = second_factor(one_staff, one_staff.sign_in(), one_staff.code(app)).device
    one_staff.clock.move(minutes=1)
    for _ in range(CODES.amount + 1):
        with pytest.raises(SignInRefused):
            second_factor(one_staff, one_staff.sign_in(), "000000")
    pending = one_staff.sign_in(device=device)
    done = second_factor(one_staff, pending, one_staff.code(app), device=device)
    assert done.device == device


def test_a_session_that_waits_for_no_code_takes_none(one_staff: Staff) -> None:
    one_staff.person()
    app, codes = one_staff.with_app()
    done = second_factor(one_staff, one_staff.sign_in(), one_staff.code(app))
    with pytest.raises(SignInRefused):
        second_factor(one_staff, done, codes[0])
    ana = one_staff.parts.people.by_name("ana")
    assert ana.recovery_codes_left == 10
