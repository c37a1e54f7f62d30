"""Setting limits, and what counts on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from services.payments.limits import rules
from services.payments.limits.commands import SetSpendingLimit
from services.payments.limits.models import SpendingLimit
from services.payments.limits.rules import Limit
from shared.trace import Trace


def set_spending_limit(
    command: SetSpendingLimit, *, session: Session, trace: Trace
) -> Mapping[str, Any]:
    """Keep a role's limit from a day on, once.

    Raises:
        LimitInPastError: the day is over.
        LimitAlreadySetError: another limit counts from that day on.
    """
    asked = {name: getattr(command, name) for name in command.__slots__}
    known = session.get(SpendingLimit, (command.role, command.from_on))
    if known is not None:
        if any(getattr(known, name) != value for name, value in asked.items()):
            raise rules.LimitAlreadySetError("This role has another limit from that day on.")
        return {"role": command.role, "from_on": command.from_on}
    rules.see_that_it_is_not_past(command.from_on, today=trace.today)
    session.add(SpendingLimit(set_at=trace.at, **asked))
    return {"role": command.role, "from_on": command.from_on}


def limits_on(session: Session, day: date) -> Mapping[str, Limit]:
    """Return the limit of each role on a day: the newest that was set, or what stands in."""
    newest = session.scalars(
        select(SpendingLimit)
        .where(SpendingLimit.from_on <= day)
        .ext(distinct_on(SpendingLimit.role))
        .order_by(SpendingLimit.role, SpendingLimit.from_on.desc())
    )
    return {
        **rules.DEFAULTS,
        **{
            one.role: Limit(
                asks_up_to_pence=one.asks_up_to_pence,
                approves_up_to_pence=one.approves_up_to_pence,
                counts_for_days=one.counts_for_days,
            )
            for one in newest
        },
    }
