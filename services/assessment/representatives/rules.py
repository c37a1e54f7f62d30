"""Who may act for a person in what."""

import enum
from collections.abc import Collection, Mapping
from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal


class RepresentativeKind(enum.StrEnum):
    NOMINEE = "nominee"  # chosen by the person, who could decide without them
    ATTORNEY = "attorney"  # under a lasting power of attorney
    DEPUTY = "deputy"  # of the Court of Protection
    APPOINTEE = "appointee"  # of the Department for Work and Pensions, for benefits
    ADVOCATE = "advocate"
    EXECUTOR = "executor"  # looks after the estate of somebody who died


class Scope(enum.StrEnum):
    SIGN_PLAN = "sign_plan"
    MANAGE_MONEY = "manage_money"
    RECEIVE_MESSAGES = "receive_messages"
    SPEAK_FOR = "speak_for"


# What each kind may be appointed for. To be confirmed by whoever runs this: an advocate supports
# and never decides; an appointee's power covers benefits (Social Security (Claims and Payments)
# Regulations 1987, reg. 33); what an attorney or a deputy may do is in their own document, which
# the basis of the appointment names.
SCOPES_OF: Mapping[RepresentativeKind, frozenset[Scope]] = {
    RepresentativeKind.NOMINEE: frozenset(Scope),
    RepresentativeKind.ATTORNEY: frozenset(Scope),
    RepresentativeKind.DEPUTY: frozenset(Scope),
    RepresentativeKind.APPOINTEE: frozenset(Scope) - {Scope.SIGN_PLAN},
    RepresentativeKind.ADVOCATE: frozenset({Scope.RECEIVE_MESSAGES, Scope.SPEAK_FOR}),
    RepresentativeKind.EXECUTOR: frozenset(Scope) - {Scope.SIGN_PLAN},
}


class ScopeNotOfKindError(Refusal):
    """A representative of this kind does not do this for anybody."""

    code = "scope_not_of_kind"
    next_step: ClassVar[str] = "Leave out the scope, or appoint somebody with the power for it."


class InCareTeamError(Refusal):
    """Nobody works on a case and acts for the person on it."""

    code = "representative_in_care_team"
    next_step: ClassVar[str] = "Choose somebody else for one of the two."


class RepresentsThemselvesError(Refusal):
    """A person needs no appointment to act for themselves."""

    code = "represents_themselves"
    next_step: ClassVar[str] = "Check representative_id: it is the person's own."


class KnownOtherwiseError(Refusal):
    """The number and the id are of two different humans, for all that earlier appointments say."""

    code = "representative_known_otherwise"
    next_step: ClassVar[str] = (
        "Use the representative_id of their other appointment, or leave nhs_number out."
    )


class RepresentativeEndedError(Refusal):
    """The appointment has ended before, on another day or for another reason."""

    code = "representative_ended"
    next_step: ClassVar[str] = "Look at the case: it says when the appointment ended, and why."


def check_scopes(kind: RepresentativeKind, scopes: Collection[Scope]) -> None:
    """Refuse what representatives of this kind do for nobody.

    Raises:
        ScopeNotOfKindError: names one such scope.
    """
    for scope in sorted(set(scopes) - SCOPES_OF[kind]):
        raise ScopeNotOfKindError(
            "A representative of this kind cannot do that.", field="scopes", scope=scope
        )


def check_independent(
    representative_id: UUID, *, person_id: UUID, team_ids: Collection[UUID]
) -> None:
    """Make sure that a representative is neither the person nor one of who works with them.

    Raises:
        RepresentsThemselvesError, InCareTeamError: they are.
    """
    if representative_id == person_id:
        raise RepresentsThemselvesError("A person acts for themselves without an appointment.")
    if representative_id in team_ids:
        raise InCareTeamError("Who works with a person does not act for them.")


def check_one_human(*, is_anothers: bool, has_another: bool) -> None:
    """Make sure that whoever signs in by a number is who was appointed.

    Args:
        is_anothers: another representative was appointed with this number.
        has_another: this representative was appointed with another number.

    Raises:
        KnownOtherwiseError: it is so.
    """
    if is_anothers or has_another:
        raise KnownOtherwiseError("This number is not theirs.", field="nhs_number")


def is_present(*, starts_on: date, ends_on: date | None, on_day: date) -> bool:
    """Tell whether an appointment holds on a day; its last day counts."""
    return starts_on <= on_day and (ends_on is None or on_day <= ends_on)


def check_end(*, is_ended: bool, is_same: bool) -> None:
    """Refuse to end again, otherwise than before, what has ended."""
    if is_ended and not is_same:
        raise RepresentativeEndedError("This appointment has ended already.")
