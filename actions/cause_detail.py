"""Explains one cause."""

from actions.base import DetailAction


class CauseDetail(DetailAction):
    """Explains one cause."""

    subject = "cause_detail"
