"""Bringing what was bought under disputed shares to the shares that were decided."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.budget.accounts.models import JournalKind
from services.budget.accounts.rules import KeptHold, KeptPortion
from services.budget.agreements.models import Agreement, AgreementState
from services.budget.agreements.rules import NoAgreementError, apportion
from services.budget.holds import purchases
from services.budget.holds import rules as hold_rules
from services.budget.holds.models import Hold
from services.budget.holds.rules import Capture, Host, Part
from services.budget.reapportionment import rules
from services.budget.reapportionment.commands import Reapportion
from services.budget.reapportionment.rules import NothingToMoveError
from shared.trace import Trace

MOST_PURCHASES = 200  # of one command: a caller waits half a minute


def reapportion(command: Reapportion, *, session: Session, trace: Trace) -> dict[str, Any]:
    """Move what was bought under disputed shares to the decided ones, by journals.

    Each purchase made under them gets the portions of the decision; what one funder has paid too
    much the others owe it, by way of the host. ``is_all`` is false when there is so much that the
    command must be sent again, as another.

    Raises:
        NoAgreementError: there is no such agreement.
        NothingToMoveError: nothing was bought under shares that it decides.
    """
    agreement = session.get(Agreement, command.agreement_id)
    if agreement is None or agreement.state is not AgreementState.AGREED:
        raise NoAgreementError("There is no such agreement in force.")
    purchase_ids = _bought_under_disputed_shares(session, agreement)
    if not purchase_ids:
        raise NothingToMoveError("No purchase was made under disputed shares.")
    for purchase_id in purchase_ids[:MOST_PURCHASES]:
        _reapportion(purchase_id, agreement.agreement_id, session=session, trace=trace)
    return {
        "purchases": len(purchase_ids[:MOST_PURCHASES]),
        "is_all": len(purchase_ids) <= MOST_PURCHASES,
    }


def _bought_under_disputed_shares(session: Session, decision: Agreement) -> Sequence[UUID]:
    """Return the purchases under shares that the decision supersedes, in a fixed order."""
    return session.scalars(
        select(Hold.purchase_id)
        .join(Agreement, Agreement.agreement_id == Hold.agreement_id)
        .where(Agreement.budget_id == decision.budget_id)
        .where(Agreement.purpose == decision.purpose)
        .where(Agreement.state == AgreementState.SUPERSEDED)
        .where(Agreement.starts_on == decision.starts_on)
        .order_by(Hold.purchase_id)
        .limit(MOST_PURCHASES + 1)
    ).all()


def _reapportion(purchase_id: UUID, agreement_id: UUID, *, session: Session, trace: Trace) -> None:
    today = trace.today
    standing = purchases.as_it_stands(session, purchase_id, on=today)
    if standing is None or standing.hold is None or standing.host is None:
        return
    before = standing.hold
    if before.agreement_id == agreement_id:  # a twin of this command was quicker
        return
    asked = apportion(
        amount_pence=before.asked_pence,
        fundings=purchases.fundings_of(session, agreement_id),
        tie=agreement_id.int,
    )
    decided, steps = _as_decided(before, asked, standing.parts, standing.host)
    hold = replace(decided, agreement_id=agreement_id)
    entries = rules.reapportionment_entries(steps, parts=standing.parts, host=standing.host)
    booked = purchases.booking(hold, kind=JournalKind.REAPPORTIONMENT, entries=entries, trace=trace)
    purchases.book_and_tell(
        booked, hold, before=before, standing=standing, session=session, trace=trace
    )


def _as_decided(
    hold: KeptHold, asked: Mapping[UUID, int], parts: Mapping[UUID, Part], host: Host
) -> tuple[KeptHold, dict[UUID, Capture]]:
    """Return the hold with the portions of the decision, and each funder's step in its cost."""
    had = {portion.funder_id: portion for portion in hold.portions}
    weights = {**dict.fromkeys(had, 0), **asked}
    wanted = hold_rules.wanted_at(
        held_pence=hold.held_pence, posted_pence=hold.posted_pence, asked_pence=weights
    )
    portions: list[KeptPortion] = []
    steps: dict[UUID, Capture] = {}
    for funder_id, want in wanted.items():
        portion = had.get(funder_id) or KeptPortion(funder_id=funder_id, asked_pence=0)
        new, steps[funder_id] = hold_rules.moved(portion, want, parts[funder_id])
        due_pence = 0 if funder_id == host.funder_id else new.posted_pence - portion.posted_pence
        portions.append(
            replace(
                new,
                asked_pence=weights[funder_id],
                advanced_pence=portion.advanced_pence + due_pence,
            )
        )
    new_hold = replace(hold, portions=portions)
    return hold_rules.next_version(new_hold, before=hold), steps
