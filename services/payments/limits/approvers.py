"""Who may be the second person for an amount."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.entitlements.models import TeamRole
from services.payments.limits import rules
from services.payments.limits.handlers import limits_on
from shared.trace import Trace


def see_that_they_may_approve(
    decided_by: UUID,
    *,
    asked_by: UUID,
    person_id: UUID,
    counted_pence: int,
    session: Session,
    trace: Trace,
) -> None:
    """Look whether somebody may decide about an amount that another one asked for.

    Args:
        decided_by: who approves, returns or rejects.
        asked_by: who asked for it.
        person_id: whose care team both are in.
        counted_pence: the amount, its tolerance and what was asked for like it lately.
        session: reads roles and limits.
        trace: the day that counts.

    Raises:
        SamePersonError: it is the one who asked.
        NotAllowedToApproveError: none of their roles in the person's care team may approve it.
    """
    rules.see_that_two_decide(asked_by=asked_by, decided_by=decided_by)
    roles = session.scalars(
        select(TeamRole.role)
        .where(TeamRole.person_id == person_id)
        .where(TeamRole.staff_id == decided_by)
    ).all()
    if not rules.may_approve(roles, limits_on(session, trace.today), counted_pence=counted_pence):
        raise rules.NotAllowedToApproveError(counted_pence=counted_pence)
