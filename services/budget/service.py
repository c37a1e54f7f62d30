"""The budget service: a table of contents."""

import services.budget.agreements.handlers as agreements
import services.budget.agreements.schemas as agreement_schemas
import services.budget.funding.handlers as funding
import services.budget.funding.schemas as funding_schemas
from services.budget.agreements.subscribers import plan_budget
from services.budget.holds import subscribers as holds
from services.budget.statements import queries as statements
from services.budget.statements import schemas as statement_schemas
from shared.contracts.assessment import PlanApproved
from shared.contracts.payments import PurchaseAmountsChanged, PurchaseRequested
from shared.messaging.entrypoints import CurrentTrace, Database, command, query, subscribe
from shared.messaging.health import HealthRequest, health


class BudgetService:
    """Who pays which part of one person's budget, and what is left."""

    name = "budget"
    transaction = Database()
    trace = CurrentTrace()

    # agreements: who pays which part
    on_plan_approved = subscribe(PlanApproved, plan_budget)
    report_financial_assessment = command(
        agreement_schemas.ReportFinancialAssessment, agreements.report_financial_assessment
    )
    record_agreement = command(agreement_schemas.RecordAgreement, funding.record_agreement)

    # funding: money coming in
    receive_contribution = command(
        funding_schemas.ReceiveContribution, funding.receive_contribution
    )

    # holds: money set aside until it is captured or released
    on_purchase_requested = subscribe(PurchaseRequested, holds.answer_purchase)
    on_purchase_amounts_changed = subscribe(PurchaseAmountsChanged, holds.converge)

    # statements
    statement = query(statement_schemas.StatementRequest, statements.statement)
    totals = query(statement_schemas.TotalsRequest, statements.totals)
    health = query(HealthRequest, health)
