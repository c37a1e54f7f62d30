"""How a journal is written down to be sealed, and how seals are chained.

A journal's digest is the SHA-256 of its canonical form. A seal's hash is the SHA-256 of the hash
of the seal before it, of what the seal says of itself, and of the digests of its journals, in
their order. So whoever keeps one hash, a partner say, holds everything that was sealed until then.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

HASH_BYTES = 32
BEFORE_THE_FIRST = bytes(HASH_BYTES)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenJournal:
    """A journal as it stands in the books: everything in it that means anything.

    What the database can write in one way only is taken in its words.
    """

    seq: int
    journal_id: UUID
    budget_id: UUID
    kind: str
    source_id: UUID
    effective_on: str
    occurred_on: str
    recorded_at: str  # UTC, with microseconds
    actor: str
    reason: str
    metadata: str
    # line, funder, debit account and its name, credit account and its name, pence
    postings: Sequence[tuple[int, str, int, str, int, str, int]]

    @property
    def amount_pence(self) -> int:
        return sum(posting[-1] for posting in self.postings)


def canonical(journal: WrittenJournal) -> bytes:
    """Return a journal's only form: a JSON list, its members in this order, without spaces."""
    members = [
        journal.seq,
        str(journal.journal_id),
        str(journal.budget_id),
        journal.kind,
        str(journal.source_id),
        journal.effective_on,
        journal.occurred_on,
        journal.recorded_at,
        journal.actor,
        journal.reason,
        journal.metadata,
        [list(posting) for posting in journal.postings],
    ]
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def digest(journal: WrittenJournal) -> bytes:
    return hashlib.sha256(canonical(journal)).digest()


def heading(
    *, number: int, last_seq: int, journals: int, amount_pence: int, sealed_at: datetime
) -> bytes:
    """Return what a seal says of itself, as it goes into its hash."""
    microseconds = (sealed_at - EPOCH) // timedelta(microseconds=1)
    return f"{number}:{last_seq}:{journals}:{amount_pence}:{microseconds}".encode()


def chained(previous_hash: bytes, heading: bytes, digests: Iterable[bytes]) -> bytes:
    """Return the hash of a seal with this heading over these digests.

    It stands on the seal before it. The database function ``add_seal`` works it out as well.
    """
    hashed = hashlib.sha256(previous_hash + heading)
    for one in digests:
        hashed.update(one)
    return hashed.digest()
