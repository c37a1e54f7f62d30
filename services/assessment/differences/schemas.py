"""The form in which two versions of a plan are asked about."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.differences.commands import DifferenceAsked
from services.assessment.support_plans.schemas import version_number


class PlanDifferenceForm(forms.Form):
    command_class = DifferenceAsked
    plan_id = fields.UUID(required=True)
    earlier = version_number(data_key="from")
    later = version_number(data_key="to")
