"""Answers that staff write, found by their example questions."""

from actions.base import DetailAction
from bot.content.subjects import FAQ


class Faq(DetailAction):
    """Says the written answer that a message was found to ask for."""

    subject = FAQ
