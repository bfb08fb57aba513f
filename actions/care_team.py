"""Says where to find the doctors and the care team."""

from actions.base import SubjectAction


class CareTeam(SubjectAction):
    """Says where to find the doctors and the care team."""

    subject = "care_team"
