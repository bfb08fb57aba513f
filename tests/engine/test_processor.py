"""The parts of a turn: actions in process, choices, and the rules' end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.content.subjects import ENTITY_OF
from bot.conversations.model import Button
from bot.engine.ticket import Ticket
from tests.engine.stage import Stage

if TYPE_CHECKING:
    from bot.engine.processor import TurnProcessor


@pytest.fixture
def stage(
    make_real: Callable[..., Stage],
    stocked_copy: Callable[[str, Path], str],
    tmp_path: Path,
) -> Stage:
    return make_real(stocked_copy("sqlite", tmp_path / "careline.db"))


def test_every_action_of_the_domain_runs_in_this_process(processor: TurnProcessor):
    from bot.engine.actions import LocalAction

    for name in processor.domain.user_actions:
        if name.startswith("action_"):
            assert isinstance(processor._get_action(name), LocalAction)


def test_every_action_of_the_package_stands_in_the_domain(processor: TurnProcessor):
    from bot.engine.actions import find_actions

    assert set(find_actions()) <= set(processor.domain.user_actions)


async def test_an_action_s_error_is_raised_and_nothing_is_stored(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("actions.base.render", lambda *_: 1 / 0)
    conversation = stage.begin()
    with pytest.raises(ZeroDivisionError):
        await stage.processor.turn(conversation.id, "What are the symptoms?", Ticket())
    assert stage.said(conversation) == []


async def test_rules_that_run_in_a_circle_are_an_error(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    names = stage.processor.domain.action_names_or_texts

    class Always:
        max_confidence_index = names.index("action_greet")
        events: tuple[()] = ()
        policy_name = None
        max_confidence = 1.0
        action_metadata = None
        hide_rule_turn = False

    monkeypatch.setattr(stage.processor, "_predict_next_with_tracker", lambda tracker: Always())
    conversation = stage.begin()
    with pytest.raises(RuntimeError, match="do not come to an end"):
        await stage.processor.turn(conversation.id, "hello", Ticket())
    assert stage.said(conversation) == []


async def test_a_turn_without_the_right_to_be_stored_is_not_stored(stage: Stage):
    from bot.engine.ticket import LateTurnError

    conversation, ticket = stage.begin(), Ticket()
    assert ticket.take()
    with pytest.raises(LateTurnError):
        await stage.processor.turn(conversation.id, "hello", ticket)
    assert stage.said(conversation) == []


def test_a_ticket_is_given_to_one_of_many_at_once():
    async def take_all(ticket: Ticket) -> list[bool]:
        return await asyncio.gather(*(asyncio.to_thread(ticket.take) for _ in range(16)))

    for _ in range(20):
        assert sum(asyncio.run(take_all(Ticket()))) == 1


@pytest.mark.parametrize("subject", sorted(ENTITY_OF))
def test_a_choice_means_its_subject_and_detail_for_certain(subject: str):
    from bot.engine.processor import chosen

    parsed = chosen(Button("b", "A title", subject, "some_detail"))
    assert parsed["intent"] == {"name": subject, "confidence": 1.0}
    [entity] = parsed["entities"]
    assert entity == {"entity": ENTITY_OF[subject], "value": "some_detail"}


def test_many_threads_understand_as_one_would(processor: TurnProcessor):
    texts = ["What are the symptoms?", "tell me about botox", "hello", "my leg is numb", "hola"]
    expected = [_meaning(processor, text) for text in texts]

    async def all_at_once() -> list[list[tuple[object, ...]]]:
        return await asyncio.gather(
            *(
                asyncio.to_thread(lambda: [_meaning(processor, text) for text in texts])
                for _ in range(4)
            )
        )

    assert asyncio.run(all_at_once()) == [expected] * 4


def _meaning(processor: TurnProcessor, text: str) -> tuple[object, ...]:
    parsed = processor.understand(text)
    entities = [(each["entity"], each["value"]) for each in parsed["entities"]]
    return parsed["intent"]["name"], round(parsed["intent"]["confidence"], 6), entities


def test_the_graph_gives_what_rasa_s_own_runner_gives(processor: TurnProcessor):
    from rasa.core.channels.channel import UserMessage
    from rasa.engine.constants import PLACEHOLDER_MESSAGE
    from rasa.engine.runner.dask import DaskGraphRunner

    theirs = object.__new__(DaskGraphRunner)
    theirs._instantiated_nodes = processor.graph_runner._nodes
    theirs._execution_context = None  # only named in its log
    theirs._graph_schema = processor.graph_runner._schema
    target = processor.model_metadata.nlu_target
    for text in ("What are the symptoms?", "tell me about botox", "xkcd qwrt"):
        results = [
            runner.run(inputs={PLACEHOLDER_MESSAGE: [UserMessage(text)]}, targets=[target])
            for runner in (processor.graph_runner, theirs)
        ]
        ours, expected = (
            result[target][0].as_dict(only_output_properties=True) for result in results
        )
        ours["message_id"] = expected["message_id"] = None
        assert ours == expected
