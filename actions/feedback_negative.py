"""Takes the blame and offers another way."""

from actions.base import SubjectAction


class FeedbackNegative(SubjectAction):
    """Takes the blame and offers another way."""

    subject = "feedback_negative"
