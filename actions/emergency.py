"""Gives the emergency route before anything else; a recognised kind adds its own help."""

from actions.base import DetailAction


class Emergency(DetailAction):
    """Gives the emergency route before anything else; a recognised kind adds its own help."""

    subject = "emergency"
