"""The payments service: a table of contents."""

from access import audit, relations
from access import queries as looked
from access.schemas import AccessLogForm
from services.payments.access import ACCESS
from services.payments.approvals import handlers as approvals
from services.payments.approvals import payees as payee_approvals
from services.payments.approvals.schemas import (
    AmendPurchaseForm,
    ApprovePurchaseForm,
    RejectPurchaseForm,
    ReturnPurchaseForm,
)
from services.payments.authorisations import handlers as authorisations
from services.payments.card_policies import handlers as card_policies
from services.payments.card_policies import queries as card_policy_queries
from services.payments.card_policies.schemas import (
    CardPoliciesForm,
    ConfirmCardPolicyForm,
    SetCardPolicyForm,
)
from services.payments.cards import handlers as cards
from services.payments.cards import queries as card_queries
from services.payments.cards.schemas import CardsForm, ChangeCardForm, ReplaceCardForm
from services.payments.direct_payments import handlers as direct_payment_orders
from services.payments.direct_payments import queries as direct_payment_queries
from services.payments.direct_payments import subscribers as direct_payments
from services.payments.disputes import handlers as dispute_handlers
from services.payments.disputes import queries as dispute_queries
from services.payments.disputes.schemas import (
    DisputesForm,
    OpenDisputeForm,
    SubmitDisputeForm,
    WithdrawDisputeForm,
)
from services.payments.entitlements import subscribers as entitlements
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions import queries as exception_queries
from services.payments.exceptions.handlers import raise_exception
from services.payments.exceptions.schemas import ExceptionsForm, ResolveExceptionForm
from services.payments.exclusions import handlers as exclusions
from services.payments.exclusions import queries as exclusion_queries
from services.payments.exclusions.schemas import (
    ApproveExclusionForm,
    ExclusionsForm,
    ProposeExclusionForm,
    TryExclusionForm,
)
from services.payments.fetching import handlers as fetching
from services.payments.fetching import queries as fetching_queries
from services.payments.history import queries as history_queries
from services.payments.history.schemas import HistoryForm
from services.payments.holds import handlers as holds
from services.payments.holds import queries as hold_queries
from services.payments.holds import subscribers as holds_listening
from services.payments.holds.schemas import CancelPurchaseForm, FinishPurchaseForm
from services.payments.limits import handlers as limits
from services.payments.limits import queries as limit_queries
from services.payments.limits.schemas import (
    ConfirmSpendingLimitForm,
    SetSpendingLimitForm,
    SpendingLimitsForm,
)
from services.payments.matching import handlers as matching
from services.payments.matching import queries as matching_queries
from services.payments.matching.schemas import MatchCaptureForm, MatchRefundForm, RefundQueueForm
from services.payments.observed_cards import handlers as observing
from services.payments.observed_cards import queries as observed_card_queries
from services.payments.observed_cards.schemas import ObservedCardsForm, RegisterObservedCardForm
from services.payments.overview import queries as overview
from services.payments.overview.schemas import PurchaseForm, PurchasesForm, TotalsForm
from services.payments.payees import handlers as payees
from services.payments.payees import queries as payee_queries
from services.payments.payees.schemas import (
    AddPayeeForm,
    AgreePayeeForm,
    ChangePayeeDetailsForm,
    ConfirmLinkForm,
    ConfirmPayeeForm,
    LinkPayeeForm,
    PayeesForm,
)
from services.payments.purchases.schemas import RequestPurchaseForm
from services.payments.rails import handlers as rails
from services.payments.rails import queries as rail_queries
from services.payments.rails.schemas import PeopleAtRiskForm, UseSecondRailForm
from services.payments.receipt_files import handlers as receipt_files
from services.payments.receipt_files.schemas import AskReceiptForm, AskUploadForm
from services.payments.receipts import handlers as receipts
from services.payments.receipts import queries as receipt_queries
from services.payments.receipts.schemas import AttachReceiptForm, NoReceiptBecauseForm
from services.payments.requesting import handlers as asking
from services.payments.series import handlers as series
from services.payments.series import queries as series_queries
from services.payments.series.schemas import (
    ApproveSeriesForm,
    EndSeriesForm,
    SeriesForm,
    StartHoldersCardForm,
    StartSeriesForm,
)
from services.payments.settlement import handlers as settlement
from services.payments.settlement import queries as settlement_queries
from services.payments.settlement import schemas as settlement_forms
from services.payments.stops import handlers as stop_handlers
from services.payments.stops import queries as stop_queries
from services.payments.stops import subscribers as stops
from services.payments.transfers import handlers as transfers
from services.payments.transfers.schemas import RecordInvoiceForm
from services.payments.trials import handlers as trials
from services.payments.wages import handlers as wages
from services.payments.wages.schemas import RequestWagesForm
from shared.contracts.assessment.emergencies import EmergencyAccessEnded, EmergencyAccessOpened
from shared.contracts.assessment.people import CareTeamChanged, PeopleMerged
from shared.contracts.assessment.representatives import RepresentativeChanged
from shared.contracts.assessment.sign_off import PlanApproved
from shared.contracts.budget.budgets import BudgetActivated, BudgetEnded, BudgetRevised
from shared.contracts.budget.direct_payments import DirectPaymentMade, ReturnOverdue
from shared.contracts.budget.holds import (
    HoldCaptured,
    HoldExpired,
    HoldPlaced,
    HoldRefused,
    HoldReleased,
    RefundPosted,
)
from shared.messaging.entrypoints import CurrentTrace, Database, command, every, query, subscribe
from shared.messaging.health import HealthForm, health
from shared.messaging.tasks import OpenTasksForm


class PaymentsService:
    """What is bought for a person, how it is paid, and what the card network may take."""

    name = "payments"
    transaction = Database()
    trace = CurrentTrace()
    access = ACCESS

    # access: who may see whose record, and who saw it
    on_representative_changed = subscribe(RepresentativeChanged, relations.keep_representatives)
    on_people_merged = subscribe(PeopleMerged, relations.keep_merged)
    on_emergency_access_opened = subscribe(EmergencyAccessOpened, relations.keep_emergency)
    on_emergency_access_ended = subscribe(EmergencyAccessEnded, relations.keep_emergency_ended)
    access_log = query(AccessLogForm, looked.access_log)
    seal_what_was_looked_at = every(60, audit.to_seal, audit.seal_entries)

    # entitlements: what may be bought, by whom
    on_plan_approved = subscribe(PlanApproved, entitlements.plan_approved)
    on_care_team_changed = subscribe(
        CareTeamChanged, relations.keep_care_team, entitlements.care_team_changed
    )
    on_budget_activated = subscribe(BudgetActivated, entitlements.budget_activated)

    # limits and approvals: who may ask for how much, and the second person
    set_spending_limit = command(SetSpendingLimitForm, limits.set_spending_limit)
    confirm_spending_limit = command(ConfirmSpendingLimitForm, limits.confirm_spending_limit)
    spending_limits = query(SpendingLimitsForm, limit_queries.spending_limits)
    approve_purchase = command(ApprovePurchaseForm, approvals.decide_on_purchase)
    return_purchase = command(ReturnPurchaseForm, approvals.decide_on_purchase)
    reject_purchase = command(RejectPurchaseForm, approvals.decide_on_purchase)
    amend_purchase = command(AmendPurchaseForm, approvals.amend_purchase)

    # payees: who is paid through the bank, details and items seen by two people
    add_payee = command(AddPayeeForm, payees.add_payee)
    change_payee_details = command(ChangePayeeDetailsForm, payees.change_payee_details)
    confirm_payee = command(ConfirmPayeeForm, payee_approvals.confirm_payee)
    link_payee = command(LinkPayeeForm, payee_approvals.link_payee)
    confirm_link = command(ConfirmLinkForm, payee_approvals.confirm_link)
    agree_payee = command(AgreePayeeForm, payees.agree_payee)
    payees = query(PayeesForm, payee_queries.payees)

    # wages: hours times rate
    request_wages = command(RequestWagesForm, wages.request_wages)

    # card_policies, exclusions and trials: what may be bought, where, and how much dearer
    set_card_policy = command(SetCardPolicyForm, card_policies.set_card_policy)
    confirm_card_policy = command(ConfirmCardPolicyForm, card_policies.confirm_card_policy)
    card_policies = query(CardPoliciesForm, card_policy_queries.card_policies)
    propose_exclusion = command(ProposeExclusionForm, exclusions.propose_exclusion)
    try_exclusion = command(TryExclusionForm, trials.try_exclusion)
    approve_exclusion = command(ApproveExclusionForm, exclusions.approve_exclusion)
    exclusions = query(ExclusionsForm, exclusion_queries.exclusions)

    # cards: frozen, replaced, closed
    freeze_card = command(ChangeCardForm, cards.freeze_card)
    unfreeze_card = command(ChangeCardForm, cards.unfreeze_card)
    replace_card = command(ReplaceCardForm, cards.replace_card)
    close_card = command(ChangeCardForm, cards.close_one_card)
    close_used_cards = every(3600, card_queries.to_close, cards.close_used_card)
    cards = query(CardsForm, card_queries.cards)

    # series: bought again and again, by one approval; by a broker, or by who holds the card
    start_series = command(StartSeriesForm, series.start_series)
    start_holders_card = command(StartHoldersCardForm, series.start_series)
    approve_series = command(ApproveSeriesForm, series.approve_series)
    end_series = command(EndSeriesForm, series.end_series)
    ask_for_what_is_due = every(300, series_queries.due, series.ask_for_occurrence)
    series = query(SeriesForm, series_queries.series)

    # observed_cards: somebody else's; what is bought with them is shown and never booked
    register_observed_card = command(RegisterObservedCardForm, observing.register_observed_card)
    observed_cards = query(ObservedCardsForm, observed_card_queries.observed_cards)

    # purchases and transfers: asked for, and paid on invoice
    request_purchase = command(RequestPurchaseForm, asking.request_purchase)
    record_invoice = command(RecordInvoiceForm, transfers.record_invoice)

    # receipts
    ask_upload = command(AskUploadForm, receipt_files.ask_upload)
    attach_receipt = command(AttachReceiptForm, receipts.attach_receipt)
    no_receipt_because = command(NoReceiptBecauseForm, receipts.no_receipt_because)
    ask_receipt = command(AskReceiptForm, receipt_files.ask_receipt)
    chase_receipts = every(3600, receipt_queries.missing, receipts.chase_receipt)

    # holds: the ledger's answers, and giving money back
    on_hold_placed = subscribe(HoldPlaced, holds_listening.hold_placed)
    on_hold_refused = subscribe(HoldRefused, holds_listening.hold_refused)
    on_hold_captured = subscribe(HoldCaptured, holds_listening.hold_captured)
    on_hold_expired = subscribe(HoldExpired, holds_listening.hold_expired)
    on_hold_released = subscribe(HoldReleased, holds_listening.hold_released)
    on_refund_posted = subscribe(RefundPosted, holds_listening.refund_posted)
    cancel_purchase = command(CancelPurchaseForm, holds.cancel_purchase)
    finish_purchase = command(FinishPurchaseForm, holds.finish_purchase)
    pay_whom_can_be_paid = every(60, hold_queries.waiting_for_payee, holds.open_what_waits)
    lapse_what_was_not_used = every(600, hold_queries.to_lapse, holds.lapse)

    # stops: the end of a budget, of a death as well, and a plan that was changed
    on_budget_ended = subscribe(BudgetEnded, stops.budget_ended)
    on_budget_revised = subscribe(BudgetRevised, stops.budget_revised)
    stop_what_has_ended = every(3600, stop_queries.to_stop, stop_handlers.stop_purchases)

    # direct payments: ordered at the bank when the ledger says that one is made
    on_direct_payment_made = subscribe(DirectPaymentMade, direct_payments.direct_payment_made)
    on_return_overdue = subscribe(ReturnOverdue, direct_payments.return_overdue)
    order_direct_payments = every(60, direct_payment_queries.waiting, direct_payment_orders.order)

    # exceptions: what went another way than it should
    resolve_exception = command(ResolveExceptionForm, exceptions.resolve_exception)
    exceptions = query(ExceptionsForm, exception_queries.exceptions)
    open_tasks = query(OpenTasksForm, exception_queries.open_tasks)

    # matching: money that came without saying for what
    match_refund = command(MatchRefundForm, matching.match_money)
    match_capture = command(MatchCaptureForm, matching.match_money)
    refund_queue = query(RefundQueueForm, matching_queries.refund_queue)

    # disputes: money asked back through the network
    open_dispute = command(OpenDisputeForm, dispute_handlers.open_dispute)
    submit_dispute = command(SubmitDisputeForm, dispute_handlers.submit_dispute)
    withdraw_dispute = command(WithdrawDisputeForm, dispute_handlers.withdraw_dispute)
    disputes = query(DisputesForm, dispute_queries.disputes)
    see_to_drafts = every(3600, dispute_queries.near_their_last_day, dispute_handlers.see_to_draft)

    # fetching: what the issuer did not tell
    ask_for_silent = every(60, fetching_queries.silent, fetching.ask_for)
    ask_for_undelivered = every(60, fetching_queries.undelivered, fetching.ask_for_undelivered)
    adopt_money = every(60, fetching_queries.adoptable, authorisations.adopt)

    # settlement: the issuer's file of a day, and money that is held for long
    import_settlement = command(settlement_forms.ImportSettlementForm, settlement.import_settlement)
    close_purchases = every(3600, settlement_queries.to_close, settlement.close_purchase)
    settlement = query(settlement_forms.SettlementForm, settlement_queries.settlement)
    open_holds = query(settlement_forms.OpenHoldsForm, settlement_queries.open_holds)
    look_at_old_holds = every(3600, settlement_queries.old_holds, raise_exception)
    look_for_late_files = every(3600, settlement_queries.late_files, raise_exception)

    # rails: whether issuer and bank are reached, who waits, and another way
    look_at_rails = every(30, rail_queries.to_look_at, rails.look_at_rail)
    people_at_risk = query(PeopleAtRiskForm, rail_queries.people_at_risk)
    use_second_rail = command(UseSecondRailForm, rails.use_second_rail)

    # overview
    purchase = query(PurchaseForm, overview.purchase)
    purchases = query(PurchasesForm, overview.purchases)
    history = query(HistoryForm, history_queries.history)
    totals = query(TotalsForm, overview.totals)
    health = query(HealthForm, health)
