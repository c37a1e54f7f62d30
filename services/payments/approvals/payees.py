"""The second person for a payee's details, and what can be paid from then on."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from services.payments.entitlements.models import PlanItem
from services.payments.holds import handlers as holds
from services.payments.holds import queries as waiting
from services.payments.limits import rules as limit_rules
from services.payments.payees import handlers as payees
from services.payments.payees.commands import ConfirmPayee, LinkPayee
from services.payments.payees.models import ItemPayee
from services.payments.payees.rules import DetailsChangedError
from shared.errors import NotKnownYetError
from shared.trace import Trace


def confirm_payee(command: ConfirmPayee, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Let a payee be paid whose details a second person has checked.

    Raises:
        NotFoundError: there is no such payee.
        DetailsChangedError: the details are others by now.
        SamePersonError: whoever wrote the details down does not confirm them.
    """
    payee = payees.locked(session, command.payee_id)
    if payee.details_version != command.details_version:
        raise DetailsChangedError("These are not the details that were looked at.")
    limit_rules.see_that_two_decide(asked_by=payee.details_by, decided_by=command.confirmed_by)
    if not payee.is_confirmed:
        payee.confirmed_by, payee.confirmed_at = command.confirmed_by, trace.at
        _open_what_waits(session=session, trace=trace)
    return payees.answer_about(payee)


def link_payee(command: LinkPayee, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Keep which payee an item is paid to; what is ordered already stays as it is.

    Raises:
        NotFoundError: there is no such payee.
        NotKnownYetError: the item has not arrived here.
    """
    payee = payees.locked(session, command.payee_id)
    if session.get(PlanItem, command.item_id, with_for_update=True) is None:
        raise NotKnownYetError("No such item of an approved plan is known here yet.")
    known = session.get(ItemPayee, command.item_id)
    if known is None or known.payee_id != command.payee_id:
        session.merge(
            ItemPayee(
                item_id=command.item_id,
                payee_id=command.payee_id,
                linked_by=command.linked_by,
                linked_at=trace.at,
            )
        )
        _open_what_waits(session=session, trace=trace)
    return {"item_id": command.item_id, **payees.answer_about(payee)}


def _open_what_waits(*, session: Session, trace: Trace) -> None:
    """Pay what waited for this at once; a timer finds what waits for anything else."""
    session.flush()
    for one in waiting.waiting_for_payee(trace.at, session=session):
        holds.open_what_waits(one, session=session, trace=trace)
