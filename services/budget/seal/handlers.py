"""Sealing what was written."""

from typing import Any
from uuid import uuid4

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from services.budget.seal import history, rules
from services.budget.seal.commands import SealJournals
from services.budget.seal.models import Seal, SealedJournal
from shared.contracts.budget import LedgerSealed
from shared.messaging import outbox
from shared.trace import Trace

MOST_JOURNALS = 10_000  # in one seal

_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('seals'))")
_LAST_WRITTEN_SEQ = text("SELECT last_written_seq()")


def seal_journals(command: SealJournals, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Seal all that was committed until now, and return the head of the chain."""
    session.execute(_ONE_AT_A_TIME)
    last_seq = _last_written_seq(session)
    head = session.scalars(select(Seal).order_by(Seal.number.desc()).limit(1)).first()
    while True:
        added = _next(session, head, until=last_seq, trace=trace)
        if added is None:
            break
        head = added
    return {
        "number": head.number if head else 0,
        "hash": (head.hash if head else rules.BEFORE_THE_FIRST).hex(),
    }


def _last_written_seq(session: Session) -> int:
    """Return the number up to which every journal is either committed or will never be.

    The numbers are given before the commit. So the function waits until nobody is writing; the
    lock it takes for that ends with the savepoint, before anything is hashed.
    """
    with session.begin_nested() as waiting:
        last_seq: int = session.scalar(_LAST_WRITTEN_SEQ) or 0
        waiting.rollback()
    return last_seq


def _next(session: Session, head: Seal | None, *, until: int, trace: Trace) -> Seal | None:
    """Add a seal over the journals that come after ``head``, if there are any."""
    previous_hash = head.hash if head else rules.BEFORE_THE_FIRST
    after = head.last_seq if head else 0
    journals = []
    for journal in history.written(session, after=after, until=until):
        journals.append(journal)
        if len(journals) == MOST_JOURNALS:
            break
    if not journals:
        return None
    digests = {journal.seq: rules.digest(journal) for journal in journals}
    seal = Seal(
        number=head.number + 1 if head else 1,
        seal_id=uuid4(),
        last_seq=journals[-1].seq,
        journals=len(journals),
        amount_pence=sum(journal.amount_pence for journal in journals),
        previous_hash=previous_hash,
        hash=rules.chained(previous_hash, digests.values()),
        sealed_at=trace.at,
    )
    session.add(seal)
    session.flush()
    session.add_all(
        SealedJournal(seq=seq, number=seal.number, digest=digest) for seq, digest in digests.items()
    )
    outbox.add(session, _sealed(seal, trace=trace), trace=trace)
    return seal


def _sealed(seal: Seal, *, trace: Trace) -> LedgerSealed:
    return LedgerSealed(
        occurred_at=trace.at,
        seal_id=seal.seal_id,
        number=seal.number,
        journals=seal.journals,
        amount_pence=seal.amount_pence,
        previous_hash=seal.previous_hash.hex(),
        hash=seal.hash.hex(),
    )
