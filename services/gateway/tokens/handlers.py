"""A token is used once."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from services.gateway.tables import forget
from services.gateway.tokens.models import UsedToken
from services.gateway.tokens.rules import SKEW_SECONDS, BadTokenError


def use(signer: str, claims: Mapping[str, Any], *, session: Session, at: datetime) -> None:
    """Note that a token was used; its claims were found right before.

    Raises:
        BadTokenError: it was used before.
    """
    forget(UsedToken, UsedToken.until <= at, session=session)
    until = datetime.fromtimestamp(claims["exp"], UTC) + timedelta(seconds=SKEW_SECONDS)
    jti_sha256 = hashlib.sha256(claims["jti"].encode()).hexdigest()
    row = insert(UsedToken).values(signer=signer, jti_sha256=jti_sha256, until=until)
    if not session.execute(row.on_conflict_do_nothing().returning(UsedToken.signer)).all():
        raise BadTokenError("replayed")
