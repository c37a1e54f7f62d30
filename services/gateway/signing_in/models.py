"""The tables of sign-ins that have begun, and of codes that apps wait for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.gateway.signing_in.commands import App
from services.gateway.tables import Table


class SignIn(Table):
    """A browser was sent to a provider. What it brings back is good once."""

    __tablename__ = "sign_ins"
    __table_args__ = (
        CheckConstraint(
            "length(state_sha256) = 64 AND length(browser_sha256) = 64", name="digests"
        ),
        Index(None, "began_at"),
    )
    state_sha256: Mapped[str] = mapped_column(primary_key=True)
    browser_sha256: Mapped[str]
    provider: Mapped[str]
    return_to: Mapped[str]
    app_redirect_uri: Mapped[str | None]
    app_challenge: Mapped[str | None]
    app_state: Mapped[str | None]
    began_at: Mapped[datetime]

    @property
    def app(self) -> App | None:
        if self.app_redirect_uri is None:
            return None
        return App(
            redirect_uri=self.app_redirect_uri,
            challenge=self.app_challenge or "",
            state=self.app_state or "",
        )


class AppCode(Table):
    """A code for an app: it is exchanged once for the secret of a session."""

    __tablename__ = "app_codes"
    __table_args__ = (CheckConstraint("length(code_sha256) = 64", name="a_digest"),)
    code_sha256: Mapped[str] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("sessions.session_id", ondelete="CASCADE"), index=True
    )
    redirect_uri: Mapped[str]
    challenge: Mapped[str]
    until: Mapped[datetime]
