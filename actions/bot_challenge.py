"""Says that it is an automated assistant."""

from actions.base import SubjectAction


class BotChallenge(SubjectAction):
    """Says that it is an automated assistant."""

    subject = "bot_challenge"
