from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pyotp
import pytest

from bot.staff import one_time_codes
from bot.staff.codes import ALPHABET, RECOVERY_GROUPS, hashed_code, new_code, new_token

AT = datetime(2026, 11, 20, 15, 0, 10, tzinfo=timezone.utc)
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
STEP = int(AT.timestamp()) // 30


def test_a_code_is_made_of_groups_of_letters_that_are_not_mistaken() -> None:
    groups = new_code(RECOVERY_GROUPS).split("-")
    assert [len(group) for group in groups] == [4] * RECOVERY_GROUPS
    assert set("".join(groups)) <= set(ALPHABET)
    assert not set("ilou") & set(ALPHABET)


def test_codes_and_tokens_are_never_the_same() -> None:
    assert len({new_code(4) for _ in range(500)} | {new_token() for _ in range(500)}) == 1000


@pytest.mark.parametrize(
    "typed", ["01ab-01ab", "O1AB 01ab", " oiab\t-Olab", "0-1-a-b-0-1-a-b", "01ab01ab"]
)
def test_a_code_may_be_typed_as_it_is_read(typed: str) -> None:
    assert hashed_code(typed) == hashed_code("01ab-01ab")


def test_another_code_has_another_hash() -> None:
    assert hashed_code("01ab-01ac") != hashed_code("01ab-01ab")


@pytest.mark.parametrize(
    ("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_code_of_the_app_is_taken_one_step_early_or_late(steps: int, taken: bool) -> None:
    code = pyotp.TOTP(KEY).at(AT + timedelta(seconds=30 * steps))
    assert one_time_codes.step_of(KEY, code, AT, None) == (STEP + steps if taken else None)


def test_a_step_that_was_taken_and_those_before_are_over() -> None:
    key = one_time_codes.new_key()
    now = pyotp.TOTP(key).at(AT)
    assert one_time_codes.step_of(key, now, AT, STEP - 1) == STEP
    assert one_time_codes.step_of(key, now, AT, STEP) is None
    assert one_time_codes.step_of(key, now, AT, STEP + 1) is None


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "\ud800", "0" * 60]
)
def test_what_is_no_code_is_not_taken(typed: str) -> None:
    assert one_time_codes.step_of(KEY, typed, AT, None) is None


def test_a_code_with_a_blank_in_it_is_taken() -> None:
    key = one_time_codes.new_key()
    code = pyotp.TOTP(key).at(AT)
    assert one_time_codes.step_of(key, f"{code[:3]} {code[3:]} ", AT, None) == STEP


def test_the_address_for_the_app_names_product_and_person() -> None:
    address = one_time_codes.address(KEY, "ana@clinic.example")
    assert address.startswith("otpauth://totp/Careline:ana%40clinic.example?")
    assert f"secret={KEY}" in address
    assert "issuer=Careline" in address
