"""The sample of the training data that both sides may be trained on."""

from collections import Counter

import pytest

from bench.project import FEWEST, evenly, sampled_project
from bot.content.subjects import FAQ
from bot.content.yaml_lines import read_yaml
from bot.engine.training import fingerprint
from bot.paths import ROOT


def intents_of(root):
    sample = root / "data" / "nlu" / "sample.yml"
    entries = read_yaml(sample, str(sample)).data["nlu"]
    return Counter({e["intent"]: len(str(e["examples"]).splitlines()) for e in entries})


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return sampled_project(tmp_path_factory.mktemp("bench"), 600)


def test_the_sample_has_about_the_wanted_size_and_every_intent(project):
    counts = intents_of(project)
    assert 550 <= sum(counts.values()) <= 800
    domain = read_yaml(ROOT / "domain.yml", "domain.yml").data
    learnt = {name for intent in domain["intents"] for name in intent} - {FAQ}
    assert set(counts) == learnt
    assert min(counts.values()) >= FEWEST


def test_the_copy_is_a_project_of_its_own(project):
    assert (project / "bot" / "cli.py").is_file()
    assert (project / "data" / "nlu" / "lookup").is_dir()
    assert fingerprint(project) != fingerprint()


def test_the_same_number_gives_the_same_sample(project, tmp_path):
    again = sampled_project(tmp_path, 600)
    assert fingerprint(again) == fingerprint(project)


def test_texts_are_taken_at_even_distances():
    assert evenly(["a", "b", "c", "d", "e", "f"], 3) == ["a", "c", "e"]


def test_more_texts_than_there_are_gives_them_all():
    assert evenly(["a", "b"], 5) == ["a", "b"]
