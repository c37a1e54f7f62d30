"""Seals, and which journal each of them holds."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from services.budget.tables import Table


class Seal(Table):
    """One link of the chain; never changed afterwards."""

    __tablename__ = "seals"
    __table_args__ = (
        CheckConstraint("octet_length(previous_hash) = 32", name="previous_hash_whole"),
        CheckConstraint("octet_length(hash) = 32", name="hash_whole"),
        CheckConstraint("journals > 0", name="not_empty"),
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1, no gap
    seal_id: Mapped[UUID] = mapped_column(unique=True)
    last_seq: Mapped[int]  # of the journals in it
    journals: Mapped[int]
    amount_pence: Mapped[int]  # of all their postings
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
    sealed_at: Mapped[datetime]


class SealedJournal(Table):
    """The digest under which a journal was sealed: it shows which one was changed."""

    __tablename__ = "sealed_journals"
    __table_args__ = (CheckConstraint("octet_length(digest) = 32", name="digest_whole"),)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(ForeignKey("seals.number"), index=True)
    digest: Mapped[bytes]
