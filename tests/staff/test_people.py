from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.errors import (
    CarelineError,
    Forbidden,
    LastAdmin,
    NameTaken,
    NotFound,
    PasswordRefused,
    SignInRefused,
    Unprocessable,
)
from bot.staff.model import Person, Role
from tests.staff.stage import ADDRESS, PASSWORD, Staff

TEMPLE = {"temple": [Role.READER]}


def test_a_new_person_has_exactly_the_roles_that_were_given(staff: Staff) -> None:
    roles = {"temple": [Role.READER, Role.REVIEWER, Role.READER], "twin-cities": [Role.EDITOR]}
    added = staff.operator.add(" Ana@Clinic.example ", "Ana  B. ", roles, by="test")
    assert added.person == staff.parts.people.by_name("ana@clinic.example")
    assert added.person.display_name == "Ana B."
    assert added.person.roles == {
        "temple": frozenset({Role.READER, Role.REVIEWER}),
        "twin-cities": frozenset({Role.EDITOR}),
    }
    assert not added.person.has_password
    assert added.setup_code is not None
    entry = staff.recorded("person.added")[0]
    assert entry.target == "ana@clinic.example"
    assert entry.details["roles"]["temple"] == ["reader", "reviewer"]


def test_a_new_database_has_no_account(staff: Staff) -> None:
    assert staff.parts.people.all() == ()


def test_a_person_without_a_password_cannot_sign_in(one_staff: Staff) -> None:
    one_staff.operator.add("ana", "Ana", TEMPLE, by="test")
    for password in ("", PASSWORD):
        with pytest.raises(SignInRefused):
            one_staff.sign_in(password=password)


@pytest.mark.parametrize("name", ["", "?", "a b", "-a", "ana\u0430", "a/b", "a" * 101, "<b>", "é"])
def test_a_name_that_cannot_be_typed_everywhere_is_refused(one_staff: Staff, name: str) -> None:
    with pytest.raises(Unprocessable, match="letters"):
        one_staff.operator.add(name, "Ana", TEMPLE, by="test")


@pytest.mark.parametrize("display_name", ["", "  ", "\0", "x" * 101])
def test_a_full_name_is_needed(one_staff: Staff, display_name: str) -> None:
    with pytest.raises(Unprocessable, match="full name"):
        one_staff.operator.add("ana", display_name, TEMPLE, by="test")


def test_a_name_is_given_once_however_it_is_capitalised(staff: Staff) -> None:
    staff.person("ana")
    with pytest.raises(NameTaken):
        staff.operator.add("ANA", "Another", {}, by="test")


def test_a_bad_password_or_an_unknown_clinic_adds_nobody(staff: Staff) -> None:
    with pytest.raises(PasswordRefused):
        staff.operator.add("ana", "Ana", TEMPLE, by="test", password="password1234")
    with pytest.raises(NotFound, match="temple, twin-cities"):
        staff.operator.add("ana", "Ana", {"elsewhere": [Role.ADMIN]}, by="test")
    assert staff.parts.people.all() == ()
    assert staff.recorded() == []


def test_unknown_people_are_not_found(one_staff: Staff) -> None:
    people = one_staff.parts.people
    for look in (people.get, people.by_name):
        with pytest.raises(NotFound):
            look("nobody")
    assert people.by_oidc_subject("nobody") is None


def test_the_list_of_a_clinic_has_its_people_and_those_without_any_role(one_staff: Staff) -> None:
    one_staff.person("ana", temple="reader")
    one_staff.person("ben", twin_cities="reader")
    one_staff.person("cem")
    people = one_staff.parts.people
    assert [person.name for person in people.all()] == ["ana", "ben", "cem"]
    assert [person.name for person in people.all(["temple"])] == ["ana", "cem"]


def test_an_admin_gives_roles_in_their_own_clinics_alone(staff: Staff) -> None:
    staff.person("boss", temple="admin")
    staff.person("reader", temple="reader")
    people = staff.parts.people
    ana = people.add("ana", "Ana", TEMPLE, by="boss").person
    people.set_roles(ana.id, "temple", [Role.REVIEWER], by="boss")
    refusals: list[Callable[[], object]] = [
        lambda: people.add("ben", "Ben", {"twin-cities": [Role.READER]}, by="boss"),
        lambda: people.add("ben", "Ben", {**TEMPLE, "twin-cities": []}, by="boss"),
        lambda: people.set_roles(ana.id, "twin-cities", [Role.READER], by="boss"),
        lambda: people.add("ben", "Ben", TEMPLE, by="reader"),
        lambda: people.add("ben", "Ben", {}, by="reader"),
        lambda: people.add("ben", "Ben", TEMPLE, by="nobody"),
        lambda: people.add("ben", "Ben", TEMPLE, by="command line"),
        lambda: people.set_roles(ana.id, "temple", [Role.ADMIN], by="ana"),
    ]
    for refusal in refusals:
        with pytest.raises(Forbidden):
            refusal()
    assert staff.again(ana).roles == {"temple": frozenset({Role.REVIEWER})}
    change = staff.recorded("person.roles")[0]
    assert (change.by, change.clinic, change.target) == ("boss", "temple", "ana")
    assert change.details == {"before": ["reader"], "now": ["reviewer"]}


def test_the_same_roles_again_change_and_record_nothing(one_staff: Staff) -> None:
    ana = one_staff.person(temple="reader")
    token = one_staff.sign_in().token
    one_staff.operator.set_roles(ana.id, "temple", [Role.READER], by="test")
    assert one_staff.recorded("person.roles") == []
    assert one_staff.parts.sessions.find(token) is not None


def test_a_disabled_admin_changes_nobody(one_staff: Staff) -> None:
    one_staff.person("boss", temple="admin")
    other = one_staff.person("other", temple="admin")
    one_staff.operator.disable(other.id, by="test")
    with pytest.raises(Forbidden):
        one_staff.parts.people.add("ana", "Ana", TEMPLE, by="other")


CHANGES: dict[str, Callable[[Staff, Person, str], object]] = {
    "disable": lambda staff, person, by: staff.parts.people.disable(person.id, by=by),
    "enable": lambda staff, person, by: staff.parts.people.enable(person.id, by=by),
    "reset": lambda staff, person, by: staff.parts.people.reset(person.id, by=by),
    "end_sessions": lambda staff, person, by: staff.parts.people.end_sessions(person.id, by=by),
    "link_oidc": lambda staff, person, by: staff.parts.people.link_oidc(person.id, "x", by=by),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_account_is_changed_by_an_admin_of_every_clinic_where_it_counts(
    one_staff: Staff, change: str
) -> None:
    """Whoever resets an account gets all that it may do, in the other clinic too."""
    both = one_staff.person("both", temple="admin", twin_cities="admin")
    one = one_staff.person("one", temple="admin")
    ben = one_staff.person("ben", temple="reader", twin_cities="reader")
    for by in ("one", "ben", "nobody"):
        with pytest.raises(Forbidden):
            CHANGES[change](one_staff, ben, by)
    CHANGES[change](one_staff, ben, "both")
    people = one_staff.parts.people
    assert people.may_manage(both, ben)
    assert not people.may_manage(one, ben)


def test_whoever_has_no_role_can_be_looked_after_by_any_admin(one_staff: Staff) -> None:
    one_staff.person("boss", temple="admin")
    ana = one_staff.person("ana")
    one_staff.parts.people.reset(ana.id, by="boss")
    with pytest.raises(Forbidden):
        one_staff.parts.people.reset(one_staff.parts.people.by_name("boss").id, by="ana")


def test_the_last_admin_of_a_clinic_stays(staff: Staff) -> None:
    boss = staff.person("boss", temple="admin")
    staff.person("invited", twin_cities="admin")
    staff.operator.add("new", "New", {"temple": [Role.ADMIN]}, by="test")  # never signed in
    for people, by in ((staff.parts.people, "boss"), (staff.operator, "test")):
        with pytest.raises(LastAdmin):
            people.disable(boss.id, by=by)
        with pytest.raises(LastAdmin):
            people.set_roles(boss.id, "temple", [], by=by)
        with pytest.raises(LastAdmin):
            people.set_roles(boss.id, "temple", [Role.REVIEWER], by=by)
    assert staff.again(boss) == boss
    staff.person("other", temple="admin")
    staff.parts.people.set_roles(boss.id, "temple", [Role.REVIEWER], by="boss")
    assert staff.again(boss).roles == {"temple": frozenset({Role.REVIEWER})}


def test_an_admin_who_is_disabled_looks_after_nothing(one_staff: Staff) -> None:
    boss = one_staff.person("boss", temple="admin")
    other = one_staff.person("other", temple="admin")
    one_staff.operator.disable(other.id, by="test")
    with pytest.raises(LastAdmin):
        one_staff.operator.disable(boss.id, by="test")


def test_two_admins_who_remove_each_other_do_not_both_succeed(staff: Staff) -> None:
    pair = [staff.person("ana", temple="admin"), staff.person("ben", temple="admin")]

    def remove(number: int) -> bool:
        try:
            staff.parts.people.set_roles(pair[number].id, "temple", [], by=pair[1 - number].name)
        except CarelineError:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(remove, [0, 1])) == [False, True]


def test_a_disabled_person_is_let_in_again_when_enabled(staff: Staff) -> None:
    ana = staff.person(temple="reader")
    for _ in range(2):
        staff.operator.disable(ana.id, by="test")
    assert staff.again(ana).disabled
    with pytest.raises(SignInRefused):
        staff.sign_in()
    for _ in range(2):
        staff.operator.enable(ana.id, by="test")
    staff.sign_in()
    actions = [entry.action for entry in staff.recorded("person.")]
    assert actions == ["person.added", "person.disabled", "person.enabled"]


def test_a_reset_takes_everything_that_opens_the_account(staff: Staff) -> None:
    ana = staff.person(temple="reader")
    staff.with_app()
    device = staff.parts.sign_in.provider(ana, device=None).device
    code = staff.operator.reset(ana.id, by="test")
    after = staff.again(ana)
    assert not after.has_password
    assert not after.has_second_factor
    assert after.recovery_codes_left == 0
    assert after.roles == ana.roles
    with pytest.raises(SignInRefused):
        staff.sign_in(device=device)
    staff.parts.sign_in.welcome(code, PASSWORD, address=ADDRESS)
    assert staff.sign_in(device=device).device != device


def test_another_reset_makes_the_first_code_useless(one_staff: Staff) -> None:
    ana = one_staff.person()
    first = one_staff.operator.reset(ana.id, by="test")
    second = one_staff.operator.reset(ana.id, by="test")
    with pytest.raises(SignInRefused):
        one_staff.parts.sign_in.invited(first, address=ADDRESS)
    assert one_staff.parts.sign_in.invited(second, address=ADDRESS).name == "ana"
    assert first not in str(one_staff.recorded())


def test_an_admin_signs_a_person_out_everywhere(staff: Staff) -> None:
    staff.person("boss", temple="admin")
    ana = staff.person(temple="reader")
    tokens = [staff.sign_in().token, staff.sign_in().token]
    assert staff.parts.people.end_sessions(ana.id, by="boss") == 2
    assert [staff.parts.sessions.find(token) for token in tokens] == [None, None]
    assert staff.recorded("person.sessions_ended")[0].by == "boss"


def test_an_account_of_the_provider_belongs_to_one_person(staff: Staff) -> None:
    ana, ben = staff.person("ana"), staff.person("ben")
    staff.operator.link_oidc(ana.id, "subject-1", by="test")
    found = staff.parts.people.by_oidc_subject("subject-1")
    assert found is not None
    assert found.name == "ana"
    with pytest.raises(NameTaken):
        staff.operator.link_oidc(ben.id, "subject-1", by="test")
    staff.operator.link_oidc(ana.id, None, by="test")
    assert staff.parts.people.by_oidc_subject("subject-1") is None
    assert [entry.details for entry in staff.recorded("person.oidc")] == [
        {"linked": True},
        {"linked": False},
    ]


def test_a_person_is_adopted_from_the_provider_once(staff: Staff) -> None:
    ana, ben = staff.person("ana"), staff.person("ben")
    people = staff.parts.people
    assert people.adopt_oidc(ana, "subject-1")
    assert not people.adopt_oidc(ana, "subject-2")
    with pytest.raises(NameTaken):
        people.adopt_oidc(ben, "subject-1")
    staff.operator.disable(ben.id, by="test")
    assert not people.adopt_oidc(ben, "subject-3")
    assert people.by_oidc_subject("subject-3") is None


def test_an_admin_who_comes_from_the_provider_keeps_a_clinic_looked_after(
    one_staff: Staff,
) -> None:
    boss = one_staff.person("boss", temple="admin")
    other = one_staff.operator.add("other", "Other", {"temple": [Role.ADMIN]}, by="test").person
    one_staff.operator.link_oidc(other.id, "subject-1", by="test")
    one_staff.parts.people.disable(boss.id, by="boss")
    assert one_staff.again(boss).disabled
