"""Whose record a call to budget is about: how each id leads to a person."""

from access.scope import Access, by, itself, through
from services.budget.accounts.models import Journal
from services.budget.agreements.models import Agreement, Budget, BudgetItem
from services.budget.allocations.models import Allocation
from services.budget.crisis_reserve.models import CrisisReserve
from services.budget.direct_payments.models import Schedule
from services.budget.funding.models import Contribution
from services.budget.holds.models import Hold
from services.budget.repayment.models import Repayment

_OF_BUDGET = by(Budget.budget_id, Budget.person_id)

ACCESS = Access(
    service="budget",
    ways={
        "person_id": itself,
        "budget_id": _OF_BUDGET,
        "item_id": through(BudgetItem.item_id, BudgetItem.budget_id, _OF_BUDGET),
        "agreement_id": through(Agreement.agreement_id, Agreement.budget_id, _OF_BUDGET),
        "contribution_id": through(
            Contribution.contribution_id, Contribution.budget_id, _OF_BUDGET
        ),
        "allocation_id": through(Allocation.allocation_id, Allocation.budget_id, _OF_BUDGET),
        "reserve_id": through(CrisisReserve.reserve_id, CrisisReserve.budget_id, _OF_BUDGET),
        "schedule_id": through(Schedule.schedule_id, Schedule.budget_id, _OF_BUDGET),
        "repayment_id": through(Repayment.repayment_id, Repayment.budget_id, _OF_BUDGET),
        "journal_id": through(Journal.journal_id, Journal.budget_id, _OF_BUDGET),
        "payment_id": through(Hold.purchase_id, Hold.budget_id, _OF_BUDGET),
    },
    # Of organisations and their books: whose budgets these are is in the answers of others.
    about_nobody=frozenset(
        {
            "approve_reopening",
            "assign_suspense",
            "close_period",
            "health",
            "import_lines",
            "match_by_hand",
            "match_lines",
            "name_funder_contact",
            "open_period",
            "open_pool",
            "pay_direct_payments",
            "recharge",
            "reconciliation",
            "register_funder",
            "reopen_period",
            "risk_share_outlook",
            "run_allocations",
            "run_recharge",
            "run_risk_share",
            "seal_journals",
            "set_risk_rule",
            "settle_recharge",
            "sign_period",
            "soft_close_period",
            "totals",
            "undo_match",
            "year_end",
        }
    ),
    about_many=frozenset(
        {
            "auditor_statement",
            "funder_statement",
            "journals_export",
            "period_statement",
            "recharge_lines",
        }
    ),
)
