"""Says which signs are an emergency."""

from actions.base import SubjectAction


class RedflagGeneral(SubjectAction):
    """Says which signs are an emergency."""

    subject = "redflag_general"
