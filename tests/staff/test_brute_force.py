from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from bot.staff.sign_in import DEVICE_KEPT, REFUSED
from bot.staff.throttle import ADDRESS as ADDRESS_LIMIT
from bot.staff.throttle import KNOWN_DEVICE, PERIOD_MINUTES, UNKNOWN_DEVICES
from tests.staff.stage import FAR_AWAY, WRONG, Staff


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Moves the clock by which attempts are counted, so many minutes on."""
    real, later = time.time, 0.0

    def move(minutes: float) -> None:
        nonlocal later
        later += 60 * minutes

    monkeypatch.setattr(time, "time", lambda: real() + later)
    return move


def test_guessing_stops_after_ten_attempts_even_with_the_right_one(
    one_staff: Staff, comparisons: list[str]
) -> None:
    one_staff.person()
    for _ in range(UNKNOWN_DEVICES.amount):
        one_staff.refused(password=WRONG)
    assert one_staff.refused() == REFUSED
    assert len(comparisons) == UNKNOWN_DEVICES.amount


def test_changing_the_address_does_not_help_guessing(one_staff: Staff) -> None:
    one_staff.person()
    for number in range(UNKNOWN_DEVICES.amount):
        one_staff.refused(password=WRONG, address=f"198.51.100.{number}")
    assert one_staff.refused(address="192.0.2.1") == REFUSED


def test_guessing_at_an_unknown_name_stops_the_same_way(
    one_staff: Staff, comparisons: list[str]
) -> None:
    for _ in range(UNKNOWN_DEVICES.amount + 5):
        one_staff.refused(name="nobody", password=WRONG)
    assert len(comparisons) == UNKNOWN_DEVICES.amount


def test_after_the_period_the_right_password_is_taken_again(
    one_staff: Staff, pass_time: Callable[[float], None]
) -> None:
    one_staff.person()
    for _ in range(UNKNOWN_DEVICES.amount + 1):
        one_staff.refused(password=WRONG)
    pass_time(PERIOD_MINUTES - 1)
    one_staff.refused()
    pass_time(2)
    one_staff.sign_in()


def test_an_attacker_does_not_lock_out_a_person_at_their_own_browser(staff: Staff) -> None:
    staff.person()
    device = staff.sign_in().device
    for _ in range(UNKNOWN_DEVICES.amount + 1):
        staff.refused(password=WRONG, address=FAR_AWAY)
    staff.refused(address=FAR_AWAY)
    assert staff.sign_in(device=device).device == device


def test_a_known_browser_is_no_way_to_guess_on(one_staff: Staff) -> None:
    one_staff.person()
    device = one_staff.sign_in().device
    for _ in range(KNOWN_DEVICE.amount):
        one_staff.refused(password=WRONG, device=device)
    one_staff.refused(device=device)
    one_staff.sign_in()  # another browser is counted by itself


def test_a_browser_is_known_for_its_own_person_alone(one_staff: Staff) -> None:
    """Else whoever has an account could guess at other people's with ten attempts more."""
    one_staff.person()
    one_staff.person("eve")
    device = one_staff.sign_in("eve").device
    for _ in range(UNKNOWN_DEVICES.amount):
        one_staff.refused(password=WRONG)
    one_staff.refused(device=device)
    one_staff.refused(device="made up")


def test_a_right_password_makes_up_for_what_was_mistyped_on_the_own_browser(
    one_staff: Staff,
) -> None:
    one_staff.person()
    device = one_staff.sign_in().device
    for _ in range(3):
        for _ in range(KNOWN_DEVICE.amount - 1):
            one_staff.refused(password=WRONG, device=device)
        one_staff.sign_in(device=device)


def test_one_address_cannot_try_a_password_with_every_name(
    one_staff: Staff, comparisons: list[str]
) -> None:
    one_staff.person()
    for number in range(ADDRESS_LIMIT.amount):
        one_staff.refused(name=f"name{number}", password=WRONG)
    assert one_staff.refused() == REFUSED
    assert len(comparisons) == ADDRESS_LIMIT.amount
    one_staff.sign_in(address=FAR_AWAY)


def test_an_ipv6_household_is_one_address(one_staff: Staff) -> None:
    one_staff.person()
    for number in range(ADDRESS_LIMIT.amount):
        one_staff.refused(name=f"name{number}", address=f"2001:db8::{number:x}")
    one_staff.refused(address="2001:db8::ffff:1")
    one_staff.sign_in(address="2001:db8:0:1::1")


def test_an_address_over_its_limit_does_not_use_up_the_attempts_of_a_name(
    one_staff: Staff,
) -> None:
    one_staff.person()
    for number in range(ADDRESS_LIMIT.amount):
        one_staff.refused(name=f"name{number}")
    for _ in range(UNKNOWN_DEVICES.amount * 2):
        one_staff.refused()
    one_staff.sign_in(address=FAR_AWAY)


def test_a_reached_limit_is_recorded_once_whatever_is_tried(one_staff: Staff) -> None:
    one_staff.person()
    for _ in range(UNKNOWN_DEVICES.amount + 20):
        one_staff.refused(password=WRONG)
    assert [entry.target for entry in one_staff.recorded("sign_in.limited")] == ["ana"]
    for number in range(ADDRESS_LIMIT.amount + 20):
        one_staff.refused(name=f"name{number}")
    assert len(one_staff.recorded("sign_in.limited")) == 2
    assert len(one_staff.recorded("sign_in.failed")) <= ADDRESS_LIMIT.amount


def test_a_browser_that_was_away_for_half_a_year_is_not_known_any_more(one_staff: Staff) -> None:
    one_staff.person()
    device = one_staff.sign_in().device
    one_staff.clock.move(days=DEVICE_KEPT.days + 1)
    assert one_staff.sign_in(device=None).device != device
    assert one_staff.sign_in(device=device).device != device
