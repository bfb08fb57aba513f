from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from bot.errors import PasswordRefused, SignInRefused
from bot.staff.passwords import Passwords
from bot.staff.sessions import LONGEST
from bot.staff.sign_in import REFUSED, SETUP_REFUSED
from bot.staff.tables import people, staff_devices, staff_sessions
from bot.staff.throttle import ADDRESS as ADDRESS_LIMIT
from tests.staff.stage import ADDRESS, CHEAP, FAR_AWAY, PASSWORD, WRONG, Staff


def test_the_right_password_opens_a_session(staff: Staff) -> None:
    ana = staff.person(temple="reader")
    signed_in = staff.sign_in()
    found = staff.parts.sessions.find(signed_in.token)
    assert found == signed_in.session
    assert found.person.id == ana.id
    assert not found.pending_second_factor
    assert staff.recorded("sign_in")[0].by == "ana"


@pytest.mark.parametrize("typed", ["ana", " Ana ", "ANA"])
def test_a_name_is_taken_however_it_is_capitalised(one_staff: Staff, typed: str) -> None:
    one_staff.person()
    assert one_staff.sign_in(typed).session.person.name == "ana"


def test_every_failure_reads_the_same(one_staff: Staff) -> None:
    one_staff.person()
    one_staff.operator.disable(one_staff.person("off").id, by="test")
    one_staff.operator.add("new", "New", {}, by="test")
    names = ("ana", "off", "new", "nobody", "", "?", "a\0b", "\ud800")
    sentences = {one_staff.refused(name=name, password=WRONG) for name in names}
    sentences |= {one_staff.refused(name="off"), one_staff.refused(password="")}
    assert sentences == {REFUSED}


@pytest.mark.parametrize("name", ["ana", "off", "new", "nobody", "\ud800"])
def test_every_failure_takes_one_comparison_at_the_same_cost(
    one_staff: Staff, comparisons: list[str], name: str
) -> None:
    one_staff.person()
    one_staff.operator.disable(one_staff.person("off").id, by="test")
    one_staff.operator.add("new", "New", {}, by="test")
    one_staff.refused(name=name, password=WRONG)
    assert [stored.split("$")[1:4] for stored in comparisons] == [CHEAP.hash(WRONG).split("$")[1:4]]


def test_a_failure_is_recorded_without_what_was_typed(staff: Staff) -> None:
    staff.person()
    staff.refused(password=WRONG)
    staff.refused(name="my-secret-password", password=WRONG)
    known, unknown = staff.recorded("sign_in.failed")
    assert (known.by, known.target) == ("ana", "ana")
    assert (unknown.by, unknown.target) == ("?", None)
    assert "secret" not in str(staff.recorded()) + WRONG


def test_each_sign_in_opens_a_session_of_its_own(one_staff: Staff) -> None:
    one_staff.person()
    first, second = one_staff.sign_in(), one_staff.sign_in()
    assert first.token != second.token
    assert first.session.id != second.session.id
    assert first.session.csrf_token != second.session.csrf_token


def test_tokens_and_devices_are_stored_as_hashes_alone(one_staff: Staff) -> None:
    one_staff.person()
    signed_in = one_staff.sign_in()
    with one_staff.engine.connect() as connection:
        stored = str(
            [connection.execute(sa.select(t)).all() for t in (staff_sessions, staff_devices)]
        )
    assert signed_in.session.id in stored
    assert signed_in.token not in stored
    assert signed_in.device is not None
    assert signed_in.device not in stored


def test_a_password_of_an_older_cost_is_hashed_anew(staff: Staff) -> None:
    older = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    staff.person()
    with staff.engine.begin() as connection:
        connection.execute(people.update().values(password_hash=older.hash(PASSWORD)))
    staff.sign_in()
    with staff.engine.connect() as connection:
        stored = connection.execute(sa.select(people.c.password_hash)).scalar_one()
    assert not CHEAP.is_outdated(stored)
    staff.sign_in()


def test_whoever_comes_from_the_provider_gets_a_full_session(staff: Staff) -> None:
    ana = staff.person(temple="reader")
    staff.parts.security.require_second_factor("temple", True, by="test")
    signed_in = staff.parts.sign_in.provider(ana, device=None)
    found = staff.parts.sessions.find(signed_in.token)
    assert found is not None
    assert not found.pending_second_factor
    assert not found.must_set_up_second_factor
    assert staff.recorded("sign_in")[-1].details == {"with": "provider"}


def test_a_disabled_person_does_not_get_in_by_the_provider(one_staff: Staff) -> None:
    ana = one_staff.person()
    one_staff.operator.disable(ana.id, by="test")
    with pytest.raises(SignInRefused):
        one_staff.parts.sign_in.provider(one_staff.again(ana), device=None)


def test_a_set_up_code_lets_its_person_choose_a_password_once(staff: Staff) -> None:
    code = staff.operator.add("new", "New", {}, by="test").setup_code
    assert code is not None
    sign_in = staff.parts.sign_in
    assert sign_in.invited(code, address=ADDRESS).name == "new"
    with pytest.raises(PasswordRefused):
        sign_in.welcome(code, "too short", address=ADDRESS)
    assert sign_in.welcome(code.upper(), PASSWORD, address=ADDRESS).name == "new"
    staff.sign_in("new")
    with pytest.raises(SignInRefused, match=SETUP_REFUSED[:20]):
        sign_in.welcome(code, PASSWORD + " too", address=ADDRESS)
    assert staff.recorded("password.changed")[-1].by == "new"


def test_a_set_up_code_is_over_after_three_days(one_staff: Staff) -> None:
    code = str(one_staff.operator.add("new", "New", {}, by="test").setup_code)
    one_staff.clock.move(hours=72)
    with pytest.raises(SignInRefused):
        one_staff.parts.sign_in.invited(code, address=ADDRESS)
    with pytest.raises(SignInRefused):
        one_staff.parts.sign_in.welcome(code, PASSWORD, address=ADDRESS)


def test_a_set_up_code_of_a_disabled_person_is_refused(one_staff: Staff) -> None:
    added = one_staff.operator.add("new", "New", {}, by="test")
    one_staff.operator.disable(added.person.id, by="test")
    with pytest.raises(SignInRefused):
        one_staff.parts.sign_in.welcome(str(added.setup_code), PASSWORD, address=ADDRESS)


def test_trying_set_up_codes_is_counted_by_address(one_staff: Staff) -> None:
    code = str(one_staff.operator.add("new", "New", {}, by="test").setup_code)
    for _ in range(ADDRESS_LIMIT.amount):
        with pytest.raises(SignInRefused):
            one_staff.parts.sign_in.invited("wrong", address=ADDRESS)
    with pytest.raises(SignInRefused):
        one_staff.parts.sign_in.invited(code, address=ADDRESS)
    one_staff.parts.sign_in.invited(code, address=FAR_AWAY)


def test_a_sign_in_sweeps_sessions_that_are_over(one_staff: Staff) -> None:
    one_staff.person()
    for _ in range(3):
        one_staff.sign_in()
    one_staff.clock.move(seconds=LONGEST / timedelta(seconds=1))
    one_staff.sign_in()
    with one_staff.engine.connect() as connection:
        count = sa.select(sa.func.count()).select_from(staff_sessions)
        assert connection.execute(count).scalar() == 1
