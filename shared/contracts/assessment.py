"""What assessment tells the others."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import (
    DataClass,
    Event,
    EventSchema,
    PartSchema,
    count,
    pence,
    version,
    words,
)

PAYERS = ("joint", "nhs", "council")
RAILS = ("card", "bacs", "invoice")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralReceived(Event):
    """Somebody asked for a budget for a person; an answer is due by a date."""

    event_type: ClassVar[str] = "assessment.referral_received.v1"
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    organisation: str
    answer_due_on: date


class ReferralReceivedSchema(EventSchema):
    event_class = ReferralReceived
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    organisation = words()
    answer_due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetailsChanged(Event):
    """How a person is called and reached. Their first choices of channel travel with it."""

    event_type: ClassVar[str] = "assessment.contact_details_changed.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "person_id"
    business_key: ClassVar[str] = "version"
    person_id: UUID
    version: int
    given_name: str
    family_name: str
    language: str
    is_interpreter_required: bool
    accessible_format: str | None
    mobile: str | None
    email: str | None
    address_lines: list[str]  # the last one is the postcode
    preferred_channel: str
    is_safe_to_text: bool


class ContactDetailsChangedSchema(EventSchema):
    event_class = ContactDetailsChanged
    person_id = fields.UUID(required=True)
    version = version()
    given_name = words()
    family_name = words()
    language = words()
    is_interpreter_required = fields.Boolean(required=True)
    accessible_format = words(may_be_missing=True)
    mobile = words(may_be_missing=True)
    email = words(may_be_missing=True)
    address_lines = fields.List(fields.String(), required=True)
    preferred_channel = fields.String(
        required=True, validate=validate.OneOf(("sms", "email", "letter"))
    )
    is_safe_to_text = fields.Boolean(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """One member of a care team."""

    staff_id: UUID
    role: str  # broker, care_coordinator, team_manager
    name: str
    organisation: str


class TeamMemberSchema(PartSchema):
    part_class = TeamMember
    staff_id = fields.UUID(required=True)
    role = words()
    name = words()
    organisation = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class CareTeamChanged(Event):
    """Who works with a person now, whole and not as a step."""

    event_type: ClassVar[str] = "assessment.care_team_changed.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "person_id"
    business_key: ClassVar[str] = "version"
    person_id: UUID
    version: int
    members: list[TeamMember]


class CareTeamChangedSchema(EventSchema):
    event_class = CareTeamChanged
    person_id = fields.UUID(required=True)
    version = version()
    members = fields.List(fields.Nested(TeamMemberSchema), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentAgreed(Event):
    """NHS and council have both contributed: there is one assessment now."""

    event_type: ClassVar[str] = "assessment.assessment_agreed.v1"
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    domain_count: int


class AssessmentAgreedSchema(EventSchema):
    event_class = AssessmentAgreed
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    domain_count = count()


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicativeBudgetCalculated(Event):
    """How much a person may plan with, and how that was worked out, line by line."""

    event_type: ClassVar[str] = "assessment.indicative_budget_calculated.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    version: int
    rule_set: str
    total_pence: int
    lines: list[str]  # each in plain words, with its amount


class IndicativeBudgetCalculatedSchema(EventSchema):
    event_class = IndicativeBudgetCalculated
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    rule_set = words()
    total_pence = pence()
    lines = fields.List(fields.String(), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetDeclined(Event):
    """The person, informed, wants no budget now. Their services stay as they are."""

    event_type: ClassVar[str] = "assessment.budget_declined.v1"
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID


class BudgetDeclinedSchema(EventSchema):
    event_class = BudgetDeclined
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPlanActivated(Event):
    """A person's crisis plan is in force from now on."""

    event_type: ClassVar[str] = "assessment.crisis_plan_activated.v1"
    subject_id: ClassVar[str] = "referral_id"
    referral_id: UUID
    person_id: UUID
    plan_id: UUID
    activated_at: datetime


class CrisisPlanActivatedSchema(EventSchema):
    event_class = CrisisPlanActivated
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    plan_id = fields.UUID(required=True)
    activated_at = fields.AwareDateTime(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewDue(Event):
    """A review will be held by a date: a planned one, or a rapid one that somebody asked for."""

    event_type: ClassVar[str] = "assessment.review_due.v1"
    subject_id: ClassVar[str] = "review_id"
    review_id: UUID
    referral_id: UUID
    person_id: UUID
    kind: str
    due_on: date


class ReviewDueSchema(EventSchema):
    event_class = ReviewDue
    review_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(("planned", "rapid")))
    due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSubmitted(Event):
    """A support plan is ready to be signed by the person, the broker and the coordinator."""

    event_type: ClassVar[str] = "assessment.plan_submitted.v1"
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    content_sha256: str


class PlanSubmittedSchema(EventSchema):
    event_class = PlanSubmitted
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    content_sha256 = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSigned(Event):
    """One of the three signed the plan as it is."""

    event_type: ClassVar[str] = "assessment.plan_signed.v1"
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    role: str
    content_sha256: str


class PlanSignedSchema(EventSchema):
    event_class = PlanSigned
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    role = words()
    content_sha256 = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEscalated(Event):
    """The decision lies with another rung of the ladder, and why is on the record."""

    event_type: ClassVar[str] = "assessment.plan_escalated.v1"
    subject_id: ClassVar[str] = "plan_id"
    plan_id: UUID
    person_id: UUID
    version: int
    rung: str
    decision_due_on: date


class PlanEscalatedSchema(EventSchema):
    event_class = PlanEscalated
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    rung = words()
    decision_due_on = fields.Date(required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedItem:
    """One thing that a plan pays for, as often as ``occurrences`` says."""

    item_id: UUID
    description: str
    category: str
    unit_cost_pence: int
    occurrences: int
    rail: str
    payee: str
    merchant_category_code: str | None
    payer: str  # joint: by the funders' shares; nhs, council: by that funder alone

    @property
    def total_pence(self) -> int:
        return self.unit_cost_pence * self.occurrences


class ApprovedItemSchema(PartSchema):
    part_class = ApprovedItem
    item_id = fields.UUID(required=True)
    description = words()
    category = words()
    unit_cost_pence = pence()
    occurrences = count()
    rail = fields.String(required=True, validate=validate.OneOf(RAILS))
    payee = words()
    merchant_category_code = words(may_be_missing=True)
    payer = fields.String(required=True, validate=validate.OneOf(PAYERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanApproved(Event):
    """A signed plan was decided on and is to be paid for."""

    event_type: ClassVar[str] = "assessment.plan_approved.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL  # what somebody needs
    subject_id: ClassVar[str] = "plan_id"
    business_key: ClassVar[str] = "version"
    plan_id: UUID
    person_id: UUID
    version: int
    budget_id: UUID  # the same for every version of a plan
    legal_basis: str
    total_pence: int
    decided_by_rung: str
    items: list[ApprovedItem]


class PlanApprovedSchema(EventSchema):
    event_class = PlanApproved
    plan_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    version = version()
    budget_id = fields.UUID(required=True)
    legal_basis = words()
    total_pence = pence()
    decided_by_rung = words()
    items = fields.List(fields.Nested(ApprovedItemSchema), required=True)
