"""Who signs, and who decides: without a panel where nobody is worried."""

import enum
from collections.abc import Collection, Mapping
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal

# Local policy: up to here a care coordinator who is comfortable decides alone.
COORDINATOR_DECIDES_UP_TO_PENCE = 400_00
DECIDE_WITHIN_WORKING_DAYS = 5  # local policy


class SigningRole(enum.StrEnum):
    PERSON = "person"
    BROKER = "broker"
    CARE_COORDINATOR = "care_coordinator"


class Rung(enum.StrEnum):
    """The ladder of decision makers, from the one who knows the person best."""

    CARE_COORDINATOR = "care_coordinator"
    TEAM_MANAGER = "team_manager"
    MULTIDISCIPLINARY_TEAM = "multidisciplinary_team"
    RISK_ENABLEMENT_PANEL = "risk_enablement_panel"


class DecisionOutcome(enum.StrEnum):
    APPROVE = "approve"


class ContentDiffersError(Refusal):
    """What was signed is not what the plan says."""

    code = "content_differs"
    next_step: ClassVar[str] = "Read the plan as it is now and sign that."


class SignatoryNotInRoleError(Refusal):
    """Only the person, their broker and their care coordinator sign, each for themselves."""

    code = "signatory_not_in_role"
    next_step: ClassVar[str] = "Have the plan signed by whoever has this role now."


class AlreadySignedError(Refusal):
    """Nobody signs twice, and no role either: three different people sign."""

    code = "already_signed"
    next_step: ClassVar[str] = "Have the plan signed by those whose signature is missing."


class SignaturesMissingError(Refusal):
    """Nothing is decided before all three have signed."""

    code = "signatures_missing"
    next_step: ClassVar[str] = "Have the plan signed by those whose signature is missing."


class WrongRungError(Refusal):
    """The decision lies with another rung of the ladder."""

    code = "wrong_rung"
    next_step: ClassVar[str] = "Ask the rung that the details name to decide."


class DeciderNotInRoleError(Refusal):
    """Whoever decides must have that role in this person's care team."""

    code = "decider_not_in_role"
    next_step: ClassVar[str] = "Ask whoever has this role in the care team to decide."


class DeciderSignedError(Refusal):
    """Whoever signed a plan does not decide on it a rung higher."""

    code = "decider_signed"
    next_step: ClassVar[str] = "Ask somebody who has not signed the plan to decide."


def check_signature(
    *,
    role: SigningRole,
    signatory_id: UUID,
    rightful_id: UUID | None,
    signed: Mapping[SigningRole, UUID],
    signed_sha256: str,
    content_sha256: str,
) -> None:
    """Refuse a signature over other content, in another's place, or a second one.

    Args:
        role: for whom is signed.
        signatory_id: who signs.
        rightful_id: who has that role for this person now.
        signed: who has signed this version so far, by role.
        signed_sha256: what the signatory had before them.
        content_sha256: what the plan says.
    """
    if signed_sha256 != content_sha256:
        raise ContentDiffersError("This is not the content of the plan.")
    if signatory_id != rightful_id:
        raise SignatoryNotInRoleError("This is not who has the role.", role=role.value)
    if role in signed or signatory_id in signed.values():
        raise AlreadySignedError("This role, or this person, has signed already.", role=role.value)


def missing_roles(signed: Collection[SigningRole]) -> list[SigningRole]:
    return [role for role in SigningRole if role not in signed]


def first_rung(*, total_pence: int, is_coordinator_comfortable: bool) -> Rung:
    """Return who decides: nobody further away than it takes."""
    if is_coordinator_comfortable and total_pence <= COORDINATOR_DECIDES_UP_TO_PENCE:
        return Rung.CARE_COORDINATOR
    return Rung.TEAM_MANAGER


def is_escalated(rung: Rung) -> bool:
    return rung != Rung.CARE_COORDINATOR


def check_signed(signed_sha256s: Mapping[SigningRole, str], *, content_sha256: str) -> None:
    """Refuse a decision before all three have signed what the plan says."""
    valid = [role for role, sha256 in signed_sha256s.items() if sha256 == content_sha256]
    missing = missing_roles(valid)
    if missing:
        raise SignaturesMissingError("These have not signed yet: " + ", ".join(missing) + ".")


def check_decider(
    *,
    rung: Rung,
    asked_rung: Rung,
    decider_id: UUID,
    rightful_id: UUID | None,
    signatory_ids: Collection[UUID],
) -> None:
    """Refuse a decision by another rung, or by somebody who may not decide on it.

    Args:
        rung: as whom somebody decides.
        asked_rung: with whom the decision lies.
        decider_id: who decides.
        rightful_id: who has that role in the person's care team.
        signatory_ids: who signed; only the care coordinator decides on what they signed.
    """
    if rung != asked_rung:
        raise WrongRungError("The decision lies with another rung.", rung=asked_rung.value)
    if decider_id != rightful_id:
        raise DeciderNotInRoleError("This is not who has the role.", rung=rung.value)
    if is_escalated(rung) and decider_id in signatory_ids:
        raise DeciderSignedError("Whoever signed does not decide.", rung=rung.value)
