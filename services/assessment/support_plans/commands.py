"""What can be asked of a support plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.support_plans.rules import ControlLevel, Feature, InterviewMode, Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the person wants to come of it, in their own words."""

    goal_id: UUID
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the budget, and how much of it the person runs themselves."""

    part_id: UUID
    name: str
    control_level: ControlLevel
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that the plan pays for, towards at least one goal."""

    item_id: UUID
    goal_ids: Sequence[UUID]
    part_id: UUID
    category: str
    description: str
    unit_cost_pence: int
    occurrences: int
    frequency: str
    rail: str
    payee: str
    merchant_category_code: str | None  # four digits: where a card may buy it
    payer: str  # joint, nhs, council
    instead_of: str | None  # the service it takes the place of
    rationale: str  # why this, in plain words, and what else was considered

    @property
    def total_pence(self) -> int:
        return self.unit_cost_pence * self.occurrences


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisPlan:
    """What the person wants to happen when things get bad."""

    early_signs: str
    helps: str
    hinders: str | None
    contact: str
    advance_wishes: str | None
    substitute_manager: str | None  # who looks after the budget meanwhile
    substitute_may: str | None  # what they may do
    cap_pence: int  # how much of the funders' reserve may be used in one crisis


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """How the person wants support to be; what is not said is no preference."""

    culture: str | None
    faith: str | None
    language: str | None
    diet: str | None
    worker: str | None  # who should come: of which community, sex or experience


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureCheck:
    """Whether one of the six features of a personal budget is there, and what shows it."""

    feature: Feature
    is_met: bool
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A risk that is worth taking, and how it is taken together."""

    risk: str
    benefit: str
    what_helps: str
    agreed_by: Sequence[str]  # roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Unavailable:
    """What the person wanted and could not have."""

    wanted: str
    because: str
    goal_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """Write a plan, or a new version of it. Without items there is no money in it."""

    plan_id: UUID
    referral_id: UUID
    goals: Sequence[Goal]
    parts: Sequence[Part]
    items: Sequence[Item]
    preferences: Preferences
    six_features: Sequence[FeatureCheck]
    risks: Sequence[Risk]
    risk_of_doing_nothing: str
    wanted_but_unavailable: Sequence[Unavailable]
    crisis_plan: CrisisPlan | None
    crisis_plan_declined_because: str | None  # exactly one of the two is there


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInterview:
    """The broker and the person talked the plan over."""

    interview_id: UUID  # chosen by the caller, so that a repeat is recognised
    referral_id: UUID
    broker_id: UUID
    held_on: date
    mode: InterviewMode
    place: str
    attendees: Sequence[str]  # roles of who was there beside the person and the broker
    person_words: str  # what mattered to the person


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitPlan:
    """Put a version of a plan before the three who sign it."""

    plan_id: UUID
    version: int
