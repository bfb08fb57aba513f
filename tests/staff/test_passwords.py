from __future__ import annotations

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from bot.errors import PasswordRefused
from bot.staff import passwords
from bot.staff.passwords import LONGEST, SHORTEST, Passwords
from tests.staff.stage import CHEAP, PASSWORD, WRONG


def test_the_cost_of_today_is_that_of_argon2id_with_64_megabytes() -> None:
    parameters = extract_parameters(Passwords().hash(PASSWORD))
    assert parameters.type is Type.ID
    assert parameters.memory_cost == 64 * 1024
    assert parameters.time_cost == 3


def test_a_password_matches_its_own_hash_alone() -> None:
    stored = CHEAP.hash(PASSWORD)
    assert CHEAP.matches(stored, PASSWORD)
    assert not CHEAP.matches(stored, WRONG)
    assert CHEAP.hash(PASSWORD) != stored
    assert PASSWORD not in stored


def test_nobody_s_password_never_matches() -> None:
    assert not CHEAP.matches(None, PASSWORD)
    assert not CHEAP.matches("not a hash", PASSWORD)


def test_the_same_characters_match_however_they_were_composed() -> None:
    assert CHEAP.matches(
        CHEAP.hash("caf\u00e9 under the ﬁrst bridge"), "cafe\u0301 under the first bridge"
    )


def test_a_longer_password_is_not_taken_for_the_one_that_it_begins_with() -> None:
    stored = CHEAP.hash("a" * LONGEST)
    assert not CHEAP.matches(stored, "a" * (LONGEST + 1))


def test_text_that_is_no_valid_unicode_is_refused_without_an_error() -> None:
    assert not CHEAP.matches(CHEAP.hash(PASSWORD), "\ud800" * 20)


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("x7$kQ9!pLz2", "at least 12"),
        ("quiet lantern " * 20, "at most 200"),
        ("password1234", "easy to guess"),
        ("qwertyuiop12", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("aaaaaaaaaaaaaaaa", "easy to guess"),
        ("Careline2026", "easy to guess"),
        ("ana.bergstroem", "easy to guess"),
        ("Bergstroem2026!", "easy to guess"),
    ],
)
def test_a_password_that_others_would_guess_is_refused(password: str, because: str) -> None:
    with pytest.raises(PasswordRefused, match=because):
        CHEAP.check(password, "ana.bergstroem@clinic.example", "Ana Bergstroem")


@pytest.mark.parametrize("password", [PASSWORD, "x7$kQ9!pLz2w", "w" * 3 + "zebra piano cloud 71"])
def test_a_good_password_is_taken(password: str) -> None:
    CHEAP.check(password, "ana")
    assert len(password) >= SHORTEST


def test_a_name_in_the_password_counts_for_that_person_alone() -> None:
    CHEAP.check("bergstroem-92x", "ben")
    with pytest.raises(PasswordRefused):
        CHEAP.check("bergstroem-92x", "bergstroem")


def test_checks_do_not_run_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """zxcvbn keeps the names of a call in a global: they would count for other people."""
    running = most = 0

    def judge(password: str, names: list[str]) -> dict[str, int]:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.005)
        running -= 1
        return {"score": 4}

    monkeypatch.setattr(passwords, "zxcvbn", judge)
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: CHEAP.check(PASSWORD), range(12)))
    assert most == 1


def test_a_hash_of_another_cost_is_outdated() -> None:
    costlier = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1))
    stored = CHEAP.hash(PASSWORD)
    assert not CHEAP.is_outdated(stored)
    assert costlier.is_outdated(stored)
    assert costlier.matches(stored, PASSWORD)


def test_hashes_do_not_take_more_memory_together_than_two_of_them() -> None:
    """Each of argon2's holds 64 MB."""
    together = most = 0

    class Counting(PasswordHasher):
        def verify(self, *arguments: object) -> bool:  # type: ignore[override]
            nonlocal together, most
            together += 1
            most = max(most, together)
            super().verify(*arguments)  # type: ignore[arg-type]
            together -= 1
            return True

    cost = dataclasses.asdict(extract_parameters(CHEAP.hash(PASSWORD)))
    costly = Passwords(Counting(time_cost=40, memory_cost=512, parallelism=cost["parallelism"]))
    stored = costly.hash(PASSWORD)
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(lambda _: costly.matches(stored, PASSWORD), range(16)))
    assert most == 2
