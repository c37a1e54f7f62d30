"""The forms in which a care team is spoken of."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.care_team.commands import AssignTeamMember
from services.assessment.people.rules import TeamRole


class AssignTeamMemberForm(forms.Form):
    command_class = AssignTeamMember
    person_id = fields.UUID(required=True)
    role = fields.Enum(TeamRole, by_value=True, required=True)
    staff_id = fields.UUID(required=True)
    name = forms.name()
    organisation = forms.name()
    employer = forms.name()
