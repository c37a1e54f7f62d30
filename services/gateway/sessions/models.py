"""The table of who is signed in."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.sessions.commands import Kind
from services.gateway.sessions.rules import purpose_of
from services.gateway.tables import Table
from services.gateway.visitors import Visitor


class SignedIn(Table):
    """One session. Its secret is with whoever signed in; here is what it is recognised by."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("length(secret_sha256) = 64", name="no_plain_secret"),
        CheckConstraint("chosen IS NULL OR chosen < jsonb_array_length(choices)", name="chosen"),
        Index(None, "provider", "subject"),
        Index(None, "ends_at"),
    )
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    secret_sha256: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[Kind]
    actor_id: Mapped[str]
    choices: Mapped[list[Mapping[str, str]]] = mapped_column(JSONB)
    chosen: Mapped[int | None]
    provider: Mapped[str]
    subject: Mapped[str]
    provider_session: Mapped[str]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    @property
    def client(self) -> str:
        """Return whose idempotency keys and tokens these are, in whichever role."""
        return f"{self.kind}/{self.actor_id}" if self.kind is Kind.SYSTEM else self.actor_id

    def visitor(self) -> Visitor | None:
        """Return who it is in the role they chose; None while they have several to choose from."""
        if self.chosen is None:
            return None
        choice = self.choices[self.chosen]
        return Visitor(
            client=self.client,
            actor_id=self.actor_id,
            roles=(choice["role"],),
            organisation=choice["organisation"],
            purpose=purpose_of(choice["role"]),
        )
