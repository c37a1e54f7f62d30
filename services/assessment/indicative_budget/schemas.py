"""The form in which a budget is offered or declined."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.indicative_budget.commands import DeclineBudget, OfferBudget
from services.assessment.indicative_budget.rules import BudgetKind


class OfferBudgetForm(forms.Form):
    command_class = OfferBudget
    referral_id = fields.UUID(required=True)
    budget_kind = fields.Enum(BudgetKind, by_value=True, required=True)


class DeclineBudgetForm(forms.Form):
    command_class = DeclineBudget
    referral_id = fields.UUID(required=True)
    informed_by_role = forms.name()
    informed_on = fields.Date(required=True)
