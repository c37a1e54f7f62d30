"""What assessment tells of people: how they are reached and who works with them."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from marshmallow import fields, validate

from shared.contracts.event import (
    DataClass,
    Event,
    EventSchema,
    PartSchema,
    version,
    words,
)
from shared.contracts.nhs_number import NhsNumber


def _hour() -> fields.String:
    hour = validate.Regexp(r"([01]\d|2[0-3]):[0-5]\d\Z")
    return fields.String(load_default=None, allow_none=True, validate=hour)


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
    # When the person last said how contact is safe, and the hours in London, 09:30, between which
    # it is; None: they were not asked, or any hour is. An earlier release did not tell these.
    safe_contact_said_on: date | None = None
    safe_from: str | None = None
    safe_until: str | None = None
    # Only one that is certainly theirs. None: nobody knows it, or an earlier release did not tell.
    nhs_number: str | None = None


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
    safe_contact_said_on = fields.Date(load_default=None, allow_none=True)
    safe_from = _hour()
    safe_until = _hour()
    nhs_number = NhsNumber()


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamMember:
    """One member of a care team."""

    staff_id: UUID
    role: str  # broker, care_coordinator, team_manager, multidisciplinary_team, …
    name: str
    organisation: str
    email: str | None = None  # at work; an earlier release did not tell it


class TeamMemberSchema(PartSchema):
    part_class = TeamMember
    staff_id = fields.UUID(required=True)
    role = words()
    name = words()
    organisation = words()
    email = fields.String(load_default=None, allow_none=True)


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
class WorkerChangeAnswered(Event):
    """A person asked for somebody else in their care team, and hears why or why not."""

    event_type: ClassVar[str] = "assessment.worker_change_answered.v1"
    data_class: ClassVar[DataClass] = DataClass.PERSONAL
    subject_id: ClassVar[str] = "request_id"
    request_id: UUID
    referral_id: UUID
    person_id: UUID
    role: str
    is_agreed: bool
    reasons: str


class WorkerChangeAnsweredSchema(EventSchema):
    event_class = WorkerChangeAnswered
    request_id = fields.UUID(required=True)
    referral_id = fields.UUID(required=True)
    person_id = fields.UUID(required=True)
    role = words()
    is_agreed = fields.Boolean(required=True)
    reasons = words()


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleMerged(Event):
    """Two records were one person, whose cases are all under ``person_id`` now.

    Both ids stay theirs: how they are reached, who works with them and who acts for them goes
    on being told under each, so that a listener may keep to the id it knows. Whoever keeps
    something about a person uses what it has under ``person_id`` for both.
    """

    event_type: ClassVar[str] = "assessment.people_merged.v1"
    subject_id: ClassVar[str] = "person_id"
    person_id: UUID
    merged_person_id: UUID
    version: int  # of the contact details told with it


class PeopleMergedSchema(EventSchema):
    event_class = PeopleMerged
    person_id = fields.UUID(required=True)
    merged_person_id = fields.UUID(required=True)
    version = version()
