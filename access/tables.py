"""Who stands how to whom, and who looked. Every service has these tables in its own database."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, Identity, Index, String, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column

from shared.database import TYPES, new_metadata

XACT = text("(pg_current_xact_id()::text::bigint)")


class AccessTable(MappedAsDataclass, DeclarativeBase, kw_only=True):
    """The base of these tables."""

    metadata = new_metadata()
    type_annotation_map = TYPES


class Relation(AccessTable):
    """How somebody stands to a person. They may have several relations, each a row."""

    __tablename__ = "relations"
    __table_args__ = (Index("relations_of_holder_ix", "holder", "relation"),)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(
        primary_key=True
    )  # care_team, representatives, consent, merged, break_glass/<access_id>
    holder: Mapped[str] = mapped_column(primary_key=True)  # an actor's id, or an organisation
    relation: Mapped[str] = mapped_column(primary_key=True)  # self, team:broker, may:sign_plan, …
    starts_on: Mapped[date | None] = mapped_column(default=None)
    ends_on: Mapped[date | None] = mapped_column(default=None)  # the last day
    ends_at: Mapped[datetime | None] = mapped_column(default=None)  # of what ends within a day


class RelationVersion(AccessTable):
    """Which version of a person's relations we know, from one source."""

    __tablename__ = "relation_versions"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]


class AuditEntry(AccessTable):
    """One read or write of a person's record: written with it, and never changed."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("audit_entries_of_person_ix", "person_id", "seq"),
        Index("audit_entries_written_in_ix", "written_in", "seq"),
    )
    seq: Mapped[int] = mapped_column(Identity(always=True), primary_key=True, init=False)
    # The transaction that wrote it: what is older than all that are under way is complete.
    written_in: Mapped[int] = mapped_column(server_default=XACT, init=False)
    at: Mapped[datetime]
    actor_id: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(String))
    organisation: Mapped[str]
    acting_for: Mapped[str]
    purpose: Mapped[str]
    person_id: Mapped[UUID | None]  # none: several people's at once, or nobody was found
    operation: Mapped[str]
    act: Mapped[str]  # read, write
    fields: Mapped[list[str]] = mapped_column(ARRAY(String))
    outcome: Mapped[str]  # done, or the code of the refusal
    request_id: Mapped[str]


class AuditSeal(AccessTable):
    """One link of the chain over the entries of the transactions before ``until_xact``."""

    __tablename__ = "audit_seals"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until_xact: Mapped[int]
    entries: Mapped[int]
    previous_hash: Mapped[bytes]
    hash: Mapped[bytes]
    sealed_at: Mapped[datetime]
