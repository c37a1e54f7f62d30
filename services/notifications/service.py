"""The table of contents of notifications."""

from access import audit, relations
from access import queries as looked
from access.schemas import AccessLogForm
from services.notifications import start
from services.notifications.access import ACCESS
from services.notifications.closing import handlers as closing
from services.notifications.closing import queries as closing_queries
from services.notifications.delivery import handlers as delivery
from services.notifications.delivery import queries as delivery_queries
from services.notifications.delivery.schemas import CancelMessageForm, RecordSeenToForm
from services.notifications.from_assessment import subscribers as assessment
from services.notifications.from_budget import subscribers as budget
from services.notifications.from_payments import subscribers as payments
from services.notifications.funders import subscribers as funders
from services.notifications.latecomers import handlers as latecomer_handlers
from services.notifications.latecomers import queries as latecomer_queries
from services.notifications.latecomers import subscribers as latecomers
from services.notifications.messages import handlers, queries
from services.notifications.messages.schemas import MessagesForm, TotalsForm
from services.notifications.outcomes import handlers as outcomes
from services.notifications.outcomes import queries as outcome_queries
from services.notifications.people import subscribers as people
from services.notifications.preferences import handlers as preferences
from services.notifications.preferences import queries as preference_queries
from services.notifications.preferences.schemas import PreferencesForm, SetPreferencesForm
from services.notifications.preview import queries as previews
from services.notifications.preview.schemas import PreviewForm
from services.notifications.replies import handlers as replies
from services.notifications.replies.schemas import SeeToReplyForm
from services.notifications.retention import handlers as retention
from services.notifications.retention import queries as retention_queries
from services.notifications.retrying import handlers as retrying
from services.notifications.retrying.schemas import RetryByOtherChannelForm
from services.notifications.safeguarding import handlers as safeguarding
from services.notifications.safeguarding import queries as safeguarding_queries
from services.notifications.safeguarding.schemas import (
    HoldForSafeguardingForm,
    HoldsForm,
    ReleaseSafeguardingHoldForm,
)
from services.notifications.second_people import subscribers as second_people
from services.notifications.suppression import handlers as suppression
from services.notifications.suppression import queries as suppression_queries
from services.notifications.suppression.schemas import (
    LiftSuppressionForm,
    SuppressForm,
    SuppressionsForm,
)
from shared.contracts.assessment.appeals import AppealDecided, AppealLodged
from shared.contracts.assessment.bookings import AssessmentBooked
from shared.contracts.assessment.complaints import ComplaintAnswered, ComplaintMade
from shared.contracts.assessment.crisis import CrisisPlanActivated, CrisisPlanStoodDown
from shared.contracts.assessment.deadlines import DeadlineMissed
from shared.contracts.assessment.emergencies import (
    EmergencyAccessEnded,
    EmergencyAccessOpened,
    EmergencyAnswerWanted,
)
from shared.contracts.assessment.indicative_budget import (
    BudgetDeclined,
    IndicativeBudgetCalculated,
)
from shared.contracts.assessment.life_events import DeathCorrected, PersonDied
from shared.contracts.assessment.needs import AssessmentAgreed
from shared.contracts.assessment.people import (
    CareTeamChanged,
    ContactDetailsChanged,
    PeopleMerged,
    WorkerChangeAnswered,
)
from shared.contracts.assessment.referrals import ReferralReceived, ReferralRefused
from shared.contracts.assessment.representatives import RepresentativeChanged
from shared.contracts.assessment.reviews import ReviewDue, ReviewHeld
from shared.contracts.assessment.sign_off import (
    PlanApproved,
    PlanEscalated,
    PlanRefused,
    PlanReturned,
    PlanWithoutMoneyApproved,
)
from shared.contracts.assessment.support_plans import PlanSubmitted
from shared.contracts.budget.budgets import BudgetActivated, BudgetEnded, BudgetRevised
from shared.contracts.budget.contributions import ContributionCalled, ContributionLate
from shared.contracts.budget.direct_payments import ReturnOverdue
from shared.contracts.budget.forecasts import OverspendExpected
from shared.contracts.budget.funders import FunderContactNamed
from shared.contracts.budget.holds import BalanceLow, OverspendRecorded, RefundPosted
from shared.contracts.budget.repayments import (
    RepaymentNotified,
    RepaymentReconsidered,
    RepaymentWithdrawn,
)
from shared.contracts.payments.decisions import AuthorisationDeclined
from shared.contracts.payments.direct_payments import DirectPaymentPaid
from shared.contracts.payments.purchases import (
    PurchaseApprovalWanted,
    PurchaseCompleted,
    PurchaseRefused,
)
from shared.contracts.payments.receipts import ReceiptMissing
from shared.messaging.entrypoints import CurrentTrace, Database, command, every, query, subscribe
from shared.messaging.health import HealthForm, health
from shared.messaging.tasks import OpenTasksForm


class NotificationsService:
    """The right words to the right person, by the way they chose."""

    name = "notifications"
    transaction = Database()
    trace = CurrentTrace()
    access = ACCESS
    check_settings = staticmethod(start.check)

    # access: who may see whose record, and who saw it
    access_log = query(AccessLogForm, looked.access_log)
    seal_what_was_looked_at = every(60, audit.to_seal, audit.seal_entries)
    on_emergency_access_ended = subscribe(EmergencyAccessEnded, relations.keep_emergency_ended)

    # people: how somebody is called and reached, whom they can ask, who works with them
    on_contact_details_changed = subscribe(ContactDetailsChanged, people.keep_contact_details)
    on_care_team_changed = subscribe(
        CareTeamChanged, relations.keep_care_team, latecomers.keep_care_team
    )
    on_people_merged = subscribe(PeopleMerged, relations.keep_merged, latecomers.keep_merged)
    on_person_died = subscribe(PersonDied, people.keep_death)
    on_death_corrected = subscribe(DeathCorrected, people.keep_life)
    # funders: who is written to at organisations that pay
    on_funder_contact_named = subscribe(FunderContactNamed, funders.keep_funder_contact)
    # preferences: what they chose
    set_preferences = command(SetPreferencesForm, preferences.set_preferences)
    preferences = query(PreferencesForm, preference_queries.preferences)
    # suppression: what must not be used
    suppress = command(SuppressForm, suppression.suppress_persons)
    lift_suppression = command(LiftSuppressionForm, suppression.lift_suppression)
    suppressions = query(SuppressionsForm, suppression_queries.suppressions)
    # replies: what people answer by text
    see_to_reply = command(SeeToReplyForm, replies.see_to_reply)
    # safeguarding: what is held for a person's safety
    hold_for_safeguarding = command(HoldForSafeguardingForm, safeguarding.hold_for_safeguarding)
    release_safeguarding_hold = command(
        ReleaseSafeguardingHoldForm, safeguarding.release_safeguarding_hold
    )
    safeguarding_holds = query(HoldsForm, safeguarding_queries.safeguarding_holds)
    # messages: what happened, told to the person and others; topics/table.py is the table
    on_referral_received = subscribe(ReferralReceived, assessment.tell_request_received)
    on_referral_refused = subscribe(ReferralRefused, assessment.tell_request_refused)
    on_assessment_booked = subscribe(AssessmentBooked, assessment.tell_assessment_booked)
    on_assessment_agreed = subscribe(AssessmentAgreed, assessment.tell_assessment_agreed)
    on_worker_change_answered = subscribe(
        WorkerChangeAnswered, assessment.tell_worker_change_answered
    )
    on_indicative_budget_calculated = subscribe(
        IndicativeBudgetCalculated, assessment.tell_indicative_budget
    )
    on_budget_declined = subscribe(BudgetDeclined, assessment.tell_budget_declined)
    on_plan_submitted = subscribe(PlanSubmitted, assessment.tell_plan_to_sign)
    on_plan_escalated = subscribe(PlanEscalated, assessment.tell_plan_with_decider)
    on_plan_approved = subscribe(PlanApproved, assessment.tell_plan_approved)
    on_plan_returned = subscribe(PlanReturned, assessment.tell_plan_returned)
    on_plan_refused = subscribe(PlanRefused, assessment.tell_plan_refused)
    on_plan_without_money_approved = subscribe(
        PlanWithoutMoneyApproved, assessment.tell_plan_without_money
    )
    on_deadline_missed = subscribe(DeadlineMissed, assessment.tell_answer_late)
    on_complaint_made = subscribe(ComplaintMade, assessment.tell_complaint_received)
    on_complaint_answered = subscribe(ComplaintAnswered, assessment.tell_complaint_answered)
    on_appeal_lodged = subscribe(AppealLodged, assessment.tell_appeal_received)
    on_appeal_decided = subscribe(AppealDecided, assessment.tell_appeal_decided)
    on_emergency_access_opened = subscribe(
        EmergencyAccessOpened, relations.keep_emergency, assessment.tell_record_opened
    )
    on_emergency_answer_wanted = subscribe(
        EmergencyAnswerWanted,
        second_people.keep_second_person,
        assessment.tell_emergency_answer_wanted,
    )
    on_crisis_plan_activated = subscribe(CrisisPlanActivated, assessment.tell_crisis_plan_active)
    on_crisis_plan_stood_down = subscribe(CrisisPlanStoodDown, assessment.tell_crisis_plan_ended)
    on_representative_changed = subscribe(
        RepresentativeChanged,
        relations.keep_representatives,
        assessment.tell_representative_changed,
    )
    on_review_due = subscribe(ReviewDue, assessment.tell_rapid_review)
    on_review_held = subscribe(ReviewHeld, assessment.tell_review_held)
    on_budget_activated = subscribe(BudgetActivated, budget.tell_budget_ready)
    on_budget_revised = subscribe(BudgetRevised, budget.tell_budget_changed)
    on_balance_low = subscribe(BalanceLow, budget.tell_balance_low)
    on_overspend_expected = subscribe(OverspendExpected, budget.tell_money_may_run_out)
    on_overspend_recorded = subscribe(OverspendRecorded, budget.tell_overspend)
    on_contribution_called = subscribe(ContributionCalled, budget.tell_contribution_called)
    on_contribution_late = subscribe(ContributionLate, budget.tell_contribution_late)
    on_budget_ended = subscribe(BudgetEnded, budget.tell_budget_ended)
    on_refund_posted = subscribe(RefundPosted, budget.tell_refund)
    on_repayment_notified = subscribe(RepaymentNotified, budget.tell_repayment_notified)
    on_repayment_reconsidered = subscribe(RepaymentReconsidered, budget.tell_repayment_reconsidered)
    on_repayment_withdrawn = subscribe(RepaymentWithdrawn, budget.tell_repayment_withdrawn)
    on_return_overdue = subscribe(ReturnOverdue, budget.tell_return_missing)
    on_direct_payment_paid = subscribe(DirectPaymentPaid, payments.tell_money_paid_in)
    on_purchase_completed = subscribe(PurchaseCompleted, payments.tell_purchase_made)
    on_purchase_approval_wanted = subscribe(
        PurchaseApprovalWanted, payments.tell_purchase_being_checked
    )
    on_purchase_refused = subscribe(PurchaseRefused, payments.tell_purchase_refused)
    on_authorisation_declined = subscribe(AuthorisationDeclined, payments.tell_payment_declined)
    on_receipt_missing = subscribe(ReceiptMissing, payments.tell_receipt_wanted)
    go_on_with_held = every(30, queries.due, handlers.go_on)
    messages = query(MessagesForm, queries.messages)
    totals = query(TotalsForm, queries.totals)
    # latecomers: who becomes known after an event of which they were to hear
    look_again = every(300, latecomer_queries.due, latecomer_handlers.look_again)
    # delivery: one for each channel that is tried
    record_seen_to = command(RecordSeenToForm, delivery.record_seen_to)
    cancel_message = command(CancelMessageForm, delivery.cancel_message)
    # retrying: what reached nobody, by another channel
    retry_by_other_channel = command(RetryByOtherChannelForm, retrying.retry_by_other_channel)
    # preview: what somebody would get
    preview = query(PreviewForm, previews.preview)
    # outcomes: what no receipt tells of
    find_out = every(60, outcome_queries.silent, outcomes.find_out)
    # closing: what was to be said to somebody who has died
    close_messages = every(60, closing_queries.of_the_dead, closing.close_message)
    # retention: words are forgotten
    empty_messages = every(3600, retention_queries.to_empty, retention.empty_message)

    open_tasks = query(OpenTasksForm, delivery_queries.open_tasks)
    health = query(HealthForm, health)
