"""Says in the visitor's language that the bot speaks English only."""

from actions.base import DetailAction


class OtherLanguage(DetailAction):
    """Says in the visitor's language that the bot speaks English only."""

    subject = "other_language"
