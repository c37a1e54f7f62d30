"""Partners: a table of contents."""

from access import audit
from access import queries as looked
from access.schemas import AccessLogForm
from services.partners.access import ACCESS
from services.partners.inbound import queries as inbound_queries
from services.partners.inbound.schemas import MessageForm
from services.partners.outbound import replaying
from services.partners.outbound import schemas as forms
from services.partners.outbound.subscribers import (
    hear,
    keep_care_team,
    keep_merged,
    keep_sharing,
)
from services.partners.oversight import queries
from services.partners.silence import handlers as silence
from services.partners.silence import queries as silence_queries
from shared.contracts.assessment.appeals import AppealDecided, AppealLodged
from shared.contracts.assessment.consent import SharingChanged
from shared.contracts.assessment.crisis import CrisisPlanActivated, CrisisPlanStoodDown
from shared.contracts.assessment.deadlines import DeadlineMissed
from shared.contracts.assessment.disputes import DisputeDecided, DomainPositionTaken
from shared.contracts.assessment.indicative_budget import BudgetDeclined, IndicativeBudgetCalculated
from shared.contracts.assessment.life_events import (
    DeathCorrected,
    PersonAdmitted,
    PersonDied,
    PersonDischarged,
    PersonMoved,
)
from shared.contracts.assessment.needs import AssessmentAgreed
from shared.contracts.assessment.people import CareTeamChanged, PeopleMerged
from shared.contracts.assessment.preventive_effects import ReductionBlocked
from shared.contracts.assessment.referrals import ReferralReceived, ReferralRefused
from shared.contracts.assessment.reviews import ReviewDue, ReviewHeld
from shared.contracts.assessment.sign_off import (
    PlanApproved,
    PlanEscalated,
    PlanRefused,
    PlanReturned,
    PlanWithoutMoneyApproved,
)
from shared.contracts.assessment.signatures import PlanSigned
from shared.contracts.assessment.support_plans import PlanSubmitted
from shared.contracts.budget.budgets import BudgetActivated, BudgetRevised
from shared.contracts.budget.contributions import (
    ContributionCalled,
    ContributionCommitted,
    ContributionLate,
    ContributionReceived,
    ContributionReversed,
)
from shared.contracts.budget.crisis_reserve import CrisisReserveActivated, CrisisReserveStoodDown
from shared.contracts.budget.forecasts import OverspendExpected, UnderspendExpected
from shared.contracts.budget.holds import HoldCaptured, OverspendRecorded, RefundPosted
from shared.messaging.entrypoints import CurrentTrace, Database, command, every, query, subscribe
from shared.messaging.health import HealthForm, health
from shared.messaging.tasks import OpenTasksForm


class PartnersService:
    """What NHS bodies' and councils' systems tell us, and what they are told."""

    name = "partners"
    transaction = Database()
    trace = CurrentTrace()
    access = ACCESS

    # access: who may see whose record, and who saw it
    on_care_team_changed = subscribe(CareTeamChanged, keep_care_team)
    on_people_merged = subscribe(PeopleMerged, keep_merged)
    on_sharing_changed = subscribe(SharingChanged, keep_sharing)
    access_log = query(AccessLogForm, looked.access_log)
    seal_what_was_looked_at = every(60, audit.to_seal, audit.seal_entries)

    # inbound: what partners sent, and what they were answered
    message = query(MessageForm, inbound_queries.message)
    # outbound: what partners hear of, as far as their agreements go
    on_referral_received = subscribe(ReferralReceived, hear)
    on_referral_refused = subscribe(ReferralRefused, hear)
    on_assessment_agreed = subscribe(AssessmentAgreed, hear)
    on_domain_position_taken = subscribe(DomainPositionTaken, hear)
    on_dispute_decided = subscribe(DisputeDecided, hear)
    on_indicative_budget_calculated = subscribe(IndicativeBudgetCalculated, hear)
    on_budget_declined = subscribe(BudgetDeclined, hear)
    on_reduction_blocked = subscribe(ReductionBlocked, hear)
    on_plan_submitted = subscribe(PlanSubmitted, hear)
    on_plan_signed = subscribe(PlanSigned, hear)
    on_plan_escalated = subscribe(PlanEscalated, hear)
    on_plan_approved = subscribe(PlanApproved, hear)
    on_plan_without_money_approved = subscribe(PlanWithoutMoneyApproved, hear)
    on_plan_returned = subscribe(PlanReturned, hear)
    on_plan_refused = subscribe(PlanRefused, hear)
    on_appeal_lodged = subscribe(AppealLodged, hear)
    on_appeal_decided = subscribe(AppealDecided, hear)
    on_review_due = subscribe(ReviewDue, hear)
    on_review_held = subscribe(ReviewHeld, hear)
    on_crisis_plan_activated = subscribe(CrisisPlanActivated, hear)
    on_crisis_plan_stood_down = subscribe(CrisisPlanStoodDown, hear)
    on_deadline_missed = subscribe(DeadlineMissed, hear)
    on_person_died = subscribe(PersonDied, hear)
    on_death_corrected = subscribe(DeathCorrected, hear)
    on_person_admitted = subscribe(PersonAdmitted, hear)
    on_person_discharged = subscribe(PersonDischarged, hear)
    on_person_moved = subscribe(PersonMoved, hear)
    on_contribution_called = subscribe(ContributionCalled, hear)
    on_contribution_committed = subscribe(ContributionCommitted, hear)
    on_contribution_received = subscribe(ContributionReceived, hear)
    on_contribution_reversed = subscribe(ContributionReversed, hear)
    on_contribution_late = subscribe(ContributionLate, hear)
    on_budget_activated = subscribe(BudgetActivated, hear)
    on_budget_revised = subscribe(BudgetRevised, hear)
    on_hold_captured = subscribe(HoldCaptured, hear)
    on_refund_posted = subscribe(RefundPosted, hear)
    on_overspend_recorded = subscribe(OverspendRecorded, hear)
    on_overspend_expected = subscribe(OverspendExpected, hear)
    on_underspend_expected = subscribe(UnderspendExpected, hear)
    on_crisis_reserve_activated = subscribe(CrisisReserveActivated, hear)
    on_crisis_reserve_stood_down = subscribe(CrisisReserveStoodDown, hear)
    # silence: a partner of whom nothing is heard
    tell_silences = every(3600, silence_queries.silent, silence.tell_silence)
    # replay: a partner is told again
    replay = command(forms.ReplayForm, replaying.replay)
    totals = query(forms.TotalsForm, queries.totals)
    open_tasks = query(OpenTasksForm, queries.open_tasks)
    health = query(HealthForm, health)
