"""The budget service: a table of contents."""

from access import audit, relations
from access import queries as looked
from access.schemas import AccessLogForm
from services.budget.access import ACCESS
from services.budget.agreements import handlers as agreements
from services.budget.agreements import schemas as agreements_forms
from services.budget.allocations import handlers as allocations
from services.budget.allocations import queries as allocations_queries
from services.budget.allocations import schemas as allocations_forms
from services.budget.broker_accounts import handlers as broker_accounts
from services.budget.broker_accounts import schemas as broker_accounts_forms
from services.budget.card_money import subscribers as card_money_listening
from services.budget.corrections import handlers as corrections
from services.budget.corrections import schemas as corrections_forms
from services.budget.crisis_reserve import handlers as crisis_reserve
from services.budget.crisis_reserve import queries as crisis_reserve_queries
from services.budget.crisis_reserve import schemas as crisis_reserve_forms
from services.budget.crisis_reserve import subscribers as crisis_reserve_listening
from services.budget.deliveries import handlers as deliveries
from services.budget.deliveries import schemas as deliveries_forms
from services.budget.direct_payments import handlers as direct_payments
from services.budget.direct_payments import queries as direct_payments_queries
from services.budget.direct_payments import schemas as direct_payments_forms
from services.budget.ending import handlers as ending
from services.budget.ending import queries as ending_queries
from services.budget.ending import schemas as ending_forms
from services.budget.ending import subscribers as ending_listening
from services.budget.forecasts import handlers as forecasts
from services.budget.forecasts import queries as forecasts_queries
from services.budget.forecasts import schemas as forecasts_forms
from services.budget.funders import handlers as funders
from services.budget.funders import schemas as funders_forms
from services.budget.funding import handlers as funding
from services.budget.funding import queries as funding_queries
from services.budget.funding import schemas as funding_forms
from services.budget.funding import subscribers as funding_listening
from services.budget.holds import handlers as holds
from services.budget.holds import queries as holds_queries
from services.budget.holds import subscribers as holds_listening
from services.budget.money_held import queries as money_held_queries
from services.budget.money_held import schemas as money_held_forms
from services.budget.money_routes import handlers as money_routes
from services.budget.money_routes import schemas as money_routes_forms
from services.budget.periods import handlers as periods
from services.budget.periods import queries as periods_queries
from services.budget.periods import schemas as periods_forms
from services.budget.reapportionment import handlers as reapportionment
from services.budget.reapportionment import schemas as reapportionment_forms
from services.budget.recharge import handlers as recharge
from services.budget.recharge import queries as recharge_queries
from services.budget.recharge import schemas as recharge_forms
from services.budget.reconciliation import handlers as reconciliation
from services.budget.reconciliation import queries as reconciliation_queries
from services.budget.reconciliation import schemas as reconciliation_forms
from services.budget.repayment import handlers as repayment
from services.budget.repayment import queries as repayment_queries
from services.budget.repayment import schemas as repayment_forms
from services.budget.reports import queries as reports_queries
from services.budget.reports import schemas as reports_forms
from services.budget.returns import handlers as returns
from services.budget.returns import queries as returns_queries
from services.budget.returns import schemas as returns_forms
from services.budget.returns import subscribers as returns_listening
from services.budget.risk_share import handlers as risk_share
from services.budget.risk_share import queries as risk_share_queries
from services.budget.risk_share import schemas as risk_share_forms
from services.budget.seal import handlers as seal
from services.budget.seal import queries as seal_queries
from services.budget.seal import schemas as seal_forms
from services.budget.settlement import handlers as settlement
from services.budget.settlement import schemas as settlement_forms
from services.budget.statements import queries as statements_queries
from services.budget.statements import schemas as statements_forms
from services.budget.surplus import queries as surplus_queries
from services.budget.surplus import schemas as surplus_forms
from services.budget.totals import handlers as totals
from services.budget.totals import queries as totals_queries
from services.budget.year_end import handlers as year_end
from services.budget.year_end import schemas as year_end_forms
from shared.contracts.assessment.crisis import CrisisPlanActivated, CrisisPlanStoodDown
from shared.contracts.assessment.emergencies import EmergencyAccessEnded, EmergencyAccessOpened
from shared.contracts.assessment.life_events import DeathCorrected, PersonDied, PersonMoved
from shared.contracts.assessment.people import CareTeamChanged, PeopleMerged
from shared.contracts.assessment.representatives import RepresentativeChanged
from shared.contracts.assessment.sign_off import PlanApproved
from shared.contracts.payments.authorisations import UnmatchedMoneyChanged
from shared.contracts.payments.direct_payments import DirectPaymentFailed, DirectPaymentPaid
from shared.contracts.payments.purchases import PurchaseAmountsChanged, PurchaseRequested
from shared.messaging.entrypoints import CurrentTrace, Database, command, every, query, subscribe
from shared.messaging.health import HealthForm, health


class BudgetService:
    """Who pays which part of one person's budget, and what is left."""

    name = "budget"
    transaction = Database()
    trace = CurrentTrace()
    access = ACCESS

    # access: who may see whose record, and who saw it
    on_care_team_changed = subscribe(CareTeamChanged, relations.keep_care_team)
    on_representative_changed = subscribe(RepresentativeChanged, relations.keep_representatives)
    on_people_merged = subscribe(PeopleMerged, relations.keep_merged)
    on_emergency_access_opened = subscribe(EmergencyAccessOpened, relations.keep_emergency)
    on_emergency_access_ended = subscribe(EmergencyAccessEnded, relations.keep_emergency_ended)
    access_log = query(AccessLogForm, looked.access_log)
    seal_what_was_looked_at = every(60, audit.to_seal, audit.seal_entries)

    # funders: organisations, and the pools in which they work together
    register_funder = command(funders_forms.RegisterFunderForm, funders.register_funder)
    name_funder_contact = command(funders_forms.NameFunderContactForm, funders.name_funder_contact)
    open_pool = command(funders_forms.OpenPoolForm, funders.open_pool)

    # agreements: who pays which part; funding calls for it once each purpose has an agreement
    on_plan_approved = subscribe(PlanApproved, funding_listening.plan_budget)
    report_financial_assessment = command(
        agreements_forms.ReportFinancialAssessmentForm, agreements.report_financial_assessment
    )
    record_agreement = command(agreements_forms.RecordAgreementForm, funding.record_agreement)

    # funding: money promised and coming in
    commit_contribution = command(funding_forms.CommitContributionForm, funding.commit_contribution)
    release_contribution = command(
        funding_forms.ReleaseContributionForm, funding.release_contribution
    )
    receive_contribution = command(
        funding_forms.ReceiveContributionForm, funding.receive_contribution
    )

    chase_contributions = every(3600, funding_queries.late, funding.chase_contribution)

    # forecasts: where spending is heading
    forecast = query(forecasts_forms.ForecastForm, forecasts_queries.forecast)
    look_ahead = every(3600, forecasts_queries.to_look_at, forecasts.look_ahead)

    # corrections: what was written down wrongly
    reverse_journal = command(corrections_forms.ReverseJournalForm, corrections.reverse_journal)
    correct_journal = command(corrections_forms.CorrectJournalForm, corrections.correct_journal)

    # allocations: money that becomes usable bit by bit
    schedule_allocation = command(
        allocations_forms.ScheduleAllocationForm, allocations.schedule_allocation
    )
    end_allocation = command(allocations_forms.EndAllocationForm, allocations.end_allocation)
    run_allocations = command(allocations_forms.RunAllocationsForm, allocations.run_allocations)
    make_due_runs = every(3600, allocations_queries.due, allocations.run_allocations)
    allocations = query(allocations_forms.AllocationsForm, allocations_queries.allocations)

    # crisis_reserve: promised beside the budget, and called when it is needed
    promise_crisis_reserve = command(
        crisis_reserve_forms.PromiseCrisisReserveForm, crisis_reserve.promise_crisis_reserve
    )
    activate_crisis_reserve = command(
        crisis_reserve_forms.ActivateCrisisReserveForm, crisis_reserve.activate_crisis_reserve
    )
    stand_down_crisis_reserve = command(
        crisis_reserve_forms.StandDownCrisisReserveForm, crisis_reserve.stand_down_crisis_reserve
    )
    crisis_reserve = query(
        crisis_reserve_forms.CrisisReserveForm, crisis_reserve_queries.crisis_reserve
    )
    on_crisis_plan_activated = subscribe(CrisisPlanActivated, crisis_reserve_listening.call_reserve)
    on_crisis_plan_stood_down = subscribe(
        CrisisPlanStoodDown, crisis_reserve_listening.let_reserve_stand
    )

    # holds: money set aside until it is captured or released
    on_purchase_requested = subscribe(PurchaseRequested, holds_listening.answer_purchase)
    on_purchase_amounts_changed = subscribe(PurchaseAmountsChanged, holds_listening.converge)

    expire_holds = every(60, holds_queries.expired, holds.expire_hold)

    # card_money: what moved on cards and belongs to no purchase
    on_unmatched_money_changed = subscribe(
        UnmatchedMoneyChanged, card_money_listening.keep_unmatched
    )

    # money_routes, money_held: by which way the money for an item goes, and where it is
    set_route = command(money_routes_forms.SetRouteForm, money_routes.set_route)
    money_routes = query(money_held_forms.MoneyRoutesForm, money_held_queries.money_routes)

    # direct_payments: paid to the person or their nominee on a schedule
    schedule_direct_payment = command(
        direct_payments_forms.ScheduleDirectPaymentForm, direct_payments.schedule_direct_payment
    )
    pay_direct_payments = command(
        direct_payments_forms.PayDirectPaymentsForm, direct_payments.pay_direct_payments
    )
    pay_what_is_due = every(3600, direct_payments_queries.due, direct_payments.pay_direct_payment)

    # returns: what is shown for direct payments, or comes back of them
    record_return = command(returns_forms.RecordReturnForm, returns.record_return)
    record_payment_returned = command(
        returns_forms.RecordPaymentReturnedForm, returns.record_payment_returned
    )
    on_direct_payment_failed = subscribe(
        DirectPaymentFailed, returns_listening.direct_payment_failed
    )
    on_direct_payment_paid = subscribe(DirectPaymentPaid, returns_listening.direct_payment_paid)
    tell_overdue_returns = every(3600, returns_queries.overdue, returns.tell_overdue_return)

    # broker_accounts: money that a broker's organisation holds
    top_up_broker = command(broker_accounts_forms.TopUpBrokerForm, broker_accounts.top_up_broker)
    record_broker_returned = command(
        broker_accounts_forms.RecordBrokerReturnedForm, broker_accounts.record_broker_returned
    )
    report_broker_balance = command(
        broker_accounts_forms.ReportBrokerBalanceForm, broker_accounts.report_broker_balance
    )

    # deliveries: what a partner arranged, without a payment
    record_delivery = command(deliveries_forms.RecordDeliveryForm, deliveries.record_delivery)

    # reapportionment: disputed shares that were decided
    reapportion = command(reapportionment_forms.ReapportionForm, reapportionment.reapportion)

    # reconciliation: what the bank and the card programme say
    import_lines = command(reconciliation_forms.ImportLinesForm, reconciliation.import_lines)
    match_lines = command(reconciliation_forms.MatchLinesForm, reconciliation.match_lines)
    match_by_hand = command(reconciliation_forms.MatchByHandForm, reconciliation.match_by_hand)
    undo_match = command(reconciliation_forms.UndoMatchForm, reconciliation.undo_match)
    assign_suspense = command(
        reconciliation_forms.AssignSuspenseForm, reconciliation.assign_suspense
    )
    reconciliation = query(
        reconciliation_forms.ReconciliationForm, reconciliation_queries.reconciliation
    )

    # surplus, repayment: what is left over goes back to whose it is, with notice
    find_surplus = query(surplus_forms.FindSurplusForm, surplus_queries.find_surplus)
    propose_repayment = command(repayment_forms.ProposeRepaymentForm, repayment.propose_repayment)
    notify_repayment = command(repayment_forms.NotifyRepaymentForm, repayment.notify_repayment)
    request_reconsideration = command(
        repayment_forms.RequestReconsiderationForm, repayment.request_reconsideration
    )
    decide_reconsideration = command(
        repayment_forms.DecideReconsiderationForm, repayment.decide_reconsideration
    )
    confirm_repayment = command(repayment_forms.TakeStepForm, repayment.confirm_repayment)
    post_repayment = command(repayment_forms.TakeStepForm, repayment.post_repayment)
    withdraw_repayment = command(repayment_forms.TakeStepForm, repayment.withdraw_repayment)
    repayments = query(repayment_forms.RepaymentsForm, repayment_queries.repayments)

    # ending: the plan is over, or the person wants it, has moved or has died
    end_budget = command(ending_forms.EndBudgetForm, ending.end_budget)
    on_person_died = subscribe(PersonDied, ending_listening.end_for_death)
    on_death_corrected = subscribe(DeathCorrected, ending_listening.keep_life)
    on_person_moved = subscribe(PersonMoved, ending_listening.end_for_move)
    closing_statement = query(ending_forms.ClosingStatementForm, ending_queries.closing_statement)

    # recharge: what funders owe one another at the end of a month
    run_recharge = command(recharge_forms.RunRechargeForm, recharge.run_recharge)
    recharge = query(recharge_forms.RechargeForm, recharge_queries.recharge)
    recharge_lines = query(recharge_forms.RechargeLinesForm, recharge_queries.recharge_lines)

    # settlement: debts between funders that were paid
    settle_recharge = command(settlement_forms.SettleRechargeForm, settlement.settle_recharge)

    # risk_share: overspends and underspends at the end of a year
    set_risk_rule = command(risk_share_forms.SetRiskRuleForm, risk_share.set_risk_rule)
    run_risk_share = command(risk_share_forms.RunRiskShareForm, risk_share.run_risk_share)
    risk_share_outlook = query(risk_share_forms.RiskShareOutlookForm, risk_share_queries.outlook)

    # periods: what is closed, and what was known when
    open_period = command(periods_forms.OpenPeriodForm, periods.open_period)
    soft_close_period = command(periods_forms.SoftClosePeriodForm, periods.soft_close_period)
    sign_period = command(periods_forms.SignPeriodForm, periods.sign_period)
    close_period = command(periods_forms.ClosePeriodForm, periods.close_period)
    approve_reopening = command(periods_forms.ApproveReopeningForm, periods.approve_reopening)
    reopen_period = command(periods_forms.ReopenPeriodForm, periods.reopen_period)
    period_statement = query(periods_forms.PeriodStatementForm, periods_queries.period_statement)
    balance = query(periods_forms.BalanceForm, periods_queries.balance)

    # year_end: what becomes of money that is left
    year_end = command(year_end_forms.YearEndForm, year_end.year_end)

    # seal: so that a partner can see that nobody rewrote history
    seal_what_was_written = every(3600, seal_queries.unsealed, seal.seal_journals)
    seal_journals = command(seal_forms.SealJournalsForm, seal.seal_journals)

    # totals: so that a long history is read as fast as a short one
    add_totals = every(10, totals_queries.behind, totals.add_totals)

    # statements
    statement = query(statements_forms.StatementForm, statements_queries.statement)
    person_statement = query(
        reports_forms.PersonStatementForm,
        reports_queries.person_statement,
        finish=reports_queries.rendered,
    )
    funder_statement = query(
        reports_forms.FunderStatementForm,
        reports_queries.funder_statement,
        finish=reports_queries.rendered,
    )
    auditor_statement = query(
        reports_forms.AuditorStatementForm,
        reports_queries.auditor_statement,
        finish=reports_queries.rendered,
    )
    journals_export = query(
        reports_forms.JournalsExportForm,
        reports_queries.journals_export,
        finish=reports_queries.rendered,
    )
    totals = query(statements_forms.TotalsForm, statements_queries.totals)
    health = query(HealthForm, health)
