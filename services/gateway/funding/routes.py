"""The addresses of funding."""

from services.gateway.funding.schemas import (
    AllocationEndSchema,
    AllocationsSchema,
    BudgetActiveSchema,
    CalledSchema,
    CommitContributionForm,
    CrisisReserveSchema,
    EndAllocationForm,
    FinancialAssessmentSchema,
    PromiseCrisisReserveForm,
    ReapportionedSchema,
    ReceiveContributionForm,
    RecordAgreementForm,
    ReleaseContributionForm,
    ReportFinancialAssessmentForm,
    ReservePromisedSchema,
    ScheduleAllocationForm,
    ScheduledSchema,
)
from services.gateway.routes import NothingSchema, do, read
from services.gateway.subjects import Subject

_BUDGET = "/budgets/<uuid:budget_id>"
_CONTRIBUTION = "/budgets/<uuid:budget_id>/contributions/<uuid:contribution_id>"

FUNDING = Subject(
    name="funding",
    says="How money comes into a budget: shares, contributions, allocations, reserves",
    routes=(
        do(
            f"{_BUDGET}/financial-assessments",
            "budget.report_financial_assessment",
            ReportFinancialAssessmentForm,
            "Report what a person pays towards their own care",
            gives=FinancialAssessmentSchema,
            location="/v1/budgets/{budget_id}",
        ),
        do(
            f"{_BUDGET}/agreements",
            "budget.record_agreement",
            RecordAgreementForm,
            "Write down who pays which part; the money is called for once every part has a payer",
            gives=CalledSchema,
            new="agreement_id",
            location="/v1/budgets/{budget_id}",
        ),
        do(
            "/agreements/<uuid:agreement_id>/reapportionment",
            "budget.reapportion",
            NothingSchema,
            "Spread what was spent anew once a disputed share is decided",
            gives=ReapportionedSchema,
        ),
        do(
            f"{_CONTRIBUTION}/promise",
            "budget.commit_contribution",
            CommitContributionForm,
            "Promise a contribution that was called for",
            gives=BudgetActiveSchema,
            location="/v1/budgets/{budget_id}",
        ),
        do(
            f"{_CONTRIBUTION}/release",
            "budget.release_contribution",
            ReleaseContributionForm,
            "Release a contribution that is in a contract already",
            gives=BudgetActiveSchema,
            location="/v1/budgets/{budget_id}",
        ),
        do(
            f"{_CONTRIBUTION}/receipt",
            "budget.receive_contribution",
            ReceiveContributionForm,
            "Record that a contribution has come in",
            gives=BudgetActiveSchema,
            location="/v1/budgets/{budget_id}",
        ),
        read(
            f"{_BUDGET}/allocations",
            "budget.allocations",
            AllocationsSchema,
            "Which money becomes usable when",
        ),
        do(
            f"{_BUDGET}/allocations",
            "budget.schedule_allocation",
            ScheduleAllocationForm,
            "Let a funder's money become usable bit by bit",
            gives=ScheduledSchema,
            new="allocation_id",
            location="/v1/budgets/{budget_id}",
        ),
        do(
            "/allocations/<uuid:allocation_id>/end",
            "budget.end_allocation",
            EndAllocationForm,
            "End an allocation on a day",
            gives=AllocationEndSchema,
        ),
        read(
            f"{_BUDGET}/crisis-reserve",
            "budget.crisis_reserve",
            CrisisReserveSchema,
            "What is promised for a crisis, and what became of it",
        ),
        do(
            f"{_BUDGET}/crisis-reserve",
            "budget.promise_crisis_reserve",
            PromiseCrisisReserveForm,
            "Promise money beside the budget for a crisis",
            gives=ReservePromisedSchema,
            new="reserve_id",
            location="/v1/budgets/{budget_id}",
        ),
    ),
)
