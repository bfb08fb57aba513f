"""The engine hears of masked details from redaction, never from what a visitor types."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.datastructures import Secret

from tests.chat.stage import Stage, Visitor
from tests.chat.test_rest_channel import TOKEN, say

TYPED = {
    "My e-mail is jane.doe@example.com, what is fbss?": True,
    "what is fbss": False,
    "I am [name], [email], call [phone]: what is fbss": False,
}


@pytest.mark.parametrize("text", TYPED)
def test_the_widget_s_messages(stage: Stage, visitor: Visitor, text: str):
    visitor.send(text=text)
    assert stage.engine.masked == [TYPED[text]]


@pytest.mark.parametrize("text", TYPED)
def test_the_rest_channel_s_messages(make_stage: Callable[..., Stage], text: str):
    stage = make_stage(rest_channel_token=Secret(TOKEN))
    assert say(stage, text).status_code == 200
    assert stage.engine.masked == [TYPED[text]]
