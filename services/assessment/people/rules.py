"""Who is who: NHS numbers, two records that may be one person, roles in a care team."""

import enum
from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal

_NHS_NUMBER_DIGITS = 10


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


class IdentityUncertainError(Refusal):
    """The identifiers given belong to two different people here."""

    code = "identity_uncertain"
    next_step: ClassVar[str] = (
        "Ask the person and the other organisation which identifier is theirs."
    )


class BirthDateInFutureError(Refusal):
    """Nobody is born tomorrow."""

    code = "birth_date_in_future"
    next_step: ClassVar[str] = "Check person.birth_date and send the referral again with a new id."


def is_nhs_number(written: str) -> bool:
    """Tell whether ten digits are an NHS number: the last one checks the others (Modulus 11).

    The range for tests, 999…, is accepted.
    """
    if len(written) != _NHS_NUMBER_DIGITS or not (written.isascii() and written.isdigit()):
        return False
    weighted = sum(
        int(digit) * weight for digit, weight in zip(written[:9], range(10, 1, -1), strict=True)
    )
    check = (11 - weighted % 11) % 11  # ten means that no such number is given out
    return check == int(written[-1])


def check_birth_date(birth_date: date, *, today: date) -> None:
    """Refuse a birth date that has not come yet."""
    if birth_date > today:
        raise BirthDateInFutureError("The birth date lies in the future.")


def one_record(
    *, by_nhs_number: UUID | None, by_council_client_id: UUID | None, is_contradicted: bool
) -> UUID | None:
    """Return the id of the one person that a referral speaks of, or None for somebody new.

    Args:
        by_nhs_number: who has the NHS number given, if one was given.
        by_council_client_id: who has the council's client id given.
        is_contradicted: that second one has another NHS number than the one given.

    Raises:
        IdentityUncertainError: the two speak of different people; a human has to find out.
    """
    found = {known for known in (by_nhs_number, by_council_client_id) if known is not None}
    if len(found) > 1 or is_contradicted:
        raise IdentityUncertainError(
            "The NHS number and the council's client id belong to different people here."
        )
    return found.pop() if found else None
