"""Whose record a call to budget is about, and whose money: how each id leads there."""

from typing import Any

from sqlalchemy import CompoundSelect, ScalarSelect, literal, select, union_all

from access.relations import FUNDER, HOST
from access.scope import Access
from access.sides import Sides
from access.ways import by, itself, through
from services.budget.accounts.models import Journal
from services.budget.agreements.models import Agreement, AgreementShare, Budget, BudgetItem
from services.budget.allocations.models import Allocation
from services.budget.crisis_reserve.models import CrisisReserve
from services.budget.direct_payments.models import Schedule
from services.budget.funders.models import Funder, Pool, PoolPartner
from services.budget.funding.models import Contribution
from services.budget.holds.models import Hold
from services.budget.periods.models import Period
from services.budget.recharge.models import RechargeInvoice, RechargeRun
from services.budget.repayment.models import Repayment

Organisations = CompoundSelect[Any]

_OF_BUDGET = by(Budget.budget_id, Budget.person_id)
_HOSTS = select(Funder.organisation, literal(HOST)).join(Pool, Pool.host_id == Funder.funder_id)


def _of_funder(funder_id: Any) -> Organisations:
    """Lead to the organisation whose a book is, and to who hosts a pool that it is in.

    A person's own book, for what they pay themselves, is kept by who hosts their budget's pool.
    """
    own = select(Funder.organisation, literal(FUNDER)).where(Funder.funder_id == funder_id)
    partners = select(PoolPartner.pool_id).where(PoolPartner.funder_id == funder_id)
    pools = partners.union_all(select(Budget.pool_id).where(Budget.person_id == funder_id))
    return union_all(own, _HOSTS.where(Pool.pool_id.in_(pools)))


def _of_pool(pool_id: Any) -> Organisations:
    partners = (
        select(Funder.organisation, literal(FUNDER))
        .join(PoolPartner, PoolPartner.funder_id == Funder.funder_id)
        .where(PoolPartner.pool_id == pool_id)
    )
    return union_all(partners, _HOSTS.where(Pool.pool_id == pool_id))


def _of_period(period_id: Any) -> Organisations:
    return _of_pool(_one(select(Period.pool_id).where(Period.period_id == period_id)))


def _of_run(run_id: Any) -> Organisations:
    return _of_pool(_one(select(RechargeRun.pool_id).where(RechargeRun.run_id == run_id)))


def _of_invoice(invoice_id: Any) -> Organisations:
    """Lead to the two whose invoice it is, and to who hosts their pool."""
    invoice = RechargeInvoice.invoice_id == invoice_id
    debtor = select(RechargeInvoice.debtor_id).where(invoice)
    two = debtor.union_all(select(RechargeInvoice.creditor_id).where(invoice))
    own = select(Funder.organisation, literal(FUNDER)).where(Funder.funder_id.in_(two))
    pools = select(RechargeRun.pool_id).join(RechargeInvoice).where(invoice)
    return union_all(own, _HOSTS.where(Pool.pool_id.in_(pools)))


def _of_allocation(allocation_id: Any) -> Organisations:
    allocation = Allocation.allocation_id == allocation_id
    own = (
        select(Funder.organisation, literal(FUNDER))
        .join(Allocation, Allocation.funder_id == Funder.funder_id)
        .where(allocation)
    )
    pools = select(Budget.pool_id).join(Allocation).where(allocation)
    return union_all(own, _HOSTS.where(Pool.pool_id.in_(pools)))


def _as_host(funder_id: Any) -> Organisations:
    """Lead to the organisation that is about to host a pool."""
    own = select(Funder.organisation, literal(HOST)).where(Funder.funder_id == funder_id)
    return union_all(own)


def _one(asked: Any) -> ScalarSelect[Any]:
    return asked.scalar_subquery()


def _paid(organisation: str) -> Organisations:
    """Ask for the people into whose budgets an organisation pays, or whose pool it hosts."""
    pays = (
        select(Budget.person_id, literal(FUNDER).label("relation"))
        .join(Agreement, Agreement.budget_id == Budget.budget_id)
        .join(AgreementShare, AgreementShare.agreement_id == Agreement.agreement_id)
        .join(Funder, Funder.funder_id == AgreementShare.funder_id)
        .where(Funder.organisation == organisation)
    )
    hosts = (
        select(Budget.person_id, literal(HOST))
        .join(Pool, Pool.pool_id == Budget.pool_id)
        .join(Funder, Funder.funder_id == Pool.host_id)
        .where(Funder.organisation == organisation)
    )
    return union_all(pays, hosts)


def _any(organisation: str) -> Organisations:
    pays = select(literal(FUNDER)).where(Funder.organisation == organisation)
    hosts = (
        select(literal(HOST))
        .select_from(Funder)
        .join(Pool, Pool.host_id == Funder.funder_id)
        .where(Funder.organisation == organisation)
    )
    return union_all(pays, hosts)


SIDES = Sides(
    ways={
        "funder_id": _of_funder,
        "pool_id": _of_pool,
        "period_id": _of_period,
        "run_id": _of_run,
        "invoice_id": _of_invoice,
        "allocation_id": _of_allocation,
        "open_pool.host_id": _as_host,
    },
    new=frozenset(
        {
            "open_period.period_id",
            "open_pool.pool_id",
            "register_funder.funder_id",
            "run_recharge.run_id",
            "run_risk_share.run_id",
            "schedule_allocation.allocation_id",
        }
    ),
    paid=_paid,
    any=_any,
    told_whole=frozenset({"forecast"}),
)

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
            "recharge",
            "recharge_lines",
        }
    ),
    sides=SIDES,
)
