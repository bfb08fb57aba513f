"""Explains one treatment, or a kind of one."""

from actions.base import DetailAction


class TreatmentDetail(DetailAction):
    """Explains one treatment, or a kind of one."""

    subject = "treatment_detail"
