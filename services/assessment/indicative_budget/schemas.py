"""The form in which a budget is offered or declined."""

from marshmallow import fields

from services.assessment import forms
from services.assessment.amounts.rules import BudgetKind
from services.assessment.indicative_budget.commands import (
    CalculationAsked,
    DeclineBudget,
    OfferBudget,
)

DEAREST_WEEK_PENCE = 10_000_00
LATEST_VERSION = 1_000_000


class OfferBudgetForm(forms.Form):
    command_class = OfferBudget
    referral_id = fields.UUID(required=True)
    budget_kind = fields.Enum(BudgetKind, by_value=True, required=True)
    weekly_contribution_pence = forms.whole(at_least=0, at_most=DEAREST_WEEK_PENCE)


class DeclineBudgetForm(forms.Form):
    command_class = DeclineBudget
    referral_id = fields.UUID(required=True)
    informed_by_role = forms.name()
    informed_on = fields.Date(required=True)


class CalculationForm(forms.Form):
    command_class = CalculationAsked
    referral_id = fields.UUID(required=True)
    version = forms.whole(at_least=1, at_most=LATEST_VERSION)
