"""The table of tokens that count once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.tables import Table


class UsedToken(Table):
    """A token by its signer and its id: who brings it again is refused, until it has expired."""

    __tablename__ = "used_tokens"
    __table_args__ = (
        CheckConstraint("length(jti_sha256) = 64", name="a_digest"),
        Index(None, "until"),
    )
    signer: Mapped[str] = mapped_column(primary_key=True)
    jti_sha256: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]
