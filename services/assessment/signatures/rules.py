"""Who signs a plan: three different people, over the same content."""

import enum
from collections.abc import Collection, Mapping
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal


class SigningRole(enum.StrEnum):
    PERSON = "person"
    BROKER = "broker"
    CARE_COORDINATOR = "care_coordinator"


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


class CapacityBasisMissingError(Refusal):
    """Somebody else signs for a person only where that person lacks capacity for this decision."""

    code = "capacity_basis_missing"
    next_step: ClassVar[str] = (
        "Record in capacity_basis who assessed, when and how, that the person cannot make this"
        " decision now; otherwise let the person sign."
    )


class CapacityNotInQuestionError(Refusal):
    """Whoever signs for themselves needs no reason to be able to."""

    code = "capacity_not_in_question"
    next_step: ClassVar[str] = "Leave capacity_basis empty when the person signs."


class RepresentativeInCareTeamError(Refusal):
    """The broker, the coordinator or a colleague never signs in the person's place."""

    code = "representative_in_care_team"
    next_step: ClassVar[str] = "Ask a representative who is not a member of the care team."


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
        rightful_id: who may sign for that role now.
        signed: who has signed this version so far, by role.
        signed_sha256: what the signatory had before them.
        content_sha256: what the plan says.
    """
    if signed_sha256 != content_sha256:
        raise ContentDiffersError("This is not the content of the plan.", field="content_sha256")
    if signatory_id != rightful_id:
        raise SignatoryNotInRoleError(
            "This is not who has the role.", role=role.value, field="signatory_id"
        )
    if role in signed or signatory_id in signed.values():
        raise AlreadySignedError("This role, or this person, has signed already.", role=role.value)


def check_capacity(
    *, is_represented: bool, capacity_basis: str | None, is_in_care_team: bool
) -> None:
    """Refuse that somebody signs for a person without saying why they cannot.

    A person is taken to have capacity unless it is established that they lack it for this
    decision at this time (Mental Capacity Act 2005, sections 1 to 3).

    Args:
        is_represented: not the person signs for the person.
        capacity_basis: who established how that the person cannot make this decision.
        is_in_care_team: whoever signs is a member of the person's care team.
    """
    if not is_represented:
        if capacity_basis is not None:
            raise CapacityNotInQuestionError(
                "Nobody signs in another's place here.", field="capacity_basis"
            )
        return
    if is_in_care_team:
        raise RepresentativeInCareTeamError(
            "A member of the care team does not sign for the person.", field="signatory_id"
        )
    if capacity_basis is None:
        raise CapacityBasisMissingError(
            "It is not said why the person does not sign.", field="capacity_basis"
        )


def missing_roles(signed: Collection[SigningRole]) -> list[SigningRole]:
    return [role for role in SigningRole if role not in signed]


def check_signed(signed: Mapping[SigningRole, tuple[UUID, str]], *, content_sha256: str) -> None:
    """Refuse a decision before three different people have signed what the plan says.

    Args:
        signed: who signed what, by role.
        content_sha256: what the plan says.
    """
    valid = {role: who for role, (who, sha256) in signed.items() if sha256 == content_sha256}
    missing = missing_roles(valid)
    if missing:
        raise SignaturesMissingError("These have not signed yet: " + ", ".join(missing) + ".")
    if len(set(valid.values())) < len(SigningRole):
        raise SignaturesMissingError("One person has signed in two roles.")
