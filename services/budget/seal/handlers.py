"""Sealing what was written."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from services.budget.accounts.bookkeeper import settled
from services.budget.seal import history, rules
from services.budget.seal.commands import SealJournals
from services.budget.seal.models import Seal
from services.budget.seal.rules import WrittenJournal
from shared.contracts.budget.seal import LedgerSealed
from shared.messaging import outbox
from shared.trace import Trace

MOST_JOURNALS = 10_000  # in one seal
MOST_SEALS = 5  # of one command: a caller waits half a minute

_NEWEST = select(Seal).order_by(Seal.number.desc()).limit(1)
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtext('seals'))")
_ADD_SEAL = text(
    "SELECT number, previous_hash, hash FROM add_seal(:seal_id, :seqs, :digests, :pence, :at)"
)


def seal_journals(command: SealJournals, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Seal what is settled in the books, and return the head of the chain.

    ``is_all`` is false when there is so much that the command must be sent again, as another.
    """
    session.execute(_ONE_AT_A_TIME)
    last_seq = settled(session).seq
    is_all = False
    for _ in range(MOST_SEALS):
        journals = list(
            history.written(
                session, after=_sealed_until(session), until=last_seq, most=MOST_JOURNALS
            )
        )
        if journals:
            _seal(session, journals, trace=trace)
        if len(journals) < MOST_JOURNALS:
            is_all = True
            break
    head = session.scalars(_NEWEST).first()
    return {
        "number": head.number if head else 0,
        "hash": (head.hash if head else rules.BEFORE_THE_FIRST).hex(),
        "is_all": is_all,
    }


def _sealed_until(session: Session) -> int:
    return session.scalar(select(func.coalesce(func.max(Seal.last_seq), 0))) or 0


def _seal(session: Session, journals: Sequence[WrittenJournal], *, trace: Trace) -> None:
    """Add a seal over the journals that come next, and tell of it."""
    seal_id, amount_pence = uuid4(), sum(journal.amount_pence for journal in journals)
    added = session.execute(
        _ADD_SEAL,
        {
            "seal_id": seal_id,
            "seqs": [journal.seq for journal in journals],
            "digests": [rules.digest(journal) for journal in journals],
            "pence": amount_pence,
            "at": trace.at,
        },
    ).one()
    event = LedgerSealed(
        occurred_at=trace.at,
        seal_id=seal_id,
        number=added.number,
        journals=len(journals),
        amount_pence=amount_pence,
        previous_hash=bytes(added.previous_hash).hex(),
        hash=bytes(added.hash).hex(),
    )
    outbox.add(session, event, trace=trace)
