"""What waits for a partner, or for a system of theirs, that no file names any more.

Nobody sends it, so it is somebody's task within the hour. Should the file come back, it is sent
again by ``python -m operations.partner_messages again``.
"""

from collections.abc import Iterable
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, and_, not_, tuple_, update
from sqlalchemy.orm import Session

from services.partners.agreements.rules import Agreement
from services.partners.outbound.models import OutgoingMessage, OutgoingState

REASON = "partner_gone"
PERHAPS_DONE = "partner_gone_perhaps_done"  # what it sent may have been carried out before

log = structlog.get_logger()


def lay_by(agreements: Iterable[Agreement], *, before: datetime, session: Session) -> int:
    """Make a task of each message that waits for whom no file names; returns how many.

    Args:
        agreements: of the files there are.
        before: what was written then. What came since may be for a partner whose file is new, and
            not read here yet.
        session: in which they are noted.
    """
    known = [(one.code, system.name) for one in agreements for system in one.systems]
    whom = tuple_(OutgoingMessage.partner, OutgoingMessage.system)
    of_nobody = and_(not_(whom.in_(known)), OutgoingMessage.created_at < before)
    return _lay_by(of_nobody, session=session)


def lay_by_of(partner: str, *, session: Session) -> int:
    """Make a task of each message that waits for a partner whose file is gone."""
    return _lay_by(OutgoingMessage.partner == partner, session=session)


def _lay_by(whose: ColumnElement[bool], *, session: Session) -> int:
    waiting = update(OutgoingMessage).where(whose, OutgoingMessage.state == OutgoingState.PENDING)
    laid_by = session.scalars(
        waiting.values(state=OutgoingState.UNDELIVERED, last_error=REASON).returning(
            OutgoingMessage.partner
        )
    ).all()
    for partner in sorted(set(laid_by)):
        log.warning("partner_gone", partner=partner, messages=laid_by.count(partner))
    return len(laid_by)
