"""What a partner's virtual host gives back: ours that nobody fetched, theirs that nobody took.

Both become somebody's task. Where they wait is ours to read and nobody else's.
"""

from collections.abc import Sequence
from uuid import UUID

import amqp
import structlog
from sqlalchemy.orm import Session

from services.partners.agreements.rules import Agreement, System
from services.partners.hosts import IN_DEAD, OUT_DEAD
from services.partners.inbound import handlers as inbound
from services.partners.outbound import handlers as outbound
from shared.trace import Trace

QUEUES = (IN_DEAD, OUT_DEAD)
REASONS = frozenset({"expired", "maxlen", "delivery_limit", "rejected"})  # as the broker names them
UNKNOWN = "unknown"

log = structlog.get_logger()


def keep(
    messages: Sequence[amqp.Message],
    *,
    agreement: Agreement,
    system: System,
    session: Session,
    trace: Trace,
) -> None:
    """Note of each message what became of it; acknowledge them when that is committed."""
    for message in messages:
        if message.delivery_info["routing_key"] == OUT_DEAD:
            _not_fetched(message, agreement=agreement, session=session)
        else:
            # Why, its sender could have written into the headers: it is not repeated.
            inbound.set_apart(
                body_of(message),
                inbound.NOT_TAKEN_IN,
                agreement=agreement,
                system=system,
                session=session,
                trace=trace,
            )


def body_of(message: amqp.Message) -> bytes:
    body = message.body
    return body if isinstance(body, bytes) else str(body or "").encode(errors="surrogatepass")


def _not_fetched(message: amqp.Message, *, agreement: Agreement, session: Session) -> None:
    told = (message.headers or {}).get("x-first-death-reason")
    reason = told if told in REASONS else UNKNOWN
    row = None
    try:
        message_id = UUID(message.properties.get("message_id", ""))
    except ValueError:
        pass
    else:
        row = outbound.not_fetched(message_id, reason, agreement=agreement, session=session)
    log.warning(
        "partner_did_not_fetch", partner=agreement.code, reason=reason, is_known=row is not None
    )
