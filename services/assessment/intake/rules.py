"""Why a budget may be refused before any assessment, and who may do so."""

import enum
from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from services.assessment.people.rules import TeamRole
from shared.errors import Refusal


class RefusalReason(enum.StrEnum):
    """The only reasons there are. How unwell somebody is, is none: needs are assessed.

    To be confirmed by whoever runs this. Where there is a right to have a budget, the NHS may
    refuse only because it is not appropriate (SI 2012/2996, reg. 32B); ``because`` says why.
    """

    LIVES_ELSEWHERE = "lives_elsewhere"  # the bodies of another area are responsible
    HAS_A_BUDGET = "has_a_budget"  # which a review can change
    NOT_APPROPRIATE = "not_appropriate"


class DiscussionOutcome(enum.StrEnum):
    OFFERED = "offered"
    DECLINED = "declined"  # the person did not want to talk about it now
    NOT_DISCUSSED = "not_discussed"


DECIDING_ROLES = (TeamRole.CARE_COORDINATOR, TeamRole.TEAM_MANAGER)


class DeciderNotInRoleError(Refusal):
    """Whoever refuses is not of those who may on this case."""

    code = "decider_not_in_role"
    next_step: ClassVar[str] = (
        "Let the person's care coordinator or team manager decide, or assign the role first."
    )


def check_decider(decider_id: UUID, *, team: Mapping[TeamRole, UUID]) -> None:
    """Make sure that who decides has a role in which they may.

    Args:
        decider_id: who decides.
        team: who has which role on this case now.

    Raises:
        DeciderNotInRoleError: they have not.
    """
    if decider_id not in {team.get(role) for role in DECIDING_ROLES}:
        raise DeciderNotInRoleError(
            "Only the person's care coordinator or team manager refuses a referral.",
            field="decider_id",
        )
