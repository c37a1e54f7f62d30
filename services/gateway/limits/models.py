"""The tables of what was asked for lately. Both are unlogged: a crash may forget them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.tables import Table

UNLOGGED = {"prefixes": ["UNLOGGED"]}


class Bucket(Table):
    """When a bucket of tokens will be full again; one that is full has no row, or an old one."""

    __tablename__ = "buckets"
    __table_args__ = (
        CheckConstraint("length(whose_sha256) = 64", name="a_digest"),
        Index(None, "full_at"),
        UNLOGGED,
    )
    whose_sha256: Mapped[str] = mapped_column(primary_key=True)  # of a client, or of an address
    full_at: Mapped[datetime]


class LookedAt(Table):
    """Somebody looked at a record, the last time then."""

    __tablename__ = "looked_at"
    __table_args__ = (
        CheckConstraint("length(record_sha256) = 64", name="a_digest"),
        Index(None, "at"),
        UNLOGGED,
    )
    reader: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    record_sha256: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
