"""What help a person is offered before they choose, and who answers when they ask for another."""

import enum
from collections.abc import Iterable, Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from services.assessment.people.rules import TeamRole
from shared.errors import Refusal


class Support(enum.StrEnum):
    """Who could help with a budget. Each is offered before the person chooses."""

    BROKER = "broker"
    PEER_SUPPORTER = "peer_supporter"
    ADVOCATE = "advocate"


class OfferAnswer(enum.StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"
    PERHAPS_LATER = "perhaps_later"


# Local policy, to be confirmed by whoever runs this: no law sets the figure.
CHANGE_ANSWERED_WITHIN_WORKING_DAYS = 10
ANSWERING_ROLES = (TeamRole.TEAM_MANAGER, TeamRole.MULTIDISCIPLINARY_TEAM)


# Who supports the person and belongs to neither body: they see the case for a time.
DATED_ROLES = frozenset({TeamRole.ADVOCATE, TeamRole.PEER_SUPPORTER})


class AccessDatesError(Refusal):
    """An advocate or a peer supporter is there for a time, and nobody else is."""

    code = "access_dates_wrong"
    next_step: ClassVar[str] = (
        "Give ends_on, today or later, for an advocate or a peer supporter, and for no other role;"
        " assign them again to prolong it."
    )


class NobodyInRoleError(Refusal):
    """There is nobody in this role whom the person could want to change."""

    code = "nobody_in_role"
    next_step: ClassVar[str] = "Assign somebody to the role, as the person wishes."


class AnswererNotInRoleError(Refusal):
    """Whoever answers is not of those who may, or is the one it is about."""

    code = "answerer_not_in_role"
    next_step: ClassVar[str] = (
        "Let the team manager answer; what is about the team manager, the multidisciplinary team."
    )


class ChangeAnsweredError(Refusal):
    """The request has an answer, and another one."""

    code = "worker_change_answered"
    next_step: ClassVar[str] = "Look at the case: it says what was answered, and why."


class SupportNotOfferedError(Refusal):
    """Nobody is left to choose alone: some of the help was not offered yet."""

    code = "support_not_offered"
    next_step: ClassVar[str] = (
        "Offer the person what the details name, record their answer, and ask again."
    )


def check_offered(offered: Iterable[Support]) -> None:
    """Make sure that a person chooses with help, if they want any.

    Raises:
        SupportNotOfferedError: names what was not offered.
    """
    missing = sorted(set(Support) - set(offered))
    if missing:
        raise SupportNotOfferedError(
            "Help is offered before the person chooses.", missing=", ".join(missing)
        )


def check_answerer(answered_by: UUID, *, about: UUID, team: Mapping[TeamRole, UUID]) -> None:
    """Make sure that somebody answers who may, and not about themselves.

    Args:
        answered_by: who answers.
        about: whom the person wants to change.
        team: who has which role on this case now.

    Raises:
        AnswererNotInRoleError: they may not.
    """
    if answered_by == about or answered_by not in {team.get(role) for role in ANSWERING_ROLES}:
        raise AnswererNotInRoleError(
            "This is for the team manager, or for the multidisciplinary team.",
            field="answered_by",
        )


def answering_role(role: TeamRole) -> TeamRole:
    """Return who answers a request for another worker in a role."""
    if role == TeamRole.TEAM_MANAGER:
        return TeamRole.MULTIDISCIPLINARY_TEAM
    return TeamRole.TEAM_MANAGER


def check_unanswered(*, is_answered: bool, is_same: bool) -> None:
    """Refuse another answer; the same one again changes nothing.

    Raises:
        ChangeAnsweredError: it has another answer.
    """
    if is_answered and not is_same:
        raise ChangeAnsweredError("This request has been answered.")


def check_access(role: TeamRole, *, ends_on: date | None, today: date) -> None:
    """Refuse an advocate or a peer supporter without a last day, and anybody else with one.

    Raises:
        AccessDatesError: it is so, or the last day has gone by.
    """
    if (role in DATED_ROLES) != (ends_on is not None):
        raise AccessDatesError("The dates do not fit this role.", field="ends_on")
    if ends_on is not None and ends_on < today:
        raise AccessDatesError("That day has gone by.", field="ends_on")


def is_access_over(*, ends_on: date | None, today: date) -> bool:
    """Tell whether the last day has gone by; it counts until its end."""
    return ends_on is not None and ends_on < today
