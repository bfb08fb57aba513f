"""The honest miss: says that it has no answer, what it can do, and how to reach the clinic."""

from actions.base import FALLBACK, SubjectAction


class Fallback(SubjectAction):
    """Answers a message that was not understood."""

    subject = FALLBACK
