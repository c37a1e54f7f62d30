"""Who decides on a signed plan: a ladder, a quorum, nobody twice, nobody alone."""

import enum
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal


class Rung(enum.StrEnum):
    """The ladder of decision makers, from the one who knows the person best."""

    CARE_COORDINATOR = "care_coordinator"
    TEAM_MANAGER = "team_manager"
    MULTIDISCIPLINARY_TEAM = "multidisciplinary_team"
    RISK_ENABLEMENT_PANEL = "risk_enablement_panel"


class Capacity(enum.StrEnum):
    """As what somebody is in a meeting that decides."""

    PRACTITIONER = "practitioner"
    LIVED_EXPERIENCE = "lived_experience"
    GUEST = "guest"  # the person, whoever supports them, the broker: they are heard


LADDER = tuple(Rung)

# Local policy, to be confirmed: how long each rung may take, in working days.
DECIDE_WITHIN_WORKING_DAYS: Mapping[Rung, int] = {
    Rung.CARE_COORDINATOR: 5,
    Rung.TEAM_MANAGER: 5,
    Rung.MULTIDISCIPLINARY_TEAM: 10,
    Rung.RISK_ENABLEMENT_PANEL: 15,
}

# How many decide, the chair included. That somebody on the panel has lived experience is the
# pilot's rule; the figures are local policy, to be confirmed.
QUORUM: Mapping[Rung, int] = {
    Rung.CARE_COORDINATOR: 1,
    Rung.TEAM_MANAGER: 1,
    Rung.MULTIDISCIPLINARY_TEAM: 2,
    Rung.RISK_ENABLEMENT_PANEL: 2,
}


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


class AlreadyDecidedError(Refusal):
    """Nobody decides twice on one version of a plan."""

    code = "already_decided"
    next_step: ClassVar[str] = "Ask somebody who has not decided on this version of the plan."


class NoQuorumError(Refusal):
    """Too few decided, or nobody with lived experience among them."""

    code = "no_quorum"
    next_step: ClassVar[str] = "Convene those who are missing, and record in attendees who decided."


class ProviderDecidesAloneError(Refusal):
    """Whoever works for somebody whom the plan pays does not decide on it alone."""

    code = "provider_decides_alone"
    next_step: ClassVar[str] = (
        "Have the decision signed by a second member of the care team, in co_signatory_id, who"
        " works for nobody whom the plan pays."
    )


class NoRungAboveError(Refusal):
    """Nobody is asked who stands no higher."""

    code = "no_rung_above"
    next_step: ClassVar[str] = "Decide here, or name a rung above yours in escalate_to."


class RungSkippedError(Refusal):
    """No rung is skipped without a reason."""

    code = "rung_skipped"
    next_step: ClassVar[str] = "Ask the next rung, or say in skip_because why it is skipped."


def first_rung(
    *,
    total_pence: int,
    is_coordinator_comfortable: bool,
    coordinator_decides_up_to_pence: int,
    above_it_starts: Rung,
) -> tuple[Rung, ...]:
    """Return who is asked: nobody further away than it takes.

    Two rungs where the coordinator may decide and is not sure: theirs, and the next.
    """
    if total_pence > coordinator_decides_up_to_pence:
        return (above_it_starts,)
    if is_coordinator_comfortable:
        return (Rung.CARE_COORDINATOR,)
    return (Rung.CARE_COORDINATOR, Rung.TEAM_MANAGER)


def rung_above(rung: Rung) -> Rung:
    """Return the next rung.

    Raises:
        NoRungAboveError: it is the highest one.
    """
    above = LADDER[LADDER.index(rung) + 1 :]
    if not above:
        raise NoRungAboveError("There is no rung above.", rung=rung.value)
    return above[0]


def check_escalation(rung: Rung, *, to: Rung, skip_because: str | None) -> None:
    """Refuse to go down or sideways, or to skip a rung without a reason."""
    if LADDER.index(to) <= LADDER.index(rung):
        raise NoRungAboveError("That rung is not above.", field="escalate_to", rung=rung.value)
    if to != rung_above(rung) and skip_because is None:
        raise RungSkippedError(
            "A rung would be skipped.", field="skip_because", next_rung=rung_above(rung).value
        )


def is_escalated(rung: Rung) -> bool:
    return rung != Rung.CARE_COORDINATOR


def check_decider(
    *,
    rung: Rung,
    asked_rung: Rung,
    decider_id: UUID,
    rightful_id: UUID | None,
) -> None:
    """Refuse a decision by another rung, or by somebody who does not have that role."""
    if rung != asked_rung:
        raise WrongRungError("The decision lies with another rung.", rung=asked_rung.value)
    if decider_id != rightful_id:
        raise DeciderNotInRoleError(
            "This is not who has the role.", rung=rung.value, field="decider_id"
        )


def check_nobody_twice(
    *,
    rung: Rung,
    decider_id: UUID,
    others: Collection[UUID],
    signatory_ids: Collection[UUID],
    earlier_ids: Collection[UUID],
) -> None:
    """Refuse whoever signed, or decided before, to decide on a version of a plan.

    Args:
        rung: as whom they decide; the care coordinator alone decides on what they signed.
        decider_id: who decides, or chairs.
        others: who decides with them: members of a meeting, a second signatory.
        signatory_ids: who signed.
        earlier_ids: who decided on this version before, or on an appeal against that.
    """
    unsigned = {decider_id, *others} if is_escalated(rung) else set(others)
    if unsigned & set(signatory_ids):
        raise DeciderSignedError("Whoever signed does not decide.", rung=rung.value)
    if {decider_id, *others} & set(earlier_ids):
        raise AlreadyDecidedError("Somebody has decided on this version before.", rung=rung.value)


def check_quorum(rung: Rung, *, capacities: Sequence[Capacity]) -> None:
    """Refuse a decision of a meeting that was not one.

    Args:
        rung: who decides.
        capacities: of those beside the chair.
    """
    deciding = [capacity for capacity in capacities if capacity != Capacity.GUEST]
    missing = QUORUM[rung] - 1 - len(deciding)
    if missing > 0:
        raise NoQuorumError("Too few decided.", field="attendees", missing=missing)
    if rung == Rung.RISK_ENABLEMENT_PANEL and Capacity.LIVED_EXPERIENCE not in deciding:
        raise NoQuorumError("Nobody with lived experience decided.", field="attendees", missing=1)


def check_not_alone(
    *, decider_works_for: str, payees: Collection[str], co_signatory_works_for: str | None
) -> None:
    """Refuse that somebody who works for whom the plan pays decides alone.

    Args:
        decider_works_for: the organisation that employs the decider.
        payees: whom the plan pays.
        co_signatory_works_for: the organisation of a second member of the team, if one signed.
    """
    paid = {_plain(payee) for payee in payees}
    is_paid = _plain(decider_works_for) in paid
    if is_paid and (co_signatory_works_for is None or _plain(co_signatory_works_for) in paid):
        raise ProviderDecidesAloneError(
            "The plan pays whom the decider works for.", field="co_signatory_id"
        )


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()
