"""What can be asked about a person."""

from dataclasses import dataclass
from datetime import date

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
