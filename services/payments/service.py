"""The payments service: a table of contents."""

from services.payments.entitlements import subscribers as entitlements
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions import queries as exception_queries
from services.payments.exceptions.schemas import ExceptionsForm, ResolveExceptionForm
from services.payments.holds import handlers as holds
from services.payments.holds import subscribers as holds_listening
from services.payments.holds.schemas import CancelPurchaseForm
from services.payments.overview import queries as overview
from services.payments.overview.schemas import PurchaseForm, PurchasesForm, TotalsForm
from services.payments.purchases import handlers as purchases
from services.payments.purchases.schemas import RequestPurchaseForm
from services.payments.receipts import handlers as receipts
from services.payments.receipts.schemas import AttachReceiptForm
from services.payments.transfers import handlers as transfers
from services.payments.transfers.schemas import RecordInvoiceForm
from shared.contracts.assessment.people import CareTeamChanged
from shared.contracts.assessment.sign_off import PlanApproved
from shared.contracts.budget.budgets import BudgetActivated
from shared.contracts.budget.holds import (
    HoldCaptured,
    HoldExpired,
    HoldPlaced,
    HoldRefused,
    HoldReleased,
    RefundPosted,
)
from shared.messaging.entrypoints import CurrentTrace, Database, command, query, subscribe
from shared.messaging.health import HealthForm, health
from shared.messaging.tasks import OpenTasksForm


class PaymentsService:
    """What is bought for a person, how it is paid, and what the card network may take."""

    name = "payments"
    transaction = Database()
    trace = CurrentTrace()

    # entitlements: what may be bought, by whom
    on_plan_approved = subscribe(PlanApproved, entitlements.plan_approved)
    on_care_team_changed = subscribe(CareTeamChanged, entitlements.care_team_changed)
    on_budget_activated = subscribe(BudgetActivated, entitlements.budget_activated)

    # purchases and transfers: asked for, and paid on invoice
    request_purchase = command(RequestPurchaseForm, purchases.request_purchase)
    record_invoice = command(RecordInvoiceForm, transfers.record_invoice)

    # receipts
    attach_receipt = command(AttachReceiptForm, receipts.attach_receipt)

    # holds: the ledger's answers, and giving money back
    on_hold_placed = subscribe(HoldPlaced, holds_listening.hold_placed)
    on_hold_refused = subscribe(HoldRefused, holds_listening.hold_refused)
    on_hold_captured = subscribe(HoldCaptured, holds_listening.hold_captured)
    on_hold_expired = subscribe(HoldExpired, holds_listening.hold_expired)
    on_hold_released = subscribe(HoldReleased, holds_listening.hold_released)
    on_refund_posted = subscribe(RefundPosted, holds_listening.refund_posted)
    cancel_purchase = command(CancelPurchaseForm, holds.cancel_purchase)

    # exceptions: what went another way than it should
    resolve_exception = command(ResolveExceptionForm, exceptions.resolve_exception)
    exceptions = query(ExceptionsForm, exception_queries.exceptions)
    open_tasks = query(OpenTasksForm, exception_queries.open_tasks)

    # overview
    purchase = query(PurchaseForm, overview.purchase)
    purchases = query(PurchasesForm, overview.purchases)
    totals = query(TotalsForm, overview.totals)
    health = query(HealthForm, health)
