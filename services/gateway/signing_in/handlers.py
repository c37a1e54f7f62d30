"""Sign-ins begin and come back, once; apps get a code, once."""

import hmac
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from services.gateway.sessions.handlers import SECRET_BYTES, digest, renew
from services.gateway.sessions.models import SignedIn
from services.gateway.signing_in import rules
from services.gateway.signing_in.commands import App, BeginSignIn
from services.gateway.signing_in.models import AppCode, SignIn
from services.gateway.tables import forget


def begin(command: BeginSignIn, *, session: Session, at: datetime) -> None:
    """Note that a browser goes to a provider; what is too old is forgotten."""
    forget(SignIn, SignIn.began_at <= at - rules.LONGEST_SIGN_IN, session=session)
    app = command.app
    session.add(
        SignIn(
            state_sha256=digest(command.state),
            browser_sha256=digest(command.browser),
            provider=command.provider,
            return_to=command.return_to,
            app_redirect_uri=app.redirect_uri if app else None,
            app_challenge=app.challenge if app else None,
            app_state=app.state if app else None,
            began_at=at,
        )
    )


def take(
    state: str, *, provider: str, browser: str, session: Session, at: datetime
) -> SignIn | None:
    """Return the sign-in that comes back, and use it up whatever comes of it.

    None: there is none of this state, or it went to another provider, or from another browser,
    or too long ago.
    """
    found = session.scalar(
        delete(SignIn).where(SignIn.state_sha256 == digest(state)).returning(SignIn)
    )
    if found is None or found.provider != provider:
        return None
    if not hmac.compare_digest(found.browser_sha256, digest(browser)):
        return None
    return found if at - found.began_at < rules.LONGEST_SIGN_IN else None


def give_code(app: App, session_id: UUID, *, session: Session, at: datetime) -> str:
    """Return a code for an app; the session's secret does not travel by a browser's address."""
    code = secrets.token_urlsafe(SECRET_BYTES)
    session.add(
        AppCode(
            code_sha256=digest(code),
            session_id=session_id,
            redirect_uri=app.redirect_uri,
            challenge=app.challenge,
            until=at + rules.CODE_LASTS,
        )
    )
    return code


def take_code(
    code: str, *, verifier: str, redirect_uri: str, session: Session, at: datetime
) -> str | None:
    """Return the secret of a session for an app's code.

    None: the code is not good, or not this app's; a session whose code was tried so has ended.
    """
    found = session.scalar(
        delete(AppCode).where(AppCode.code_sha256 == digest(code)).returning(AppCode)
    )
    if found is None:
        return None
    is_theirs = rules.fits(verifier, found.challenge) and redirect_uri == found.redirect_uri
    if not is_theirs or at >= found.until:
        session.execute(delete(SignedIn).where(SignedIn.session_id == found.session_id))
        return None
    return renew(found.session_id, session=session)
