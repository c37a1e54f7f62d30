"""Every event of which a partner can hear, by what it is decided who may, and where it is read."""

from collections.abc import Mapping

from services.partners.catalogue.rules import BUDGETS, About, Outgoing
from shared.contracts.assessment import (
    appeals,
    crisis,
    deadlines,
    disputes,
    indicative_budget,
    life_events,
    needs,
    people,
    preventive_effects,
    referrals,
    reviews,
    sign_off,
    signatures,
    support_plans,
)
from shared.contracts.budget import (
    budgets,
    contributions,
    crisis_reserve,
    forecasts,
    holds,
)
from shared.contracts.catalogue import SCHEMAS
from shared.contracts.event import Event

_CASE = "/v1/cases/{referral_id}"
_BUDGET = f"{BUDGETS}{{budget_id}}"

_OF_A_PERSON: Mapping[type[Event], str] = {
    referrals.ReferralReceived: _CASE,
    referrals.ReferralRefused: _CASE,
    needs.AssessmentAgreed: _CASE,
    disputes.DomainPositionTaken: _CASE,
    disputes.DisputeDecided: _CASE,
    indicative_budget.IndicativeBudgetCalculated: _CASE,
    indicative_budget.BudgetDeclined: _CASE,
    preventive_effects.ReductionBlocked: _CASE,
    support_plans.PlanSubmitted: "",
    signatures.PlanSigned: "",
    sign_off.PlanEscalated: "",
    sign_off.PlanApproved: _BUDGET,
    sign_off.PlanWithoutMoneyApproved: "",
    sign_off.PlanReturned: "",
    sign_off.PlanRefused: "",
    appeals.AppealLodged: _CASE,
    appeals.AppealDecided: _CASE,
    reviews.ReviewDue: _CASE,
    reviews.ReviewHeld: _CASE,
    crisis.CrisisPlanActivated: _CASE,
    crisis.CrisisPlanStoodDown: _CASE,
    deadlines.DeadlineMissed: f"{_CASE}/deadlines",
    life_events.PersonDied: "",
    life_events.DeathCorrected: "",
    life_events.PersonAdmitted: "",
    life_events.PersonDischarged: "",
    life_events.PersonMoved: "",
    people.PeopleMerged: "",
}
_OF_A_FUNDER: Mapping[type[Event], str] = {
    contributions.ContributionCalled: _BUDGET,
    contributions.ContributionCommitted: _BUDGET,
    contributions.ContributionReceived: _BUDGET,
    contributions.ContributionReversed: _BUDGET,
    contributions.ContributionLate: _BUDGET,
}
_OF_A_BUDGET: Mapping[type[Event], str] = {
    budgets.BudgetActivated: _BUDGET,
    budgets.BudgetRevised: _BUDGET,
    holds.HoldCaptured: _BUDGET,
    holds.RefundPosted: _BUDGET,
    holds.OverspendRecorded: _BUDGET,
    forecasts.OverspendExpected: _BUDGET,
    forecasts.UnderspendExpected: _BUDGET,
    crisis_reserve.CrisisReserveActivated: _BUDGET,
    crisis_reserve.CrisisReserveStoodDown: _BUDGET,
}

OUTGOING: Mapping[str, Outgoing] = {
    event_class.event_type: Outgoing(
        name=event_class.event_type,
        about=about,
        read_at=read_at,
        fields=frozenset(SCHEMAS[event_class.event_type].fields) - {"event_id", "occurred_at"},
    )
    for about, events in (
        (About.PERSON, _OF_A_PERSON),
        (About.FUNDER, _OF_A_FUNDER),
        (About.BUDGET, _OF_A_BUDGET),
    )
    for event_class, read_at in events.items()
}
