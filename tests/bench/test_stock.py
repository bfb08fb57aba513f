"""The stock side is what `rasa init` gives, on our data."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime, timezone
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.sides import Ours, Stock
from bench.stock_project import (
    STOCK_DIR,
    domain,
    read_intents,
    rules,
    story_intents,
    write_project,
)
from bot.content.files import load_directory
from bot.content.snapshot import snapshot_of_files
from bot.content.yaml_lines import read_yaml
from bot.engine.training import model_path
from bot.errors import SetupError
from bot.paths import NLU_DIR, ROOT
from bot.settings import Settings

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)

USE_ACTIONS = """
import json, sys
from rasa_sdk.executor import CollectingDispatcher
from actions.actions import ACTIONS
said = {}
for action in ACTIONS:
    dispatcher = CollectingDispatcher()
    assert action().run(dispatcher, None, {}) == []
    said[action().name()] = dispatcher.messages
print(json.dumps(said))
"""


def yaml(path: Path):
    return read_yaml(path, path.name).data


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stock")
    write_project(folder, NLU_DIR, snapshot_of_files(load_directory()), NOW)
    return folder


def test_pipeline_and_policies_are_the_defaults_of_rasa_itself():
    rasa = find_spec("rasa")
    assert rasa is not None
    assert rasa.origin is not None
    defaults = Path(rasa.origin).parent / "engine/recipes/config_files/default_config.yml"
    ours, theirs = yaml(STOCK_DIR / "config.yml"), yaml(defaults)
    for part in ("recipe", "language", "pipeline", "policies"):
        assert ours[part] == theirs[part]


def test_every_intent_of_the_training_data_has_its_rule_and_its_action(project):
    intents = read_intents(NLU_DIR)
    assert len(intents) > 30
    found = yaml(project / "domain.yml")
    assert found["intents"] == intents
    assert found["actions"] == [f"action_{name}" for name in [*intents, "fallback"]]
    steps = [rule["steps"] for rule in yaml(project / "data" / "rules.yml")["rules"]]
    pairs = {step[0]["intent"]: step[1]["action"] for step in steps}
    assert pairs.pop("nlu_fallback") == "action_fallback"
    assert pairs == {name: f"action_{name}" for name in intents}


def test_stories_use_intents_that_have_training_data():
    assert story_intents(STOCK_DIR / "stories.yml") <= set(read_intents(NLU_DIR))


def test_stock_answers_are_our_own_words(project):
    answers = json.loads((project / "answers.json").read_text())
    assert set(answers) == {*read_intents(NLU_DIR), "fallback"}
    assert all(answer["text"] for answer in answers.values())
    assert "FBSS" in answers["definition"]["text"]
    assert answers["definition"]["buttons"][0].keys() == {"title", "payload"}


def test_the_action_server_utters_an_answer_and_its_subject_for_each_action(project):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", USE_ACTIONS],
        cwd=STOCK_DIR,
        env={"STOCK_ANSWERS": str(project / "answers.json"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=True,
    )
    said = json.loads(done.stdout)
    (message,) = said["action_definition"]
    assert message["custom"] == {"subject": "definition"}
    assert "FBSS" in message["text"]
    assert len(said) == len(read_intents(NLU_DIR)) + 1


def test_a_folder_without_training_data_is_refused(tmp_path):
    with pytest.raises(SetupError, match="no training data"):
        read_intents(tmp_path)


def test_a_story_without_training_data_is_refused(tmp_path):
    (tmp_path / "greet.yml").write_text("nlu:\n- intent: greet\n  examples: '- hi'\n")
    with pytest.raises(SetupError, match="without training data: appointment"):
        write_project(tmp_path / "out", tmp_path, snapshot_of_files(load_directory()), NOW)


def test_domain_and_rules_are_yaml_also_for_one_intent(tmp_path):
    for name, text in (("domain", domain(["greet"])), ("rules", rules(["greet"]))):
        (tmp_path / f"{name}.yml").write_text(text)
    assert yaml(tmp_path / "domain.yml")["actions"] == ["action_greet", "action_fallback"]
    assert len(yaml(tmp_path / "rules.yml")["rules"]) == 2


def recorded(monkeypatch):
    """Commands that would be started, instead of starting them."""
    commands = []

    def start(commands_, port, token):
        commands.extend(commands_)
        return (port, token)

    monkeypatch.setattr("bench.sides.Running", start)
    monkeypatch.setattr("bench.sides.Command.run", lambda self: commands.append(self) or 12.5)
    return commands


def test_both_servers_of_the_stock_side_stay_on_this_machine(monkeypatch, tmp_path):
    commands = recorded(monkeypatch)
    side = Stock(tmp_path / "stock", tmp_path / "logs")
    port, token = side.start()
    actions, server = commands
    assert token is None
    assert actions.environment["SANIC_HOST"] == "127.0.0.1"
    assert actions.folder == STOCK_DIR
    assert ["-i", "127.0.0.1", "-p", str(port)] == list(server.arguments)[4:8]
    assert server.environment["STOCK_ACTION_PORT"] in actions.arguments
    assert server.environment["STOCK_DATABASE"].startswith(str(tmp_path))


def test_stock_training_starts_without_what_rasa_remembers_and_keeps_its_seconds(
    monkeypatch, tmp_path
):
    commands = recorded(monkeypatch)
    cache = tmp_path / "stock" / ".rasa" / "cache"
    cache.mkdir(parents=True)
    side = Stock(tmp_path / "stock", tmp_path / "logs")
    (tmp_path / "stock" / "models").mkdir()
    training = _train_with_model(monkeypatch, side, tmp_path / "stock" / "models")
    assert training.seconds == 12.5
    assert not cache.exists()
    assert "--force" in commands[0].arguments
    again = Stock(tmp_path / "x", tmp_path / "logs", tmp_path / "stock/models/stock.tar.gz")
    assert again.train() == training
    assert len(commands) == 1, "a model that was given is not trained"


def _train_with_model(monkeypatch, side, models):
    """Train; the recorded command leaves a model behind, as the real one would."""

    def run(self):
        models.mkdir(parents=True)
        (models / "stock.tar.gz").write_bytes(b"")
        return before(self)

    before = sys.modules["bench.sides"].Command.run
    monkeypatch.setattr("bench.sides.Command.run", run)
    return side.train()


def test_a_given_model_that_nobody_timed_leaves_the_training_time_open(tmp_path):
    model = tmp_path / "other.tar.gz"
    model.write_bytes(b"")
    assert Stock(tmp_path / "x", tmp_path / "logs", model).train().seconds is None
    with pytest.raises(SetupError, match="There is no stock model"):
        Stock(tmp_path, tmp_path, tmp_path / "nowhere.tar.gz")


def test_ours_is_served_without_limits_on_a_fresh_database(monkeypatch, tmp_path):
    commands = recorded(monkeypatch)
    side = Ours(tmp_path / "ours", tmp_path / "logs")
    assert not side.is_trained()
    assert side.train().seconds == 12.5
    (tmp_path / "ours" / "data" / "models").mkdir(parents=True)
    (tmp_path / "ours" / "data" / "models" / "older.tar.gz").write_bytes(b"")
    assert not side.is_trained()
    model_path(Settings.from_env({"DATA_DIR": str(tmp_path / "ours/data")})).write_bytes(b"")
    old = tmp_path / "ours" / "data" / "careline.db"
    old.write_bytes(b"")
    assert side.is_trained()
    port, token = side.start()
    train, serve = commands
    assert list(train.arguments)[1:] == ["-m", "bot.cli", "train", "--force"]
    assert serve.environment["PORT"] == str(port)
    assert serve.environment["REST_CHANNEL_TOKEN"] == token
    assert serve.environment["RATE_LIMITS"] == "off"
    assert serve.environment["HOST"] == "127.0.0.1"
    assert not old.exists()
    assert serve.folder == ROOT
