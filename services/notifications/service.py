"""The table of contents of notifications."""

from services.notifications.delivery import handlers as delivery
from services.notifications.delivery import queries as delivery_queries
from services.notifications.delivery.schemas import CancelMessageForm, RecordSeenToForm
from services.notifications.messages import handlers, queries, subscribers
from services.notifications.messages.schemas import MessagesForm, TotalsForm
from services.notifications.outcomes import handlers as outcomes
from services.notifications.outcomes import queries as outcome_queries
from services.notifications.people import subscribers as people
from services.notifications.preferences import handlers as preferences
from services.notifications.preferences import queries as preference_queries
from services.notifications.preferences.schemas import PreferencesForm, SetPreferencesForm
from services.notifications.replies import handlers as replies
from services.notifications.replies.schemas import SeeToReplyForm
from services.notifications.retention import handlers as retention
from services.notifications.retention import queries as retention_queries
from services.notifications.safeguarding import handlers as safeguarding
from services.notifications.safeguarding import queries as safeguarding_queries
from services.notifications.safeguarding.schemas import (
    HoldForSafeguardingForm,
    HoldsForm,
    ReleaseSafeguardingHoldForm,
)
from services.notifications.suppression import handlers as suppression
from services.notifications.suppression import queries as suppression_queries
from services.notifications.suppression.schemas import (
    LiftSuppressionForm,
    SuppressForm,
    SuppressionsForm,
)
from shared.contracts.assessment.appeals import AppealDecided
from shared.contracts.assessment.crisis import CrisisPlanActivated
from shared.contracts.assessment.indicative_budget import (
    BudgetDeclined,
    IndicativeBudgetCalculated,
)
from shared.contracts.assessment.life_events import DeathCorrected, PersonDied
from shared.contracts.assessment.people import (
    CareTeamChanged,
    ContactDetailsChanged,
    PeopleMerged,
    WorkerChangeAnswered,
)
from shared.contracts.assessment.referrals import ReferralReceived, ReferralRefused
from shared.contracts.assessment.reviews import ReviewDue
from shared.contracts.assessment.sign_off import (
    PlanApproved,
    PlanEscalated,
    PlanRefused,
    PlanReturned,
)
from shared.contracts.assessment.support_plans import PlanSubmitted
from shared.contracts.budget.budgets import BudgetActivated
from shared.contracts.budget.direct_payments import ReturnOverdue
from shared.contracts.budget.holds import RefundPosted
from shared.contracts.budget.repayments import (
    RepaymentNotified,
    RepaymentReconsidered,
    RepaymentWithdrawn,
)
from shared.contracts.payments.decisions import AuthorisationDecided
from shared.contracts.payments.purchases import (
    PurchaseApprovalWanted,
    PurchaseCompleted,
    PurchaseRefused,
)
from shared.messaging.entrypoints import CurrentTrace, Database, command, every, query, subscribe
from shared.messaging.health import HealthForm, health
from shared.messaging.tasks import OpenTasksForm


class NotificationsService:
    """The right words to the right person, by the way they chose."""

    name = "notifications"
    transaction = Database()
    trace = CurrentTrace()

    # people: how somebody is called and reached, and whom they can ask
    on_contact_details_changed = subscribe(ContactDetailsChanged, people.keep_contact_details)
    on_care_team_changed = subscribe(CareTeamChanged, people.keep_named_contact)
    on_people_merged = subscribe(PeopleMerged, people.keep_merged)
    on_person_died = subscribe(PersonDied, people.keep_death)
    on_death_corrected = subscribe(DeathCorrected, people.keep_life)
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
    # messages: what happened, told to the person; messages/topics.py is the table
    on_referral_received = subscribe(ReferralReceived, subscribers.tell_request_received)
    on_referral_refused = subscribe(ReferralRefused, subscribers.tell_request_refused)
    on_worker_change_answered = subscribe(
        WorkerChangeAnswered, subscribers.tell_worker_change_answered
    )
    on_indicative_budget_calculated = subscribe(
        IndicativeBudgetCalculated, subscribers.tell_indicative_budget
    )
    on_budget_declined = subscribe(BudgetDeclined, subscribers.tell_budget_declined)
    on_plan_submitted = subscribe(PlanSubmitted, subscribers.tell_plan_to_sign)
    on_plan_escalated = subscribe(PlanEscalated, subscribers.tell_plan_with_decider)
    on_plan_approved = subscribe(PlanApproved, subscribers.tell_plan_approved)
    on_plan_returned = subscribe(PlanReturned, subscribers.tell_plan_returned)
    on_plan_refused = subscribe(PlanRefused, subscribers.tell_plan_refused)
    on_appeal_decided = subscribe(AppealDecided, subscribers.tell_appeal_decided)
    on_crisis_plan_activated = subscribe(CrisisPlanActivated, subscribers.tell_crisis_plan_active)
    on_review_due = subscribe(ReviewDue, subscribers.tell_rapid_review)
    on_budget_activated = subscribe(BudgetActivated, subscribers.tell_budget_ready)
    on_refund_posted = subscribe(RefundPosted, subscribers.tell_refund)
    on_repayment_notified = subscribe(RepaymentNotified, subscribers.tell_repayment_notified)
    on_repayment_reconsidered = subscribe(
        RepaymentReconsidered, subscribers.tell_repayment_reconsidered
    )
    on_repayment_withdrawn = subscribe(RepaymentWithdrawn, subscribers.tell_repayment_withdrawn)
    on_return_overdue = subscribe(ReturnOverdue, subscribers.tell_return_missing)
    on_purchase_completed = subscribe(PurchaseCompleted, subscribers.tell_purchase_made)
    on_purchase_approval_wanted = subscribe(
        PurchaseApprovalWanted, subscribers.tell_purchase_being_checked
    )
    on_purchase_refused = subscribe(PurchaseRefused, subscribers.tell_purchase_refused)
    on_authorisation_decided = subscribe(AuthorisationDecided, subscribers.tell_payment_declined)
    go_on_with_held = every(30, queries.due, handlers.go_on)
    messages = query(MessagesForm, queries.messages)
    totals = query(TotalsForm, queries.totals)
    # delivery: one for each channel that is tried
    record_seen_to = command(RecordSeenToForm, delivery.record_seen_to)

    cancel_message = command(CancelMessageForm, delivery.cancel_message)
    # outcomes: what no receipt tells of
    find_out = every(60, outcome_queries.silent, outcomes.find_out)
    # retention: words are forgotten
    empty_messages = every(3600, retention_queries.to_empty, retention.empty_message)

    open_tasks = query(OpenTasksForm, delivery_queries.open_tasks)
    health = query(HealthForm, health)
