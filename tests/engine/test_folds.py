"""Learning from a part of the messages is learning as training does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot import paths
from bot.content import live
from bot.evaluation.cross_validation import Example, cross_validate
from tests.nlu.contents import Fixed, snapshot

if TYPE_CHECKING:
    from bot.engine.folds import IntentLearner
    from bot.engine.processor import TurnProcessor

MESSAGES = {
    "greet": ["hello", "hi there", "good morning", "hey hello", "good evening to you"],
    "causes": ["what causes it", "the causes of fbss", "why does fbss happen", "causes please"],
    "phone": ["your phone number", "which number can i call", "phone", "the number please"],
    "out_of_scope": ["who won the game", "will it rain", "tell me a joke", "the best pizza"],
}
LOOKUP = {"own_condition": ["fbss"], "other_condition": ["gout", "asthma"]}


@pytest.fixture(scope="module")
def little_content() -> Iterator[None]:
    """Each learning reads all names of the content, which are thousands in the shipped one."""
    live.use(Fixed(snapshot({("causes", "scar_tissue"): ["Scar tissue"]})))
    yield
    live.use(None)


@pytest.fixture(scope="module")
def learner(
    tmp_path_factory: pytest.TempPathFactory, processor: TurnProcessor, little_content: None
) -> IntentLearner:
    """Of a few messages; `processor` has imported Rasa."""
    from bot.engine.folds import IntentLearner

    folder = tmp_path_factory.mktemp("nlu")
    for kind, blocks in (("intent", MESSAGES), ("lookup", LOOKUP)):
        for name, texts in blocks.items():
            lines = "".join(f"    - {text}\n" for text in texts)
            block = f"- {kind}: {name}\n  examples: |\n{lines}"
            (folder / f"{name}.yml").write_text(f'version: "3.1"\nnlu:\n{block}')
    return IntentLearner(folder)


def numbers(learner: IntentLearner, keep: Callable[[Example], bool]) -> list[int]:
    return [n for n, example in enumerate(learner.examples) if keep(example)]


def test_every_message_is_an_example(learner: IntentLearner):
    assert set(learner.examples) == {
        Example(text, intent) for intent, texts in MESSAGES.items() for text in texts
    }


def test_what_was_learnt_is_understood(learner: IntentLearner):
    read = learner.learn(range(len(learner.examples)))
    guesses = read([example.text for example in learner.examples])
    assert [guess.intent for guess in guesses] == [each.intent for each in learner.examples]
    assert all(0 < guess.confidence <= 1 for guess in guesses)


def test_what_was_left_out_is_unknown(learner: IntentLearner):
    read = learner.learn(numbers(learner, lambda example: example.intent != "phone"))
    assert "phone" not in {guess.intent for guess in read(MESSAGES["phone"])}


def test_contrasts_with_other_illnesses_are_learnt_too(learner: IntentLearner):
    """No message about gout was written: it was made from one about ours."""
    read = learner.learn(range(len(learner.examples)))
    ours, other = read(["the causes of fbss", "the causes of gout"])
    assert (ours.intent, other.intent) == ("causes", "out_of_scope")


def test_the_same_messages_are_learnt_the_same_way_in_whatever_follows(learner: IntentLearner):
    everything = range(len(learner.examples))
    texts = ["hello you", "is it gout", ""]
    first = learner.learn(everything)(texts)
    learner.learn(numbers(learner, lambda example: example.intent != "greet"))
    assert learner.learn(everything)(texts) == first


def test_it_can_be_cross_validated(learner: IntentLearner):
    found = cross_validate(learner, [], 2, lambda: None)
    assert found.total.of == len(learner.examples)
    assert {share.name for share in found.subjects} == set(MESSAGES)


def test_steps_and_settings_are_those_of_the_pipeline(processor: TurnProcessor):
    from bot.engine.folds import LAST, _steps

    kinds = [kind for kind, _ in _steps()]
    named = (paths.ROOT / "config.yml").read_text(encoding="utf-8")
    assert kinds[-1] is LAST
    assert all(f"{kind.__module__}.{kind.__name__}" in named for kind in kinds)
    assert dict(_steps())[kinds[0]]["most_words"] > 0


def test_reading_reports_its_progress(tmp_path: Path, processor: TurnProcessor):
    from bot.engine.folds import IntentLearner

    (tmp_path / "greet.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n'
    )
    seen: list[tuple[int, int]] = []
    IntentLearner(tmp_path, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (2, 2)
