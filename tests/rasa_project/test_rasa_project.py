"""What a Rasa developer does in the root works: validate, train, test, talk, run the actions.

The commands are Rasa's own, in processes of their own, as `docs/rasa.md` tells to type them.
"""

from __future__ import annotations

import json
import re
import shutil
import tarfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from bot.paths import ROOT
from tests.rasa_project.archive import read
from tests.rasa_project.conftest import STORIES
from tests.rasa_project.servers import free_port

SAFE_REPLY_WARNING = "The utterance 'utter_safe_reply' is not used"
"""The engine says it where a turn failed, so no story has it; Rasa cannot know."""

FAQ_WARNING = "The intent 'faq' is listed in the domain file, but is not found in the NLU"
"""Its example questions are content, and nothing is trained for it."""


def test_the_project_is_valid(side_by_side: dict[str, Any]):
    done = side_by_side["validate"].result()
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-2_000:]
    assert "No story structure conflicts found" in said
    warned = re.findall(r"UserWarning: (.*)", said)
    assert [w for w in warned if not w.startswith((SAFE_REPLY_WARNING, FAQ_WARNING))] == []


@pytest.mark.usefixtures("rasa")
def test_a_rule_with_an_action_that_is_none_is_not_valid(tiny: Path, tmp_path: Path):
    """So the test above can fail. In this process, as importing Rasa takes long."""
    from rasa.cli.utils import validate_files
    from rasa.shared.importers.importer import TrainingDataImporter

    broken = shutil.copytree(tiny, tmp_path / "broken", ignore=shutil.ignore_patterns("models"))
    rules = broken / "data" / "stories" / "rules.yml"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("action: action_causes", "action: action_other"))
    for folder, complaint in ((tiny, None), (broken, "action_other")):
        importer = TrainingDataImporter.load_from_config(
            str(folder / "config.yml"), str(folder / "domain.yml"), [str(folder / "data")]
        )
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            if complaint is None:
                validate_files(False, None, importer)
                continue
            with pytest.raises(SystemExit):
                validate_files(False, None, importer)
        assert any(complaint in str(each.message) for each in told)


def test_training_makes_a_model_of_our_components(trained: Path):
    with tarfile.open(trained) as archive:
        names = archive.getnames()
        metadata = json.loads(read(archive, "metadata.json"))
    assert any(name.endswith("intents.npz") for name in names)
    assert metadata["assistant_id"] == "careline"
    nodes = metadata["predict_schema"]["nodes"]
    used = {node["uses"].partition(".")[0] for node in nodes.values()}
    assert used <= {"bot", "rasa"}
    assert not any("TED" in node["uses"] or "DIET" in node["uses"] for node in nodes.values())


def test_the_shell_answers_with_the_actions_of_the_action_server(
    rasa_command: Callable[..., Any], tiny: Path, trained: Path, action_server: str
):
    endpoints = tiny / "elsewhere.yml"
    endpoints.write_text(f"action_endpoint:\n  url: {action_server}/webhook\n")
    options = ("--model", str(trained), "--endpoints", endpoints.name, "--port", str(free_port()))
    done = rasa_command("shell", *options, cwd=tiny, typed="/causes\n/stop\n")
    assert "These are known causes of FBSS" in done.stdout, done.stderr[-2_000:]
    assert "1: Incorrect diagnosis" in done.stdout


def test_the_files_for_rasa_s_own_tools_say_where_actions_run_and_open_no_channel():
    endpoints = yaml.safe_load((ROOT / "endpoints.yml").read_text(encoding="utf-8"))
    assert endpoints == {"action_endpoint": {"url": "http://127.0.0.1:5055/webhook"}}
    assert yaml.safe_load((ROOT / "credentials.yml").read_text(encoding="utf-8")) == {}


def test_the_action_server_answers_from_the_shipped_content(action_server: str):
    latest = {"intent": {"name": "prevalence"}, "entities": [], "text": "how common is it"}
    tracker = {"sender_id": "s", "slots": {"clinic": "temple"}, "latest_message": latest}
    body = {"next_action": "action_prevalence", "tracker": tracker, "domain": {}}
    answer = httpx.post(f"{action_server}/webhook", json=body).json()
    assert "minority of cases" in answer["responses"][0]["text"]


def test_the_test_stories_pass_with_the_real_model(side_by_side: dict[str, Any]):
    done = side_by_side["test"].result()
    assert done.returncode == 0, done.stderr[-2_000:]
    folder = Path(done.args[done.args.index("--out") + 1])
    report = json.loads((folder / "story_report.json").read_text(encoding="utf-8"))
    stories = yaml.safe_load(STORIES.read_text(encoding="utf-8"))["stories"]
    said = report["conversation_accuracy"]
    assert (said["accuracy"], said["correct"], said["total"]) == (1.0, len(stories), len(stories))
    assert "None of the test stories failed" in (folder / "failed_test_stories.yml").read_text()


@pytest.mark.usefixtures("rasa")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("action: action_treatments", "action: action_symptoms"),
        ("intent: out_of_scope", "intent: greet"),
        ('"value": "scar_tissue"', '"value": "surgical_injury"'),
    ],
    ids=["another action", "another intent", "another detail"],
)
async def test_a_test_story_that_is_wrong_fails(agent: Any, tmp_path: Path, old: str, new: str):
    """So the test above can fail; in this process, as importing Rasa takes long."""
    from rasa.core.test import WrongPredictionException

    text = STORIES.read_text(encoding="utf-8")
    assert text.count(old) == 1
    right, wrong = tmp_path / "test_right.yml", tmp_path / "test_wrong.yml"
    right.write_text(text, encoding="utf-8")
    wrong.write_text(text.replace(old, new), encoding="utf-8")
    await check(agent, right)
    with pytest.raises(WrongPredictionException):
        await check(agent, wrong)


@pytest.fixture(scope="module")
def agent(rasa: None, model: Path) -> Any:
    from rasa.core.agent import Agent

    with warnings.catch_warnings(record=True):
        warnings.simplefilter("ignore")
        return Agent.load(str(model))


async def check(agent: Any, stories: Path) -> None:
    from rasa.core.test import test

    with warnings.catch_warnings(record=True):
        warnings.simplefilter("ignore")
        await test(
            str(stories),
            agent,
            e2e=True,
            fail_on_prediction_errors=True,
            out_directory=str(stories.parent),
        )
