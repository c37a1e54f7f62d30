"""What can be asked about a person."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.assessment.people.rules import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetails:
    """A person as a referral describes them."""

    nhs_number: str | None
    council_client_id: str | None
    given_name: str
    family_name: str
    birth_date: date
    address_lines: list[str]  # the last one is the postcode
    ethnic_category: str
    language: str
    is_interpreter_required: bool
    accessible_format: str | None
    mobile: str | None
    email: str | None
    preferred_channel: Channel
    is_safe_to_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAccessibleNeeds:
    """How a person takes in what they are told, as they said when they were asked."""

    person_id: UUID
    asked_on: date
    is_interpreter_required: bool
    accessible_format: str | None
    communication_support: str | None  # a British Sign Language interpreter, a hearing loop
    may_be_shared: bool  # with those who have to meet these needs as well
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordSafeContact:
    """By which ways and when it is safe to reach a person, as they said."""

    person_id: UUID
    said_on: date
    is_safe_to_text: bool
    is_safe_to_email: bool
    is_safe_to_post: bool
    is_safe_to_ring: bool
    safe_from: str | None  # 09:30; both hours or neither
    safe_until: str | None
    words: str | None  # not when my partner is at home


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPerson:
    """Somebody knows an identifier and looks for the record."""

    nhs_number: str | None
    council_client_id: str | None
