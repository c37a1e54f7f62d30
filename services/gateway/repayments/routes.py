"""The addresses of repayments."""

from services.gateway.repayments.schemas import (
    DecideReconsiderationForm,
    NotifyRepaymentForm,
    ProposeRepaymentForm,
    RepaymentSchema,
    RepaymentStateSchema,
    RequestReconsiderationForm,
    StepForm,
)
from services.gateway.routes import do, read
from services.gateway.subjects import Subject

_ALL = "/budgets/<uuid:budget_id>/repayments"
_ONE = "/budgets/<uuid:budget_id>/repayments/<uuid:repayment_id>"

REPAYMENTS = Subject(
    name="repayments",
    says="What is left over goes back to whose it is, with notice and a way to object",
    routes=(
        read(
            _ALL,
            "budget.repayments",
            RepaymentSchema,
            "The repayments of a budget, with every step",
            is_list=True,
        ),
        do(
            _ALL,
            "budget.propose_repayment",
            ProposeRepaymentForm,
            "Propose that what is left over goes back",
            gives=RepaymentStateSchema,
            new="repayment_id",
            fills={"proposed_by": "id"},
            location="/v1/budgets/{budget_id}/repayments",
        ),
        do(
            f"{_ONE}/notice",
            "budget.notify_repayment",
            NotifyRepaymentForm,
            "Give notice of a repayment",
            gives=RepaymentStateSchema,
            location="/v1/budgets/{budget_id}/repayments",
        ),
        do(
            f"{_ONE}/reconsideration",
            "budget.request_reconsideration",
            RequestReconsiderationForm,
            "Ask for a repayment to be looked at again",
            gives=RepaymentStateSchema,
            location="/v1/budgets/{budget_id}/repayments",
        ),
        do(
            f"{_ONE}/reconsideration-decision",
            "budget.decide_reconsideration",
            DecideReconsiderationForm,
            "Decide what was asked to be looked at again",
            gives=RepaymentStateSchema,
            fills={"decided_by": "id"},
            location="/v1/budgets/{budget_id}/repayments",
        ),
        do(
            f"{_ONE}/confirmation",
            "budget.confirm_repayment",
            StepForm,
            "Confirm a repayment whose notice is over",
            gives=RepaymentStateSchema,
            location="/v1/budgets/{budget_id}/repayments",
        ),
        do(
            f"{_ONE}/posting",
            "budget.post_repayment",
            StepForm,
            "Book a repayment that was confirmed",
            gives=RepaymentStateSchema,
            location="/v1/budgets/{budget_id}/repayments",
        ),
        do(
            f"{_ONE}/withdrawal",
            "budget.withdraw_repayment",
            StepForm,
            "Withdraw a repayment",
            gives=RepaymentStateSchema,
            location="/v1/budgets/{budget_id}/repayments",
        ),
    ),
)
