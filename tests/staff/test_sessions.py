from __future__ import annotations

import sqlalchemy as sa

from bot.staff.model import Role
from bot.staff.sessions import IDLE, LONGEST, PENDING
from bot.staff.tables import people, staff_sessions
from tests.staff.stage import Staff


def stored_last_seen(staff: Staff) -> object:
    with staff.engine.connect() as connection:
        return connection.execute(sa.select(staff_sessions.c.last_seen_at)).scalar_one()


def test_a_made_up_token_opens_nothing(one_staff: Staff) -> None:
    one_staff.person()
    signed_in = one_staff.sign_in()
    for token in ("", "made up", signed_in.session.id, signed_in.session.csrf_token, "\ud800"):
        assert one_staff.parts.sessions.find(token) is None


def test_a_session_ends_after_fifteen_minutes_without_a_request(staff: Staff) -> None:
    staff.person()
    token = staff.sign_in().token
    staff.clock.move(minutes=14, seconds=59)
    assert staff.parts.sessions.find(token) is not None
    staff.clock.move(minutes=15)
    assert staff.parts.sessions.find(token) is None


def test_a_session_ends_after_eight_hours_whatever_is_done(staff: Staff) -> None:
    staff.person()
    token = staff.sign_in().token
    for _ in range(8 * 6 - 1):
        staff.clock.move(minutes=10)
        assert staff.parts.sessions.find(token) is not None
    token = staff.parts.sessions.renew(staff.parts.sessions.find(token))  # type: ignore[arg-type]
    staff.clock.move(minutes=10)
    assert staff.parts.sessions.find(token) is None


def test_a_password_waits_ten_minutes_for_its_code(staff: Staff) -> None:
    staff.person()
    staff.with_app()
    token = staff.sign_in().token
    staff.clock.move(minutes=9, seconds=59)
    assert staff.parts.sessions.find(token) is not None
    staff.clock.move(seconds=1)
    assert staff.parts.sessions.find(token) is None
    assert PENDING < IDLE < LONGEST


def test_being_seen_is_written_once_a_minute(staff: Staff) -> None:
    ana = staff.person()
    token = staff.sign_in().token
    start = stored_last_seen(staff)
    staff.clock.move(seconds=59)
    staff.parts.sessions.find(token)
    assert stored_last_seen(staff) == start
    staff.clock.move(seconds=1)
    staff.parts.sessions.find(token)
    assert stored_last_seen(staff) == staff.clock.now
    assert staff.again(ana).last_seen_at == staff.clock.now


def test_renewing_gives_another_token_and_another_csrf_value(staff: Staff) -> None:
    staff.person()
    signed_in = staff.sign_in()
    token = staff.parts.sessions.renew(signed_in.session)
    renewed = staff.parts.sessions.find(token)
    assert renewed is not None
    assert renewed.id == signed_in.session.id
    assert renewed.csrf_token != signed_in.session.csrf_token
    assert staff.parts.sessions.find(signed_in.token) is None


def test_signing_out_ends_the_session_and_is_recorded_once(staff: Staff) -> None:
    staff.person()
    signed_in = staff.sign_in()
    staff.parts.sessions.end(signed_in.session)
    staff.parts.sessions.end(signed_in.session)
    assert staff.parts.sessions.find(signed_in.token) is None
    assert [entry.by for entry in staff.recorded("sign_out")] == ["ana"]


def test_the_others_end_and_the_own_one_stays(staff: Staff) -> None:
    ana = staff.person()
    staff.person("ben")
    own, others, of_ben = staff.sign_in(), [staff.sign_in(), staff.sign_in()], staff.sign_in("ben")
    assert staff.parts.sessions.end_all(ana.id, by="ana", but=own.session) == 2
    find = staff.parts.sessions.find
    assert find(own.token) is not None
    assert find(of_ben.token) is not None
    assert [find(other.token) for other in others] == [None, None]
    assert staff.recorded("person.sessions_ended")[0].details == {"ended": 2}


def test_the_list_shows_what_is_live_the_latest_first(one_staff: Staff) -> None:
    ana = one_staff.person()
    one_staff.person("ben")
    one_staff.sign_in()
    one_staff.clock.move(minutes=10)
    second = one_staff.sign_in()
    one_staff.sign_in("ben")
    one_staff.clock.move(minutes=2)
    third = one_staff.sign_in()
    listed = one_staff.parts.sessions.of(ana.id)
    assert [session.id for session in listed][:2] == [third.session.id, second.session.id]
    assert len(listed) == 3
    one_staff.clock.move(minutes=4)
    assert len(one_staff.parts.sessions.of(ana.id)) == 2


def test_a_disabled_person_has_no_session(staff: Staff) -> None:
    ana = staff.person()
    token = staff.sign_in().token
    staff.operator.disable(ana.id, by="test")
    assert staff.parts.sessions.find(token) is None
    staff.operator.enable(ana.id, by="test")
    assert staff.parts.sessions.find(token) is None


def test_a_session_that_outlived_the_disabling_opens_nothing(staff: Staff) -> None:
    """A sign-in that was under way when the account was disabled."""
    staff.person()
    token = staff.sign_in().token
    with staff.engine.begin() as connection:
        connection.execute(people.update().values(disabled=True))
    assert staff.parts.sessions.find(token) is None


def test_reset_roles_and_password_end_sessions(staff: Staff) -> None:
    ana = staff.person(temple="reader")
    token = staff.sign_in().token
    staff.operator.set_roles(ana.id, "temple", [Role.EDITOR], by="test")
    assert staff.parts.sessions.find(token) is None
    token = staff.sign_in().token
    staff.operator.reset(ana.id, by="test")
    assert staff.parts.sessions.find(token) is None


def test_what_is_over_is_swept(staff: Staff) -> None:
    staff.person()
    staff.sign_in()
    staff.clock.move(minutes=14)
    kept = staff.sign_in()
    staff.clock.move(minutes=2)
    assert staff.parts.sessions.sweep() == 1
    assert staff.parts.sessions.find(kept.token) is not None


def test_a_clinic_that_requires_a_second_factor_gets_it_set_up_first(staff: Staff) -> None:
    staff.person(temple="reader")
    staff.person("ben", twin_cities="reader")
    tokens = [staff.sign_in().token, staff.sign_in("ben").token]

    def must() -> list[bool]:
        found = [staff.parts.sessions.find(token) for token in tokens]
        return [session.must_set_up_second_factor for session in found if session is not None]

    assert must() == [False, False]
    staff.parts.security.require_second_factor("temple", True, by="admin")
    assert staff.parts.security.required("temple")
    assert not staff.parts.security.required("twin-cities")
    assert must() == [True, False]
    staff.with_app()
    assert must() == [False, False]
    staff.parts.security.require_second_factor("temple", False, by="admin")
    assert not staff.parts.security.required("temple")
    assert [entry.action for entry in staff.recorded("second_factor") if entry.clinic] == [
        "second_factor.required",
        "second_factor.not_required",
    ]
