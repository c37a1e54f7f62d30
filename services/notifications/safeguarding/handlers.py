"""Setting a safeguarding hold, and releasing it."""

from sqlalchemy.orm import Session

from services.notifications.safeguarding.commands import (
    HoldForSafeguarding,
    ReleaseSafeguardingHold,
)
from services.notifications.safeguarding.models import SafeguardingHold
from shared.errors import IdReusedError, NotFoundError
from shared.trace import Trace


def hold_for_safeguarding(command: HoldForSafeguarding, *, session: Session, trace: Trace) -> None:
    """Hold a person's messages, once for each ``hold_id`` however often it is asked.

    What a provider has already cannot be called back.

    Raises:
        IdReusedError: ``hold_id`` was used for another hold.
    """
    known = session.get(SafeguardingHold, command.hold_id, with_for_update=True)
    if known is not None:
        if (known.person_id, known.channel) != (command.person_id, command.channel):
            raise IdReusedError("Another hold has this id.")
        return
    session.add(
        SafeguardingHold(
            hold_id=command.hold_id,
            person_id=command.person_id,
            channel=command.channel,
            review_by=command.review_by,
            set_by=command.set_by,
            set_at=trace.at,
            reason=command.reason,
        )
    )


def release_safeguarding_hold(
    command: ReleaseSafeguardingHold, *, session: Session, trace: Trace
) -> None:
    """Release a hold; released twice, the first time counts. What waited for it goes on soon.

    Raises:
        NotFoundError: there is none.
    """
    hold = session.get(SafeguardingHold, command.hold_id, with_for_update=True)
    if hold is None:
        raise NotFoundError("There is no such hold.")
    if hold.released_at is None:
        hold.released_at, hold.released_by = trace.at, command.released_by
        hold.release_reason = command.reason
