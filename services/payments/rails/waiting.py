"""The errands of one party: how often they failed in a row, and letting them wait."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from services.payments.cards.handlers import (
    CLOSE_CARD,
    ISSUE_CARD,
    REPLACE_CARD,
    SET_CARD_STATUS,
)
from services.payments.disputes.handlers import SEND_DISPUTE
from services.payments.fetching.handlers import FETCH_AUTHORISATION, LIST_EVENTS
from services.payments.rails.models import RailState
from services.payments.rails.rules import MayBePaidError, Party
from services.payments.transfers.handlers import ORDER_TRANSFER
from shared.messaging import wake
from shared.messaging.tables import Errand, ErrandAttempt, ErrandState

# Whether anything was paid, asked before a purchase goes another way.
ENQUIRE: Mapping[Party, str] = {Party.ISSUER: "enquire_card", Party.BANK: "enquire_transfer"}
KINDS: Mapping[Party, tuple[str, ...]] = {
    Party.ISSUER: (
        ISSUE_CARD,
        SET_CARD_STATUS,
        REPLACE_CARD,
        CLOSE_CARD,
        FETCH_AUTHORISATION,
        LIST_EVENTS,
        SEND_DISPUTE,
        ENQUIRE[Party.ISSUER],
    ),
    Party.BANK: (ORDER_TRANSFER, ENQUIRE[Party.BANK]),
}
WAITS = (ErrandState.WAITING, ErrandState.UNKNOWN)
NOT_DONE = (ErrandState.WAITING, ErrandState.CALLING, ErrandState.UNKNOWN)
# Errands are tried for ten hours and then given up; while nobody answers they do not use this up.
_LATER = text("clock_timestamp() + interval '5 minutes'")
_SOON = text("clock_timestamp() + interval '2 minutes'")
_NOW = text("clock_timestamp()")
_A_LEASE_AGO = text("clock_timestamp() - interval '60 seconds'")  # no call takes longer


def failures_in_a_row(party: Party, *, session: Session) -> int:
    """Return how many attempts failed since one worked; a refusal is an answer, too."""
    failed = (
        select(func.count())
        .select_from(ErrandAttempt)
        .join(Errand, Errand.errand_id == ErrandAttempt.errand_id)
        .where(Errand.kind.in_(KINDS[party]), Errand.state.in_(NOT_DONE))
        .where(ErrandAttempt.outcome.in_(WAITS))
    )
    for reached_at in (_last_answer(party, session=session), _reached_at(party, session=session)):
        if reached_at is not None:
            failed = failed.where(ErrandAttempt.ended_at > reached_at)
    return session.scalar(failed) or 0


def let_wait(party: Party, *, session: Session) -> None:
    """Keep what is queued, untried, while nobody answers."""
    session.execute(
        update(Errand)
        .where(Errand.kind.in_(KINDS[party]), Errand.state.in_(WAITS))
        .where(Errand.next_attempt_at < _SOON)
        .values(next_attempt_at=_LATER)
    )


def go_on(party: Party, *, session: Session) -> None:
    """Have everything tried again that waits."""
    session.execute(
        update(Errand)
        .where(Errand.kind.in_(KINDS[party]), Errand.state.in_(WAITS))
        .values(next_attempt_at=_NOW)
    )
    wake.note(session, "errands")


def take_out(kind: str, argument: Mapping[str, str], *, session: Session) -> ErrandState | None:
    """Take an errand out of the queue for good; returns how it stood, or None: there is none.

    Raises:
        MayBePaidError: it is being carried out right now, or was.
    """
    found: Errand | None = session.scalar(
        select(Errand)
        .where(Errand.kind == kind, Errand.arguments.contains(dict(argument)))
        .where(Errand.state.in_(NOT_DONE))
        .with_for_update()
    )
    if found is None:
        return None
    under_way = session.scalar(
        select(func.count())
        .select_from(ErrandAttempt)
        .where(ErrandAttempt.errand_id == found.errand_id, ErrandAttempt.ended_at.is_(None))
        .where(ErrandAttempt.began_at > _A_LEASE_AGO)
    )
    if under_way:
        raise MayBePaidError("It is being carried out right now.")
    stood = ErrandState.UNKNOWN if found.state is ErrandState.CALLING else found.state
    found.state = ErrandState.DISCARDED
    return stood


def given_up(kind: str, purchase_id: UUID, *, session: Session) -> list[Errand]:
    """Return the errands of a purchase that were tried in vain, the last one first."""
    return list(
        session.scalars(
            select(Errand)
            .where(Errand.kind == kind, Errand.state == ErrandState.FAILED)
            .where(Errand.arguments.contains({"purchase_id": str(purchase_id)}))
            .order_by(Errand.created_at.desc(), Errand.errand_id)
        )
    )


def waits_for(kind: str, *, session: Session) -> set[UUID]:
    """Return the purchases, or the transfers, for which an errand of this kind is not done."""
    name = "reference" if kind == ORDER_TRANSFER else "purchase_id"
    arguments = session.scalars(
        select(Errand.arguments).where(Errand.kind == kind, Errand.state.in_(NOT_DONE))
    )
    return {UUID(one[name]) for one in arguments}


def _last_answer(party: Party, *, session: Session) -> Any:
    """Return when an errand of this party ended last: done ones bear the time they ended."""
    return session.scalar(
        select(Errand.next_attempt_at)
        .where(Errand.state == ErrandState.DONE, Errand.kind.in_(KINDS[party]))
        .order_by(Errand.next_attempt_at.desc())
        .limit(1)
    )


def _reached_at(party: Party, *, session: Session) -> Any:
    return session.scalar(select(RailState.reached_at).where(RailState.party == party))
