"""The second person for a payee's details and items, and what can be paid from then on."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from services.payments.entitlements.models import Plan, PlanItem
from services.payments.holds import handlers as holds
from services.payments.holds import queries as waiting
from services.payments.limits import rules as limit_rules
from services.payments.payees import handlers as payees
from services.payments.payees import rules
from services.payments.payees.commands import ConfirmLink, ConfirmPayee, LinkPayee
from services.payments.payees.models import ItemPayee, Payee
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
        raise rules.DetailsChangedError("These are not the details that were looked at.")
    limit_rules.see_that_two_decide(asked_by=payee.details_by, decided_by=command.confirmed_by)
    if not payee.is_confirmed:
        payee.confirmed_by, payee.confirmed_at = command.confirmed_by, trace.at
        _open_what_waits(session=session, trace=trace)
    return payees.answer_about(payee)


def link_payee(command: LinkPayee, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Keep to which payee an item is to be paid; what is ordered already stays as it is.

    Nobody is paid for the item until a second person has confirmed it.

    Raises:
        NotFoundError: there is no such payee.
        NotKnownYetError: the item has not arrived here.
        PayeeOfAnotherError: the payee is known for another person.
    """
    payee = _payee_for(command.item_id, command.payee_id, session=session)
    link = session.get(ItemPayee, command.item_id)
    if link is None or link.payee_id != command.payee_id:
        link = session.merge(
            ItemPayee(
                item_id=command.item_id,
                payee_id=command.payee_id,
                linked_by=command.linked_by,
                linked_at=trace.at,
                confirmed_by=None,
                confirmed_at=None,
            )
        )
    return _answer_about(link, payee)


def confirm_link(command: ConfirmLink, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Let an item be paid to the payee to whom somebody else has linked it.

    Raises:
        NotFoundError: there is no such payee.
        NotKnownYetError: the item has not arrived here.
        PayeeOfAnotherError: the payee is known for another person.
        LinkChangedError: the item is linked to another one, or to nobody.
        SamePersonError: whoever linked it does not confirm it.
    """
    payee = _payee_for(command.item_id, command.payee_id, session=session)
    link = session.get(ItemPayee, command.item_id)
    if link is None or link.payee_id != command.payee_id:
        raise rules.LinkChangedError("The item is not linked to this payee.")
    limit_rules.see_that_two_decide(asked_by=link.linked_by, decided_by=command.confirmed_by)
    if not link.is_confirmed:
        link.confirmed_by, link.confirmed_at = command.confirmed_by, trace.at
        _open_what_waits(session=session, trace=trace)
    return _answer_about(link, payee)


def _payee_for(item_id: UUID, payee_id: UUID, *, session: Session) -> Payee:
    """Return a payee who may be paid for an item; both are locked."""
    payee = payees.locked(session, payee_id)
    item = session.get(PlanItem, item_id, with_for_update=True)
    if item is None:
        raise NotKnownYetError("No such item of an approved plan is known here yet.")
    plan = session.get_one(Plan, item.budget_id)
    rules.see_that_it_is_theirs(payee.person_id, person_id=plan.person_id)
    return payee


def _answer_about(link: ItemPayee, payee: Payee) -> Mapping[str, object]:
    return {
        "item_id": link.item_id,
        "is_link_confirmed": link.is_confirmed,
        **payees.answer_about(payee),
    }


def _open_what_waits(*, session: Session, trace: Trace) -> None:
    """Pay what waited for this at once; a timer finds what waits for anything else."""
    session.flush()
    for one in waiting.waiting_for_payee(trace.at, session=session):
        holds.open_what_waits(one, session=session, trace=trace)
