"""Generated from docs/api/openapi.yaml by ``make docs``: what goes in and comes out."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

from .values import Day, Id, Instant

SafeContact = TypedDict(
    "SafeContact",
    {
        "text": bool | None,
        "email": bool | None,
        "post": bool | None,
        "ring": bool | None,
        "said_on": str | None,
        "from": str | None,
        "until": str | None,
        "words": str | None,
    },
    total=False,
)


class Member(TypedDict, total=False):
    role: str
    staff_id: str
    name: str
    organisation: str
    employer: str
    since: str
    ends_on: str | None


class FormerMember(TypedDict, total=False):
    role: str
    staff_id: str
    name: str
    organisation: str
    employer: str
    since: str
    until: str


class Person(TypedDict, total=False):
    person_id: str
    given_name: str
    family_name: str
    birth_date: str
    language: str
    is_interpreter_required: bool
    accessible_format: str | None
    communication_support: str | None
    needs_asked_on: str | None
    may_share_needs: bool | None
    needs_review_on: str | None
    preferred_channel: str
    safe_contact: SafeContact
    ethnic_category: str
    also_known_by: list[str]
    contact_version: int
    care_team: list[Member]
    care_team_before: list[FormerMember]


class Consent(TypedDict, total=False):
    purpose: str
    organisation: str
    given_on: str
    ends_on: str | None
    evidence: str
    withdrawn_on: str | None


class Representative(TypedDict, total=False):
    appointment_id: str
    representative_id: str
    kind: str
    name: str
    scopes: list[str]
    basis: str
    starts_on: str
    ends_on: str | None
    end_reason: str | None


class Referral(TypedDict, total=False):
    referral_id: str
    source: str
    relation: str | None
    organisation: str | None
    basis: str
    condition_group: str
    urgency: str
    received_on: str
    received_at: str
    answer_due_on: str
    outcome: str


class Discussion(TypedDict, total=False):
    outcome: str
    held_on: str
    by_role: str
    because: str | None
    person_words: str | None
    signposted_to: str | None


class RefusalOfReferral(TypedDict, total=False):
    refusal_id: str
    decider_id: str
    reason: str
    because: str
    evidence: list[str]
    alternatives: list[str]
    appeal_route: str
    refused_at: str


class IdentityOnCase(TypedDict, total=False):
    question_id: str
    suspicion: str
    asked_at: str
    answer: str | None
    reasons: str | None
    answered_at: str | None


class WorkerChange(TypedDict, total=False):
    request_id: str
    role: str
    person_words: str
    asked_by_role: str
    requested_at: str
    is_agreed: bool | None
    reasons: str | None
    answered_at: str | None


class OfferMade(TypedDict, total=False):
    support: str
    offered_on: str
    offered_by_role: str
    answer: str
    person_words: str | None


class Coming(TypedDict, total=False):
    name: str
    role: str


class Booking(TypedDict, total=False):
    booking_id: str
    version: int
    starts_at: str
    way: str
    place: str | None
    coming: list[Coming]
    booked_at: str


class Contribution(TypedDict, total=False):
    contribution_id: str
    organisation: str
    author_role: str
    questionnaire: str
    as_of: str
    in_the_room: list[str]
    whole_life: dict[str, Any] | None
    received_at: str


class Seen(TypedDict, total=False):
    domain: str
    typical_without_support: int
    worst_without_support: int
    typical_with_support: int
    worst_with_support: int
    worst_days_per_28: int
    informal_levels: int
    organisation: str
    look_back_months: int
    onset_speed: str | None
    is_hidden: bool
    unseen_by_others: str | None
    reliably: dict[str, Any] | None
    present_support: list[dict[str, Any]]
    person_words: str
    worker_words: str | None
    strengths: str | None
    wants: str | None
    evidence: list[str]


class JoinedDomain(TypedDict, total=False):
    domain: str
    typical_without_support: int
    worst_without_support: int
    typical_with_support: int
    worst_with_support: int
    worst_days_per_28: int
    informal_levels: int
    name: str
    came_from: dict[str, Any]
    seen_by: list[Seen]


class Assessment(TypedDict, total=False):
    is_agreed: bool
    version: int | None
    agreed_at: str | None
    is_chc_checklist_suggested: bool
    contributions: list[Contribution]
    domains: list[JoinedDomain]


class Position(TypedDict, total=False):
    domain: str
    party: str
    position: str
    said_by_role: str
    said_at: str


class Dispute(TypedDict, total=False):
    dispute_id: str
    domain: str
    party: str
    reasons: str
    state: str
    opened_at: str
    settled_at: str | None
    settled_by_role: str | None
    settled_because: str | None
    shares: dict[str, Any] | None


class Disputes(TypedDict, total=False):
    positions: list[Position]
    disputes: list[Dispute]


class BlockedReduction(TypedDict, total=False):
    domains: list[str]
    standing_pence: int
    asked_pence: int
    same_levels_pence: int | None
    blocked_at: str


class Statement(TypedDict, total=False):
    statement_id: str
    domains: list[str]
    explains_pence: int | None
    what_support_prevents: str
    what_if_it_ended: str
    why_less_is_right: str
    written_by_role: str
    recorded_at: str
    shown_on: str | None
    person_words: str | None


class PreventiveEffects(TypedDict, total=False):
    blocked: list[BlockedReduction]
    statements: list[Statement]


class Line(TypedDict, total=False):
    domain: str | None
    words: str
    inputs: dict[str, Any]
    formula: str
    amount_pence: int
    payer: str | None
    split_rule: str | None


class IndicativeBudget(TypedDict, total=False):
    version: int
    budget_kind: str
    rule_set: str
    total_pence: int
    nhs_pence: int
    council_pence: int
    reserve_pence: int
    gross_pence: int
    lines: list[Line]
    what_would_change: list[str]
    calculation_sha256: str
    calculated_at: str
    told_at: str | None
    told_by_channel: str | None
    undeliverable_at: str | None
    undeliverable_because: str | None


class Talk(TypedDict, total=False):
    version: int
    told_by_role: str
    told_on: str
    how_understood: str
    interpreter: str | None


class Decline(TypedDict, total=False):
    informed_by_role: str
    informed_on: str
    declined_at: str


class Goal(TypedDict, total=False):
    goal_id: str
    words: str


class Item(TypedDict, total=False):
    item_id: str
    goal_ids: list[str]
    part_id: str
    category: str
    description: str
    unit_cost_pence: int
    occurrences: int
    frequency: str
    rail: str
    payee: str
    merchant_category_code: str | None
    payer: str
    instead_of: str | None
    rationale: str


class Interview(TypedDict, total=False):
    interview_id: str
    broker_id: str
    held_on: str
    mode: str
    place: str
    attendees: list[str]
    person_words: str


class Control(TypedDict, total=False):
    part_id: str
    name: str
    control_level: int
    mode: str
    since_version: int
    since: str


class Signature(TypedDict, total=False):
    role: str
    signatory_id: str
    content_sha256: str
    capacity_basis: str | None
    is_comfortable: bool | None
    worry: str | None
    signed_at: str


class VoidedSignature(TypedDict, total=False):
    role: str
    signatory_id: str
    content_sha256: str
    capacity_basis: str | None
    is_comfortable: bool | None
    worry: str | None
    signed_at: str
    version: int
    voided_at: str


class ItemDecided(TypedDict, total=False):
    item_id: str
    outcome: str
    reasons: str | None


class PlanDecision(TypedDict, total=False):
    decision_id: str
    version: int
    step: int
    rung: str
    asked_at: str
    due_on: str
    worry: str | None
    skip_because: str | None
    outcome: str | None
    decider_id: str | None
    co_signatory_id: str | None
    attendees: list[dict[str, Any]]
    was_person_present: bool | None
    reasons: str | None
    items: list[ItemDecided]
    evidence: list[str] | None
    alternatives: str | None
    appeal_route: str | None
    backing: str | None
    decided_at: str | None
    withdrawn_at: str | None
    total_pence: int | None
    indicative_pence: int | None


class Plan(TypedDict, total=False):
    plan_id: str
    state: str
    version: int
    approved_version: int | None
    budget_id: str | None
    content_sha256: str
    total_pence: int
    goals: list[Goal]
    items: list[Item]
    parts: list[dict[str, Any]]
    preferences: dict[str, Any]
    six_features: list[dict[str, Any]]
    risks: list[dict[str, Any]]
    risk_of_doing_nothing: str
    wanted_but_unavailable: list[dict[str, Any]]
    crisis_plan: dict[str, Any] | None
    crisis_plan_declined_because: str | None
    interviews: list[Interview]
    control_levels: list[Control]
    drafted_at: str
    submitted_at: str | None
    signatures: list[Signature]
    voided_signatures: list[VoidedSignature]
    decision: PlanDecision | None
    decision_trail: list[PlanDecision]


class Appeal(TypedDict, total=False):
    appeal_id: str
    decision_id: str | None
    refusal_id: str | None
    amount_version: int | None
    state: str
    lodged_by_role: str
    grounds: str
    supporter: dict[str, Any] | None
    lodged_at: str
    due_on: str
    decider_id: str | None
    decider_role: str | None
    reasons: str | None
    evidence: list[str] | None
    next_route: str | None
    is_reopened: bool | None
    decided_at: str | None


class Review(TypedDict, total=False):
    review_id: str
    kind: str
    asked_by: str | None
    trigger: str
    requested_at: str
    opens_on: str
    due_on: str
    clocks: list[str]
    rule_due_on: str | None
    moved_because: str | None
    closed_at: str | None
    meeting_id: str | None


class GoalOutcome(TypedDict, total=False):
    goal: str
    words: str
    self_rating: int | None
    may_quote: bool


class Meeting(TypedDict, total=False):
    meeting_id: str
    held_on: str
    attendee_roles: list[str]
    person_present: bool
    absent_because: str | None
    conclusions: str
    goals: list[GoalOutcome]


class Prolongation(TypedDict, total=False):
    prolonged_by: str
    hand_back_on: str
    reason: str
    prolonged_at: str


class CrisisOnCase(TypedDict, total=False):
    crisis_id: str
    activated_at: str
    substitute_manager: str | None
    cap_pence: int
    hand_back_on: str
    stood_down_at: str | None
    activated_by: str
    happened: str
    prolonged: list[Prolongation]
    stood_down_by: str | None


class LifeEvent(TypedDict, total=False):
    event_id: str
    kind: str
    happened_on: str
    source: str
    whereabouts: str
    recorded_at: str
    estate: dict[str, Any] | None
    expected_discharge_on: str | None
    to_area: str
    reason: str


class Case(TypedDict, total=False):
    person: Person
    consents: list[Consent]
    representatives: list[Representative]
    referral: Referral
    discussions: list[Discussion]
    refusals: list[RefusalOfReferral]
    identity_questions: list[IdentityOnCase]
    worker_changes: list[WorkerChange]
    offers: list[OfferMade]
    bookings: list[Booking]
    assessment: Assessment
    disputes: Disputes
    preventive_effects: PreventiveEffects
    indicative_budget: IndicativeBudget | None
    told_in_person: list[Talk]
    declines: list[Decline]
    plan: Plan | None
    appeals: list[Appeal]
    reviews: list[Review]
    review_meetings: list[Meeting]
    crises: list[CrisisOnCase]
    life_events: list[LifeEvent]


class Deadline(TypedDict, total=False):
    stage: str
    role: str
    since: str
    due_on: str
    is_late: bool


class Found(TypedDict, total=False):
    person_id: str | None


class PersonState(TypedDict, total=False):
    person_id: str
    version: int


class Appointment(TypedDict, total=False):
    appointment_id: str


class Represented(TypedDict, total=False):
    person_id: str
    given_name: str
    family_name: str
    kind: str
    scopes: list[str]
    ends_on: str | None


class EndedAppointment(TypedDict, total=False):
    ended_on: str
    appointment_id: str


class ConsentState(TypedDict, total=False):
    consent_id: str


class Withdrawal(TypedDict, total=False):
    withdrawn_on: str
    withdrawal_id: str


class PersonForm(TypedDict):
    nhs_number: NotRequired[str | None]
    council_client_id: NotRequired[str | None]
    given_name: str
    family_name: str
    birth_date: Day
    address_lines: Sequence[str]
    ethnic_category: str
    language: str
    interpreter_required: bool
    accessible_format: NotRequired[str | None]
    mobile: NotRequired[str | None]
    email: NotRequired[str | None]
    preferred_channel: Literal["sms", "email", "letter"]
    safe_to_text: bool


class ReferralState(TypedDict, total=False):
    referral_id: str
    person_id: str
    answer_due_on: str


class DiscussionState(TypedDict, total=False):
    discussion_id: str


class RefusedReferral(TypedDict, total=False):
    outcome: str
    referral_id: str
    refusal_id: str


class TeamState(TypedDict, total=False):
    person_id: str
    version: int


class OfferState(TypedDict, total=False):
    offer_id: str


class WorkerChangeState(TypedDict, total=False):
    request_id: str


class WorkerForm(TypedDict):
    staff_id: Id
    name: str
    organisation: str
    employer: str
    email: NotRequired[str | None]


class AnsweredChange(TypedDict, total=False):
    request_id: str
    is_agreed: bool


class Opened(TypedDict, total=False):
    access_id: str
    person_id: str
    referral_ids: list[str]
    ends_at: str
    answer_due_at: str


class EmergencyAccess(TypedDict, total=False):
    access_id: str
    person_id: str
    opened_by: str
    opened_by_role: str
    organisation: str
    reason: str
    words: str
    opened_at: str
    ends_at: str
    answer_due_at: str


class Answered(TypedDict, total=False):
    access_id: str
    answer: str
    ends_at: str


class ReviewedAccess(TypedDict, total=False):
    access_id: str
    person_id: str
    opened_by: str
    opened_by_role: str
    organisation: str
    reason: str
    words: str
    opened_at: str
    ends_at: str
    answer_due_at: str
    second_id: str
    answer: str | None
    answer_words: str | None
    answered_at: str | None
    is_answer_late: bool
    reviewed_by: str | None
    finding: str | None
    review_words: str | None
    reviewed_at: str | None


class Reviewed(TypedDict, total=False):
    access_id: str
    finding: str


class IdentityQuestion(TypedDict, total=False):
    question_id: str
    suspicion: str
    asked_at: str
    people: list[Person]
    answer: str | None
    kept_person_id: str | None
    answered_by: str | None
    reasons: str | None
    answered_at: str | None


class Merged(TypedDict, total=False):
    question_id: str
    person_id: str


class KeptApart(TypedDict, total=False):
    question_id: str


class ComingForm(TypedDict):
    name: str
    role: str


class BookingState(TypedDict, total=False):
    booking_id: str
    version: int


class Questionnaire(TypedDict, total=False):
    name: str
    active_from: str
    domains: dict[str, Any]
    levels: list[str]
    reliably: list[str]
    whole_life: list[str]


class LevelsForm(TypedDict):
    typical: int
    worst: int


class ReliablyForm(TypedDict):
    safely: bool
    repeatedly: bool
    in_reasonable_time: bool
    without_distress: bool


class PresentSupportForm(TypedDict):
    source: Literal["informal", "paid", "service"]
    hours_a_week: int
    is_willing_to_continue: NotRequired[bool | None]
    levels_met: int


class DomainForm(TypedDict):
    domain: str
    without_present_support: LevelsForm
    with_present_support: LevelsForm
    worst_days_per_28: int
    look_back_months: int
    onset_speed: NotRequired[Literal["hours", "days", "weeks"] | None]
    hidden: bool
    unseen_by_others: NotRequired[str | None]
    reliably: NotRequired[ReliablyForm | None]
    present_support: Sequence[PresentSupportForm]
    person_words: str
    worker_words: NotRequired[str | None]
    strengths: NotRequired[str | None]
    wants: NotRequired[str | None]
    evidence: Sequence[str]


class ContributionState(TypedDict, total=False):
    contribution_id: str
    referral_id: str
    is_agreed: bool
    is_waiting_for_referral: bool


class PositionState(TypedDict, total=False):
    domain: str
    referral_id: str


class DisputeState(TypedDict, total=False):
    state: str
    dispute_id: str


class SharesForm(TypedDict):
    nhs: int
    council: int


class StatementState(TypedDict, total=False):
    statement_id: str
    referral_id: str
    is_shown: bool


class Section75(TypedDict, total=False):
    domain: str | None
    cohort: str | None
    shares: dict[str, Any]


class Band(TypedDict, total=False):
    up_to_28ths: int | None
    words: str
    amount_pence: int


class RuleSet(TypedDict, total=False):
    name: str
    active_from: str
    published_at: str | None
    rates_pence: dict[str, Any]
    payers: dict[str, Any]
    weights: dict[str, Any]
    joint_shares: dict[str, Any]
    section_117_shares: dict[str, Any]
    section_75: list[Section75]
    reserve_basis_points: int
    contribution_weeks: int
    floor_pence: int | None
    ceiling_pence: int | None
    bands: list[Band]


class Section75Form(TypedDict):
    domain: NotRequired[str | None]
    cohort: NotRequired[str | None]
    shares: Mapping[str, Any]


class BandForm(TypedDict):
    up_to_28ths: NotRequired[int | None]
    words: str
    amount_pence: int


class ContentForm(TypedDict):
    rates_pence: Mapping[str, Any]
    payers: Mapping[str, Any]
    weights: Mapping[str, Any]
    joint_shares: Mapping[str, Any]
    section_117_shares: Mapping[str, Any]
    section_75: Sequence[Section75Form]
    reserve_basis_points: int
    contribution_weeks: int
    floor_pence: NotRequired[int | None]
    ceiling_pence: NotRequired[int | None]
    bands: Sequence[BandForm]


class RuleSetState(TypedDict, total=False):
    name: str
    is_published: bool


class Nothing(TypedDict, total=False):
    pass


class Blocked(TypedDict, total=False):
    code: str
    domains: list[str]
    same_levels_pence: int | None
    next_step: str


class OfferedBudget(TypedDict, total=False):
    referral_id: str
    version: int
    rule_set: str
    total_pence: int
    nhs_pence: int
    council_pence: int
    reserve_pence: int
    lines: list[Line]
    what_would_change: list[str]
    calculation_sha256: str
    blocked: Blocked | None


class WorkedOutAgain(TypedDict, total=False):
    rule_set: str
    inputs: dict[str, Any]
    calculation_sha256: str
    is_same: bool


class AmountTold(TypedDict, total=False):
    version: int
    calculated_at: str
    is_told: bool
    told_at: str | None
    told_by_channel: str | None
    undeliverable_at: str | None


class Told(TypedDict, total=False):
    referral_id: str
    version: int
    is_told: bool


class Declined(TypedDict, total=False):
    referral_id: str


class InterviewState(TypedDict, total=False):
    interview_id: str


class GoalForm(TypedDict):
    goal_id: Id
    words: str


class PartForm(TypedDict):
    part_id: Id
    name: str
    control_level: int
    mode: Literal["notional", "third_party", "direct"]


class ItemForm(TypedDict):
    item_id: Id
    goal_ids: Sequence[Id]
    part_id: Id
    category: str
    description: str
    unit_cost_pence: int
    occurrences: int
    frequency: str
    rail: Literal["card", "bacs", "invoice"]
    payee: str
    merchant_category_code: NotRequired[str | None]
    payer: Literal["joint", "nhs", "council"]
    instead_of: NotRequired[str | None]
    rationale: str


class PreferencesForm(TypedDict):
    culture: NotRequired[str | None]
    faith: NotRequired[str | None]
    language: NotRequired[str | None]
    diet: NotRequired[str | None]
    worker: NotRequired[str | None]


class FeatureCheckForm(TypedDict):
    feature: Literal[
        "central_in_planning",
        "agreed_outcomes",
        "known_amount",
        "enough_money",
        "choice_of_mode",
        "flexible_use",
    ]
    is_met: bool
    evidence: str


class RiskForm(TypedDict):
    risk: str
    benefit: str
    what_helps: str
    agreed_by: Sequence[str]


class UnavailableForm(TypedDict):
    wanted: str
    because: str
    goal_id: NotRequired[Id | None]


class CrisisPlanForm(TypedDict):
    early_signs: str
    helps: str
    hinders: NotRequired[str | None]
    contact: str
    advance_wishes: NotRequired[str | None]
    substitute_manager: NotRequired[str | None]
    substitute_may: NotRequired[str | None]
    cap_pence: int


class Drafted(TypedDict, total=False):
    plan_id: str
    version: int
    content_sha256: str
    total_pence: int
    voided_signatures: list[str]


class Submitted(TypedDict, total=False):
    plan_id: str
    version: int
    content_sha256: str


class Change(TypedDict, total=False):
    field: str
    before: Any
    after: Any
    words: str


Difference = TypedDict(
    "Difference", {"plan_id": str, "from": int, "to": int, "changes": list[Change]}, total=False
)


class Signed(TypedDict, total=False):
    plan_id: str
    signed_by: list[str]
    missing: list[str]
    decision_rung: str | None
    decision_due_on: str | None


class ItemDecisionForm(TypedDict):
    item_id: Id
    outcome: Literal["approve", "return", "refuse"]
    reasons: NotRequired[str | None]


class AttendeeForm(TypedDict):
    attendee_id: Id
    capacity: Literal["practitioner", "lived_experience", "guest"]


class Decided(TypedDict, total=False):
    plan_id: str
    decision_id: str
    outcome: str
    budget_id: str | None
    approved_at: str | None
    next_rung: str | None
    due_on: str | None


class AmountForm(TypedDict):
    referral_id: Id
    version: int


class SupporterForm(TypedDict):
    kind: Literal["advocate", "peer_supporter", "representative", "family_or_friend", "other"]
    name: str


class Lodged(TypedDict, total=False):
    appeal_id: str
    due_on: str


class DecidedAppeal(TypedDict, total=False):
    appeal_id: str
    is_reopened: bool


class ReportingLine(TypedDict, total=False):
    staff_id: str


class ComplaintState(TypedDict, total=False):
    complaint_id: str
    due_on: str


class Complaint(TypedDict, total=False):
    complaint_id: str
    person_id: str
    state: str
    made_by_role: str
    words: str
    wants: str | None
    may_team_read: bool
    made_at: str
    due_on: str
    handler_id: str | None
    answer: str | None
    next_route: str | None
    answered_at: str | None


class AnsweredComplaint(TypedDict, total=False):
    complaint_id: str


class ReviewState(TypedDict, total=False):
    review_id: str
    opens_on: str
    due_on: str


class GoalOutcomeForm(TypedDict):
    goal: str
    words: str
    self_rating: NotRequired[int | None]
    may_quote: bool


class MeetingState(TypedDict, total=False):
    meeting_id: str
    next_due_on: str | None


class Crisis(TypedDict, total=False):
    crisis_id: str
    activated_at: str
    substitute_manager: str | None
    cap_pence: int
    hand_back_on: str
    stood_down_at: str | None


class EstateForm(TypedDict):
    name: str
    contact: str


class LifeEventState(TypedDict, total=False):
    event_id: str
    person_id: str
    whereabouts: str
    referral_ids: list[str]


class Share(TypedDict, total=False):
    funder_id: str
    funder_kind: str
    numerator: int
    agreed_pence: int


class Agreement(TypedDict, total=False):
    agreement_id: str
    purpose: str
    version: int
    state: str
    starts_on: str
    ends_on: str | None
    denominator: int
    shares: list[Share]


class Terms(TypedDict, total=False):
    starts_on: str
    ends_on: str
    cost_centre: str
    source: str


class FundersContribution(TypedDict, total=False):
    funder_id: str
    funder_kind: str
    amount_pence: int
    due_on: str
    committed_at: str | None
    terms: Terms | None
    received_pence: int
    received_at: str | None


class Funder(TypedDict, total=False):
    funder_id: str
    funder_kind: str
    name: str
    agreed_pence: int
    held_pence: int
    left_pence: int


class PaidBy(TypedDict, total=False):
    funder_id: str
    funder_kind: str
    held_pence: int
    spent_pence: int


class BudgetItem(TypedDict, total=False):
    item_id: str
    description: str
    payer: str
    agreed_pence: int
    paid_by: list[PaidBy]


class BudgetStatement(TypedDict, total=False):
    budget_id: str
    state: str
    legal_basis: str | None
    total_pence: int
    agreements: list[Agreement]
    contributions: list[FundersContribution]
    funders: list[Funder]
    items: list[BudgetItem]


class Forecast(TypedDict, total=False):
    budget_id: str
    on: str
    outlook: str
    expected_pence: int
    total_pence: int
    spent_pence: int
    held_pence: int
    weekly_pence: int
    pace_weeks: int
    weeks_left: int
    gap_pence: int
    assumptions: list[str]


class FunderBalance(TypedDict, total=False):
    funder_id: str
    funder_kind: str
    opening_pence: int
    in_pence: int
    out_pence: int
    posted_pence: int
    held_now_pence: int | None


class Balance(TypedDict, total=False):
    budget_id: str
    as_of: str
    known_at: str | None
    funders: list[FunderBalance]


class FunderSurplus(TypedDict, total=False):
    funder_id: str
    funder_kind: str
    available_pence: int
    unallocated_pence: int
    held_pence: int
    overspent_pence: int
    committed_pence: int
    contingency_pence: int
    allowance_pence: int
    surplus_pence: int
    to_funder_pence: int
    to_person_pence: int
    charge_lowered_pence: int
    not_come_in_pence: int


class Surplus(TypedDict, total=False):
    budget_id: str
    has_ended: bool
    total_pence: int
    funders: list[FunderSurplus]


class FunderAtEnd(TypedDict, total=False):
    funder_id: str
    paid_in_pence: int
    promised_pence: int
    spent_pence: int
    held_pence: int
    left_pence: int
    overspent_pence: int
    due_to_pence: int
    due_from_pence: int
    person_owes_pence: int


class Ended(TypedDict, total=False):
    budget_id: str
    ends_on: str
    reason: str
    funders: list[FunderAtEnd]


class ClosingStatement(TypedDict, total=False):
    budget_id: str
    ends_on: str | None
    reason: str | None
    is_death_taken_back: bool
    funders: list[FunderAtEnd]


class FinancialAssessment(TypedDict, total=False):
    budget_id: str


class ShareForm(TypedDict):
    funder_id: Id
    numerator: int
    legal_basis: NotRequired[str]
    priority: NotRequired[int]
    cap_pence: NotRequired[int]


class FunderSignatureForm(TypedDict):
    funder_id: Id
    role: str
    signed_on: Day


class CalledFor(TypedDict, total=False):
    contribution_id: str
    funder_id: str
    funder_kind: str
    amount_pence: int
    due_on: str


class Called(TypedDict, total=False):
    agreement_id: str
    budget_id: str
    called: list[CalledFor]
    missing_purposes: list[str]


class Reapportioned(TypedDict, total=False):
    agreement_id: str
    purchases: int
    is_all: bool


class TermsForm(TypedDict):
    starts_on: Day
    ends_on: Day
    cost_centre: str
    source: Literal["new", "released_block", "pooled_s75"]


class BudgetActive(TypedDict, total=False):
    budget_id: str
    contribution_id: str
    is_active: bool


class ReleaseTermsForm(TypedDict):
    starts_on: Day
    ends_on: Day
    cost_centre: str


class Unallocated(TypedDict, total=False):
    funder_id: str
    unallocated_pence: int


class AllocationRun(TypedDict, total=False):
    period_starts_on: str
    allocated_pence: int
    taken_back_pence: int
    short_pence: int
    run_at: str


class Allocation(TypedDict, total=False):
    allocation_id: str
    funder_id: str
    recurrence: str
    amount_pence: int
    starts_on: str
    ends_on: str | None
    ended_because: str | None
    leftover: str
    keep_weeks: int | None
    set_aside_pence: int
    runs: list[AllocationRun]


class Allocations(TypedDict, total=False):
    budget_id: str
    funders: list[Unallocated]
    allocations: list[Allocation]


class Scheduled(TypedDict, total=False):
    allocation_id: str
    set_aside_pence: int


class AllocationEnd(TypedDict, total=False):
    allocation_id: str
    ends_on: str


class ReservePart(TypedDict, total=False):
    funder_id: str
    promised_pence: int
    stands_pence: int


class CalledPart(TypedDict, total=False):
    funder_id: str
    contribution_id: str
    activated_pence: int
    used_pence: int


class CrisisOfReserve(TypedDict, total=False):
    crisis_id: str
    activated_at: str
    stood_down_at: str | None
    cap_pence: int
    usable_pence: int
    used_pence: int
    parts: list[CalledPart]


class CrisisReserve(TypedDict, total=False):
    reserve_id: str
    budget_id: str
    promised_pence: int
    stands_pence: int
    activated_pence: int
    used_pence: int
    parts: list[ReservePart]
    crises: list[CrisisOfReserve]


class ReservePartForm(TypedDict):
    funder_id: Id
    amount_pence: int


class ReservePromised(TypedDict, total=False):
    reserve_id: str
    budget_id: str
    promised_pence: int


class RouteChange(TypedDict, total=False):
    starts_on: str
    route: str
    payee: str | None
    reason: str
    actor: str
    recorded_at: str


class ItemRoute(TypedDict, total=False):
    item_id: str
    is_in_plan: bool
    route: str
    payee: str | None
    history: list[RouteChange]
    unevidenced_pence: int
    unevidenced_since: str | None
    is_return_overdue: bool


class WhereMoneyIs(TypedDict, total=False):
    funder_id: str
    with_broker_pence: int
    with_person_pence: int
    evidenced_pence: int
    delivered_pence: int
    paid_out_pence: int
    to_be_returned_pence: int
    top_up_due_pence: int


class LastReport(TypedDict, total=False):
    report_id: str
    reported_on: str
    outcome: str
    is_open: bool
    owner: str | None
    due_on: str | None
    difference_pence: int


class MoneyRoutes(TypedDict, total=False):
    budget_id: str
    items: list[ItemRoute]
    funders: list[WhereMoneyIs]
    broker_report: LastReport | None


class Route(TypedDict, total=False):
    item_id: str
    number: int
    route: str


class Schedule(TypedDict, total=False):
    schedule_id: str


class Return(TypedDict, total=False):
    return_id: str
    with_person_pence: int


class PaymentReturned(TypedDict, total=False):
    payment_id: str
    posted_pence: int


class Delivery(TypedDict, total=False):
    delivery_id: str


class PortionForm(TypedDict):
    funder_id: Id
    amount_pence: int


class BrokerTransfer(TypedDict, total=False):
    top_up_id: str
    amount_pence: int
    held_pence: int


class HeldBalanceForm(TypedDict):
    funder_id: Id
    held_pence: int


class ReportLine(TypedDict, total=False):
    funder_id: str
    reported_pence: int
    ledger_pence: int
    difference_pence: int


class BrokerReport(TypedDict, total=False):
    report_id: str
    outcome: str
    owner: str | None
    due_on: str | None
    lines: list[ReportLine]


class RepaymentLine(TypedDict, total=False):
    funder_id: str
    to_funder_pence: int
    to_person_pence: int
    charge_lowered_pence: int


class RepaymentStep(TypedDict, total=False):
    state: str
    taken_at: str
    actor: str
    asked_by: str | None
    reason: str
    amount_pence: int


class Repayment(TypedDict, total=False):
    repayment_id: str
    budget_id: str
    ground: str
    addressee: str
    state: str
    notice_ends_on: str | None
    payable_on: str | None
    amount_pence: int
    lines: list[RepaymentLine]
    paid_by: str | None
    manner: str | None
    steps: list[RepaymentStep]


class RepaymentState(TypedDict, total=False):
    repayment_id: str
    budget_id: str
    ground: str
    addressee: str
    state: str
    notice_ends_on: str | None
    payable_on: str | None
    amount_pence: int
    lines: list[RepaymentLine]


class FunderId(TypedDict, total=False):
    funder_id: str


class FunderContact(TypedDict, total=False):
    funder_id: str
    version: int


class PoolId(TypedDict, total=False):
    pool_id: str


class Reversed(TypedDict, total=False):
    journal_id: str
    contribution_id: str
    amount_pence: int
    missing_pence: int


class Corrected(TypedDict, total=False):
    journal_id: str
    reversed_on: str
    effective_on: str


class FunderRuleForm(TypedDict):
    funder_id: Id
    leftover: Literal["carry", "lapse", "share"]
    numerator: NotRequired[int]


class YearEnd(TypedDict, total=False):
    budgets: int
    carried_pence: int
    lapsed_pence: int
    is_all: bool


class Invoice(TypedDict, total=False):
    invoice_id: str
    debtor_id: str
    creditor_id: str
    owed_pence: int
    owed_back_pence: int
    net_pence: int
    state: str
    bank_reference: str | None
    settled_at: str | None
    days_open: int | None
    days_overdue: int | None


class Run(TypedDict, total=False):
    run_id: str
    month: str
    due_on: str
    invoices: list[Invoice]


class Recharges(TypedDict, total=False):
    pool_id: str
    open_pence: int
    runs: list[Run]


class NewInvoice(TypedDict, total=False):
    invoice_id: str
    debtor_id: str
    creditor_id: str
    owed_pence: int
    owed_back_pence: int
    net_pence: int


class RechargeRun(TypedDict, total=False):
    run_id: str
    month: str
    due_on: str
    lines: int
    invoices: list[NewInvoice]


class RechargeLine(TypedDict, total=False):
    budget_id: str
    debtor_id: str
    creditor_id: str
    amount_pence: int
    is_settled: bool


class RechargeLines(TypedDict, total=False):
    invoice_id: str
    lines: list[RechargeLine]
    next_after_budget_id: str | None


class Settled(TypedDict, total=False):
    invoice_id: str
    net_pence: int
    budgets: int
    promises_kept_pence: int
    is_all: bool


class RiskPartForm(TypedDict):
    funder_id: Id
    basis_points: int
    most_pence: NotRequired[int]


class RiskSignatureForm(TypedDict):
    funder_id: Id
    role: str
    signed_on: Day


class RiskRule(TypedDict, total=False):
    rule_id: str
    version: int


class Due(TypedDict, total=False):
    shared: str
    payer_id: str
    receiver_id: str
    amount_pence: int


class RiskOutlook(TypedDict, total=False):
    financial_year: int
    rule_id: str
    budgets: int
    dues: list[Due]


class RiskShare(TypedDict, total=False):
    run_id: str
    financial_year: int
    rule_id: str
    budgets: int
    dues: list[Due]


class PeriodState(TypedDict, total=False):
    period_id: str
    state: str


class PeriodSigned(TypedDict, total=False):
    period_id: str
    state: str
    version: int
    missing_signatures: list[str]


class PeriodClosed(TypedDict, total=False):
    period_id: str
    state: str
    version: int
    last_seq: int
    hash: str


class PeriodVersion(TypedDict, total=False):
    period_id: str
    state: str
    version: int


class PeriodSignature(TypedDict, total=False):
    funder_id: str
    role: str
    signed_at: str


class AccountInPeriod(TypedDict, total=False):
    funder_id: str
    account: str
    opening_pence: int
    debits_pence: int
    credits_pence: int
    closing_pence: int
    held_pence: int


class Posting(TypedDict, total=False):
    funder_id: str
    debit: str
    credit: str
    amount_pence: int


class Journal(TypedDict, total=False):
    seq: int
    journal_id: str
    kind: str
    source_id: str
    effective_on: str
    occurred_on: str
    recorded_at: str
    actor: str
    reason: str | None
    metadata: dict[str, Any] | None
    postings: list[Posting]


class BudgetInPeriod(TypedDict, total=False):
    budget_id: str
    accounts: list[AccountInPeriod]
    journals: list[Journal]


class Period(TypedDict, total=False):
    period_id: str
    pool_id: str
    starts_on: str
    ends_on: str
    version: int
    last_seq: int
    hash: str
    closed_by: str
    closed_at: str
    signatures: list[PeriodSignature]
    funders: list[AccountInPeriod]
    budget: BudgetInPeriod


class Total(TypedDict, total=False):
    lines: int
    amount_pence: int


class Side(TypedDict, total=False):
    all: Total
    matched: Total
    unmatched: Total
    in_suspense: Total
    awaited: Total


class Sides(TypedDict, total=False):
    outside: Side
    ledger: Side


class Source(TypedDict, total=False):
    source: str
    lines: int
    amount_pence: int
    unmatched_lines: int
    unmatched_pence: int
    newest_on: str | None


class Matches(TypedDict, total=False):
    by_rule: dict[str, Any]
    undone: int


class SuspenseOfOwner(TypedDict, total=False):
    owner: str
    age: str
    lines: int
    in_pence: int
    out_pence: int
    overdue: int


class SuspenseItem(TypedDict, total=False):
    suspense_id: str
    why: str
    owner: str
    due_on: str
    age_days: int
    amount_pence: int
    moved_on: str
    line: dict[str, Any]


class Suspense(TypedDict, total=False):
    by_owner: list[SuspenseOfOwner]
    first_due: list[SuspenseItem]


class Reconciliation(TypedDict, total=False):
    on: str
    sides: Sides
    difference_pence: int
    sources: list[Source]
    matches: Matches
    suspense: Suspense


class BankLineForm(TypedDict):
    external_id: str
    amount_pence: int
    booked_on: Day
    reference: str


class Imported(TypedDict, total=False):
    file_id: str
    added: int
    known: int


class FoundMatch(TypedDict, total=False):
    match_id: str
    rule: str
    amount_pence: int
    lines: list[dict[str, Any]]


class Unmatched(TypedDict, total=False):
    why: str
    lines: list[dict[str, Any]]
    candidates: list[dict[str, Any]]


class LinesMatched(TypedDict, total=False):
    matched: dict[str, Any]
    matches: list[FoundMatch]
    not_matched: dict[str, Any]
    unmatched: list[Unmatched]
    suspense_opened: int


class OutsideLineForm(TypedDict):
    source: str
    external_id: str


class LedgerLineForm(TypedDict):
    journal_id: Id
    line: int


class Match(TypedDict, total=False):
    match_id: str
    amount_pence: int


class Undone(TypedDict, total=False):
    match_id: str
    lines_freed: int


class Assigned(TypedDict, total=False):
    suspense_id: str
    owner: str
    due_on: str


class PurchaseState(TypedDict, total=False):
    purchase_id: str
    state: str


class Refusal(TypedDict, total=False):
    code: str
    reason: str
    next_step: str


class WaitsFor(TypedDict, total=False):
    code: str
    reason: str
    next_step: str
    details: dict[str, Any]


class Decision(TypedDict, total=False):
    event_id: str
    is_approved: bool
    amount_pence: int
    approved_pence: int
    policy_version: str | None
    code: str | None
    reason: str | None
    next_step: str | None
    decided_at: str


class Receipt(TypedDict, total=False):
    receipt_id: str
    sha256: str
    amount_pence: int
    attached_at: str


class Purchase(TypedDict, total=False):
    purchase_id: str
    item_id: str
    state: str
    rail: str
    amount_pence: int
    counted_pence: int
    held_pence: int
    posted_pence: int
    issuer_card_id: str | None
    description: str
    payee: str
    refusal: Refusal | None
    waits_for: WaitsFor | None
    decisions: list[Decision]
    receipts: list[Receipt]


class WagesState(TypedDict, total=False):
    purchase_id: str
    state: str
    amount_pence: int


class PurchaseHistory(TypedDict, total=False):
    format: str
    person_id: str
    sections: dict[str, Any]
    next: str | None


class SecondRail(TypedDict, total=False):
    purchase_id: str
    rail: str
    change: str


class CardChange(TypedDict, total=False):
    state: str
    changed_by: str | None
    because: str | None
    changed_at: str


class Card(TypedDict, total=False):
    card_id: str
    issuer_card_id: str
    state: str
    issued_at: str
    series_id: str | None
    replaced_by: str | None
    changes: list[CardChange]


class CardState(TypedDict, total=False):
    card_id: str
    state: str


class Occurrence(TypedDict, total=False):
    due_on: str
    purchase_id: str | None
    refusal_code: str | None


class Series(TypedDict, total=False):
    series_id: str
    item_id: str
    kind: str
    holder_id: str | None
    state: str
    amount_pence: int
    every: str
    period: str
    period_cap_pence: int
    starts_on: str
    ends_on: str
    next_due_on: str | None
    requested_by: str
    approved_by: str | None
    ended_by: str | None
    ended_because: str | None
    ended_at: str | None
    occurrences: list[Occurrence]


class SeriesState(TypedDict, total=False):
    series_id: str
    state: str


class ObservedTransaction(TypedDict, total=False):
    transaction_id: str
    is_refund: bool
    amount_pence: int
    heard_at: str


class ObservedCard(TypedDict, total=False):
    card_id: str
    issuer_card_id: str
    item_id: str
    registered_by: str
    registered_at: str
    paid_out_pence: int
    taken_pence: int
    returned_pence: int
    transactions: list[ObservedTransaction]


class ObservedCardId(TypedDict, total=False):
    card_id: str


class ReceiptLineForm(TypedDict):
    description: str
    quantity: NotRequired[int]
    total_pence: int


class Upload(TypedDict, total=False):
    receipt_id: str
    address: str
    expires_at: str
    largest_bytes: int
    media_types: list[str]


class ReceiptState(TypedDict, total=False):
    purchase_id: str
    state: str


class Download(TypedDict, total=False):
    receipt_id: str
    address: str
    expires_at: str
    media_type: str
    size_bytes: int


class LinkedItem(TypedDict, total=False):
    item_id: str
    linked_by: str
    confirmed_by: str | None


class Payee(TypedDict, total=False):
    payee_id: str
    name: str
    relationship: str
    is_same_household: bool
    account: str
    details_version: int
    details_by: str
    is_confirmed: bool
    confirmed_by: str | None
    items: list[LinkedItem]


class PayeeState(TypedDict, total=False):
    payee_id: str
    details_version: int
    is_confirmed: bool


class PayeeAgreement(TypedDict, total=False):
    agreement_id: str


class PayeeLink(TypedDict, total=False):
    item_id: str
    is_link_confirmed: bool
    payee_id: str
    details_version: int
    is_confirmed: bool


class Exception(TypedDict, total=False):
    exception_id: str
    kind: str
    about: str
    purchase_id: str | None
    amount_pence: int
    role: str
    raised_at: str
    due_at: str
    can_end: list[str]
    resolution: str | None
    resolved_by: str | None
    resolved_at: str | None
    reason: str | None


class Resolution(TypedDict, total=False):
    exception_id: str
    resolution: str
    next_step: str


class CardDispute(TypedDict, total=False):
    dispute_id: str
    presentment_id: str
    state: str
    reason: str
    words: str
    evidence: list[str]
    amount_pence: int
    reinstated_pence: int
    submit_by: str
    loss_reason: str | None


class CardDisputeState(TypedDict, total=False):
    dispute_id: str
    state: str
    amount_pence: int
    submit_by: str


class Suggestion(TypedDict, total=False):
    purchase_id: str
    because: list[str]


class WaitingRefund(TypedDict, total=False):
    exception_id: str
    presentment_id: str
    purchase_id: str | None
    amount_pence: int
    waiting_pence: int
    heard_at: str
    due_at: str
    suggestions: list[Suggestion]


class MoneyMatched(TypedDict, total=False):
    presentment_id: str
    purchase_id: str
    posted_pence: int
    unmatched_pence: int


class SettlementFile(TypedDict, total=False):
    sha256: str
    rows: int
    imported_at: str
    imported_by: str


class SettlementDifference(TypedDict, total=False):
    line: int
    transaction_id: str
    outcome: str
    amount_pence: int
    purchase_id: str | None


class Settlement(TypedDict, total=False):
    day: str
    file: SettlementFile | None
    outcomes: dict[str, Any]
    amount_pence: int
    fees_pence: int
    processed_on_another_day: int
    differences: list[SettlementDifference]


class OldHold(TypedDict, total=False):
    purchase_id: str
    state: str
    held_pence: int
    requested_at: str
    age_days: int


class OpenHolds(TypedDict, total=False):
    holds: int
    held_pence: int
    ages: dict[str, Any]
    oldest: list[OldHold]


class SpendingLimit(TypedDict, total=False):
    role: str
    from_on: str
    counts: bool
    asks_up_to_pence: int
    approves_up_to_pence: int
    counts_for_days: int
    set_by: str
    set_at: str
    reason: str
    loosens: list[str]
    confirmed_by: str | None
    confirmed_at: str | None


class LimitState(TypedDict, total=False):
    role: str
    from_on: str
    counts: bool
    loosens: list[str]


class CardPolicy(TypedDict, total=False):
    policy_id: str
    version: int | None
    tolerance_basis_points: int
    tolerance_cap_pence: int
    allowed_countries: list[str] | None
    locks_at_issuer: bool
    payments_of_a_card: int
    close_after_days: int
    applies_from: str
    set_by: str
    set_at: str
    why: str
    loosens: list[str]
    confirmed_by: str | None
    confirmed_at: str | None


class CardPolicyState(TypedDict, total=False):
    policy_id: str
    version: int | None
    counts: bool
    loosens: list[str]


class ShippedExclusion(TypedDict, total=False):
    exclusion_id: str
    kind: str
    strength: str
    source: str
    why: str
    applies_from: str
    applies_until: str | None
    funder: str | None
    merchant_category_code: str | None
    item_category: str | None
    item_id: str | None
    lifts: str | None


class OwnExclusion(TypedDict, total=False):
    exclusion_id: str
    kind: str
    strength: str
    source: str
    why: str
    applies_from: str
    applies_until: str | None
    funder: str | None
    merchant_category_code: str | None
    item_category: str | None
    item_id: str | None
    lifts: str | None
    set_by: str
    proposed_at: str
    approved_by: str | None
    approved_at: str | None
    trial_id: str | None


class Exclusions(TypedDict, total=False):
    shipped: list[ShippedExclusion]
    own: list[OwnExclusion]
    council_lists: dict[str, Any]


class ExclusionState(TypedDict, total=False):
    exclusion_id: str
    is_approved: bool


class Tried(TypedDict, total=False):
    count: int
    pence: int
    named: list[dict[str, Any]]


class Trial(TypedDict, total=False):
    trial_id: str
    looked_at: dict[str, Any]
    would_refuse: Tried
    would_allow: Tried


class Message(TypedDict, total=False):
    message_id: str
    topic: str
    state: str
    reason: str | None
    correlation_id: str
    created_at: str
    delivered_at: str | None
    channel: str | None
    subject: str | None
    body: str | None


class Retried(TypedDict, total=False):
    delivery_id: str
    channel: str


class Preferences(TypedDict, total=False):
    version: int
    channels: list[str]
    declined_topics: list[str]
    copied: list[str]
    language: str | None
    accessible_format: str | None
    opens: int | None
    closes: int | None
    is_safe_to_text: bool
    chosen_at: str
    set_by: str
    reason: str


class Suppression(TypedDict, total=False):
    suppression_id: str
    channel: str
    is_of_address: bool
    reason: str
    source: str
    since: str
    until: str | None
    lifted_at: str | None
    lifted_by: str | None


class SafeguardingHold(TypedDict, total=False):
    hold_id: str
    channel: str | None
    review_by: str
    set_by: str
    set_at: str
    reason: str
    released_at: str | None
    released_by: str | None
    release_reason: str | None


class Held(TypedDict, total=False):
    hold_id: str


class Preview(TypedDict, total=False):
    topic: str
    channel: str
    language: str
    direction: str
    explained_in: str | None
    format: str | None
    version: int
    subject: str | None
    text: str | None
    pictures: list[str]
    is_checked: bool
    fragments: int | None
    reading_level: float | None
    findings: list[str]


class Task(TypedDict, total=False):
    task_id: str
    kind: str
    about: str
    words: str
    role: str
    opened_at: str
    due_at: str


class Access(TypedDict, total=False):
    service: str
    seq: int
    at: str
    actor_id: str
    roles: list[str]
    organisation: str
    acting_for: str
    purpose: str
    operation: str
    act: str
    fields: list[str]
    outcome: str


class Choice(TypedDict, total=False):
    role: str
    organisation: str


class Me(TypedDict, total=False):
    actor_id: str
    kind: str
    role: str | None
    organisation: str | None
    purpose: str | None
    choices: list[Choice]
    provider: str
    ends_at: str
    csrf_token: str | None


class Renewed(TypedDict, total=False):
    role: str
    organisation: str
    access_token: str | None


class Token(TypedDict, total=False):
    access_token: str
    token_type: str


class SystemToken(TypedDict, total=False):
    access_token: str
    token_type: str
    expires_in: int
