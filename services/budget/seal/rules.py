"""How a journal is written down to be sealed, and how seals are chained.

A journal's digest is the SHA-256 of its canonical form. A seal's hash is the SHA-256 of the hash
of the seal before it and of the digests of its journals, in their order. So whoever keeps one
hash, a partner say, holds everything that was sealed until then.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

HASH_BYTES = 32
BEFORE_THE_FIRST = bytes(HASH_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenJournal:
    """A journal as it stands in the books: everything in it that means anything."""

    seq: int
    journal_id: UUID
    budget_id: UUID
    kind: str
    source_id: UUID
    effective_on: date
    occurred_on: date
    recorded_at: datetime  # aware
    actor: str
    reason: str
    metadata: Mapping[str, str]
    # line, funder, debit account and its kind, credit account and its kind, pence
    postings: Sequence[tuple[int, str, int, str, int, str, int]]

    @property
    def amount_pence(self) -> int:
        return sum(posting[-1] for posting in self.postings)


def canonical(journal: WrittenJournal) -> bytes:
    """Return a journal's only form: a JSON list, its members in this order, without spaces.

    Instants are in UTC with microseconds, metadata is sorted by its keys. Two journals that
    differ in anything have different forms.
    """
    members = [
        journal.seq,
        str(journal.journal_id),
        str(journal.budget_id),
        journal.kind,
        str(journal.source_id),
        journal.effective_on.isoformat(),
        journal.occurred_on.isoformat(),
        journal.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        journal.actor,
        journal.reason,
        sorted(journal.metadata.items()),
        [list(posting) for posting in journal.postings],
    ]
    return json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()


def digest(journal: WrittenJournal) -> bytes:
    return hashlib.sha256(canonical(journal)).digest()


def chained(previous_hash: bytes, digests: Iterable[bytes]) -> bytes:
    """Return the hash of a seal over these digests, which stands on the seal before it."""
    hashed = hashlib.sha256(previous_hash)
    for one in digests:
        hashed.update(one)
    return hashed.digest()
