"""The honest miss: says that it has no answer, what it can do, and how to reach the clinic."""

from actions.base import SubjectAction
from bot.content.subjects import FALLBACK


class Fallback(SubjectAction):
    """Answers a message that was not understood."""

    subject = FALLBACK
