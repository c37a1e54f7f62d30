"""Who is who: two records that may be one person, ways that are safe, roles in a care team."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal

# The codes of the NHS Data Dictionary (ethnic category), and one of our own: that nobody asked
# is not what somebody chose not to say.
NOT_ASKED = "not_asked"
ETHNIC_CATEGORIES: Mapping[str, str] = {
    "A": "White: British",
    "B": "White: Irish",
    "C": "White: any other background",
    "D": "Mixed: White and Black Caribbean",
    "E": "Mixed: White and Black African",
    "F": "Mixed: White and Asian",
    "G": "Mixed: any other background",
    "H": "Asian: Indian",
    "J": "Asian: Pakistani",
    "K": "Asian: Bangladeshi",
    "L": "Asian: any other background",
    "M": "Black: Caribbean",
    "N": "Black: African",
    "P": "Black: any other background",
    "R": "Chinese",
    "S": "Any other ethnic group",
    "Z": "Not stated",
    NOT_ASKED: "Not asked",
}


class Channel(enum.StrEnum):
    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"


class TeamRole(enum.StrEnum):
    BROKER = "broker"
    CARE_COORDINATOR = "care_coordinator"
    TEAM_MANAGER = "team_manager"
    MULTIDISCIPLINARY_TEAM = "multidisciplinary_team"  # who speaks for its meeting
    RISK_ENABLEMENT_PANEL = "risk_enablement_panel"  # likewise
    PEER_SUPPORTER = "peer_supporter"  # has had a budget of their own
    ADVOCATE = "advocate"


class BirthDateInFutureError(Refusal):
    """Nobody is born tomorrow."""

    code = "birth_date_in_future"
    next_step: ClassVar[str] = "Check person.birth_date and send the referral again with a new id."


def check_birth_date(birth_date: date, *, today: date) -> None:
    """Refuse a birth date that has not come yet."""
    if birth_date > today:
        raise BirthDateInFutureError("The birth date lies in the future.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Of whom the identifiers speak."""

    person_id: UUID | None  # none: somebody new
    uncertain: frozenset[UUID]  # who they may be besides; a human has to find out


def one_record(
    *, by_nhs_number: UUID | None, by_council_client_id: UUID | None, is_contradicted: bool
) -> Match:
    """Return of whom a referral speaks.

    Where the two identifiers speak of different people, or of somebody who was born on another
    day, nobody is guessed at: the referral gets a record of its own, and whose it is becomes a
    question. So an identifier alone, mistaken or found somewhere, opens and changes no record.
    The NHS matches by NHS number and birth date together, too (Personal Demographics Service:
    https://digital.nhs.uk/services/personal-demographics-service).

    Args:
        by_nhs_number: who has the NHS number given, if one was given.
        by_council_client_id: who has the council's client id given.
        is_contradicted: that second one has another NHS number than the one given, or who was
            found has another birth date.
    """
    found = frozenset({by_nhs_number, by_council_client_id} - {None})
    if len(found) > 1 or is_contradicted:
        return Match(person_id=None, uncertain=found)  # type: ignore[arg-type]
    return Match(person_id=next(iter(found), None), uncertain=frozenset())


def likeness(*, given_name: str, family_name: str, address_lines: Sequence[str]) -> str:
    """Return what two records of people born on one day share if they may be one person.

    Name and postcode, whatever their capitals, spaces and punctuation.
    """
    said = (given_name, family_name, address_lines[-1])
    return "/".join("".join(filter(str.isalnum, part.casefold())) for part in said)


def narrowed(*, is_said_safe: bool, is_known_safe: bool | None) -> bool:
    """Return whether a way to reach somebody is safe after a referral says so.

    A referral may close a way that the person opened, and never open one that they closed.
    """
    return is_said_safe if is_known_safe is None else is_said_safe and is_known_safe
