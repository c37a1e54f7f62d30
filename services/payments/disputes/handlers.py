"""Drafting a dispute, sending it, and following what the issuer says of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.payments.authorisations import handlers as authorisations
from services.payments.authorisations.claims import claims_on
from services.payments.disputes import rules
from services.payments.disputes.commands import (
    ExpireDispute,
    OpenDispute,
    RecordDispute,
    SubmitDispute,
    WithdrawDispute,
)
from services.payments.disputes.models import Dispute
from services.payments.disputes.rules import DisputeState, IssuerStatus
from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import ExceptionKind
from services.payments.presentments.models import Presentment
from services.payments.purchases import handlers as purchases
from services.payments.purchases.models import Purchase
from shared.errors import IdReusedError
from shared.messaging import errands
from shared.trace import Trace

SEND_DISPUTE = "send_dispute"


def open_dispute(command: OpenDispute, *, session: Session, trace: Trace) -> Mapping[str, object]:
    """Draft a dispute about a capture, once for each ``dispute_id``.

    Raises:
        NotFoundError: no such purchase.
        NotDisputableError: it is no capture of this purchase, or is disputed already.
        DisputeTooLateError: its last day has gone by.
        NothingToDisputeError: the shop has given it back.
        IdReusedError: ``dispute_id`` was used for another dispute.
    """
    purchase = purchases.locked(session, command.purchase_id)
    earlier = session.get(Dispute, command.dispute_id)
    if earlier is not None:
        return _answer_again(earlier, command)
    presentment = _capture_of(purchase, command.presentment_id, session=session)
    until = rules.submit_by(presentment.heard_at)
    rules.check_time(at=trace.at, until=until)
    dispute = Dispute(
        dispute_id=command.dispute_id,
        purchase_id=purchase.purchase_id,
        presentment_id=presentment.presentment_id,
        amount_pence=_disputable_pence(presentment, purchase, session=session),
        submit_by=until,
        opened_at=trace.at,
        reason=command.reason,
        words=command.words,
        evidence=[*command.evidence],
        opened_by=command.opened_by,
    )
    session.add(dispute)
    _follow(dispute, purchase, session=session, trace=trace)
    return _answer(dispute)


def submit_dispute(
    command: SubmitDispute, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Have a draft sent to the issuer, once.

    Raises:
        DisputeNotFoundError: there is none.
        DisputeNotOpenError: it has ended, or it was opened at the issuer.
        DisputeTooLateError: its last day has gone by.
        NothingToDisputeError: the shop has given the money back meanwhile.
    """
    dispute, purchase = _locked(command.dispute_id, session=session)
    if dispute.state in {DisputeState.SENT, DisputeState.SUBMITTED}:
        return _answer(dispute)
    if dispute.state is not DisputeState.DRAFT or dispute.reason is None:
        raise rules.DisputeNotOpenError("This dispute cannot be sent.")
    rules.check_time(at=trace.at, until=dispute.submit_by)
    presentment = session.get_one(Presentment, dispute.presentment_id)
    dispute.amount_pence = _disputable_pence(presentment, purchase, session=session)
    dispute.state = DisputeState.SENT
    dispute.submitted_by = command.submitted_by
    arguments = {
        "dispute_id": str(dispute.dispute_id),
        "presentment_id": dispute.presentment_id,
        "amount_pence": dispute.amount_pence,
        "reason": dispute.reason.value,
        "words": dispute.words,
        "evidence": dispute.evidence,
    }
    story = purchases.in_story(trace, purchase)
    errands.add(session, SEND_DISPUTE, arguments, trace=story)
    return _answer(dispute)


def withdraw_dispute(
    command: WithdrawDispute, *, session: Session, trace: Trace
) -> Mapping[str, object]:
    """Give up a draft; the capture can be disputed anew.

    Raises:
        DisputeNotFoundError: there is none.
        DisputeNotOpenError: it was sent, or has ended: the network decides it.
    """
    dispute, purchase = _locked(command.dispute_id, session=session)
    if dispute.state is DisputeState.WITHDRAWN:
        return _answer(dispute)
    if dispute.state not in rules.NOT_SENT:
        raise rules.DisputeNotOpenError("Only a dispute that was not sent can be withdrawn.")
    dispute.state = DisputeState.WITHDRAWN
    dispute.withdrawn_by = command.withdrawn_by
    dispute.withdrawn_because = command.reason
    _follow(dispute, purchase, session=session, trace=trace)
    return _answer(dispute)


def record_dispute(command: RecordDispute, *, session: Session, trace: Trace) -> None:
    """Follow the issuer, in whatever order it speaks.

    Raises:
        UnknownPresentmentError: the capture is not known here, or not yet.
    """
    presentment = session.get(Presentment, command.presentment_id)
    if presentment is None or presentment.counted_for is None:
        raise rules.UnknownPresentmentError("The disputed capture is not known here.")
    purchase = purchases.locked(session, presentment.counted_for)
    dispute = _known(command, session=session) or _opened_elsewhere(
        command, presentment, purchase, session=session, trace=trace
    )
    dispute.issuer_dispute_id = command.issuer_dispute_id
    known = rules.age(dispute.issuer_status, dispute.steps)
    if rules.age(command.status, command.steps) <= known:
        return
    dispute.issuer_status = command.status
    dispute.steps = command.steps
    dispute.credited_pence = command.credited_pence
    dispute.loss_reason = command.loss_reason
    dispute.state = rules.state_at(command.status, dispute.state)
    _follow(dispute, purchase, session=session, trace=trace)


def record_sent(
    answer: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace
) -> None:
    """Keep the issuer's id; it may have told more already."""
    dispute, _ = _locked(UUID(arguments["dispute_id"]), session=session)
    dispute.issuer_dispute_id = answer
    if dispute.state is DisputeState.SENT:
        dispute.state = DisputeState.SUBMITTED
        dispute.issuer_status = IssuerStatus.SUBMITTED


def not_sent(reason: str, arguments: Mapping[str, Any], *, session: Session, trace: Trace) -> None:
    """Have somebody see to it before the last day; where the outcome is unknown it stays sent."""
    dispute, purchase = _locked(UUID(arguments["dispute_id"]), session=session)
    if dispute.state is DisputeState.SENT and reason != errands.OUT_OF_TRIES:
        dispute.state = DisputeState.DRAFT
    _have_looked_at(ExceptionKind.DISPUTE_NOT_SENT, dispute, purchase, session=session, trace=trace)


def see_to_draft(command: ExpireDispute, *, session: Session, trace: Trace) -> None:
    """Warn of a draft's last day, and end it when that has gone by."""
    dispute, purchase = _locked(command.dispute_id, session=session)
    if dispute.state is not DisputeState.DRAFT:
        return
    if trace.at < dispute.submit_by:
        kind = ExceptionKind.DISPUTE_NOT_SENT
        _have_looked_at(kind, dispute, purchase, session=session, trace=trace)
        return
    dispute.state = DisputeState.EXPIRED
    _follow(dispute, purchase, session=session, trace=trace)


def _follow(dispute: Dispute, purchase: Purchase, *, session: Session, trace: Trace) -> None:
    """Let the purchase's amounts follow; have somebody decide about what was lost."""
    presentment = session.get_one(Presentment, dispute.presentment_id)
    is_won = dispute.state is DisputeState.WON
    presentment.won_back_pence = min(dispute.amount_pence, presentment.amount_pence) * is_won
    session.flush()
    disputes = session.scalars(select(Dispute).where(Dispute.purchase_id == purchase.purchase_id))
    of_purchase = disputes.all()
    purchase.disputed_pence = sum(one.open_pence for one in of_purchase)
    purchase.reinstated_pence = sum(one.reinstated_pence for one in of_purchase)
    if rules.is_for_a_person(dispute.state, dispute.loss_reason):
        kind = ExceptionKind.DISPUTE_LOST
        _have_looked_at(kind, dispute, purchase, session=session, trace=trace)
    authorisations.converge(purchase, session=session, trace=trace)


def _have_looked_at(
    kind: ExceptionKind, dispute: Dispute, purchase: Purchase, *, session: Session, trace: Trace
) -> None:
    command = RaiseException(
        kind=kind,
        about=f"dispute/{dispute.dispute_id}",
        purchase_id=purchase.purchase_id,
        amount_pence=dispute.amount_pence,
    )
    exceptions.raise_exception(command, session=session, trace=purchases.in_story(trace, purchase))


def _capture_of(purchase: Purchase, presentment_id: str, *, session: Session) -> Presentment:
    found = session.get(Presentment, presentment_id)
    if found is None or found.is_refund:
        raise rules.NotDisputableError("There is no such capture.")
    if found.counted_for != purchase.purchase_id:
        raise rules.NotDisputableError("This capture is of another purchase.")
    disputed = select(Dispute.dispute_id).where(
        Dispute.presentment_id == presentment_id, Dispute.state != DisputeState.WITHDRAWN
    )
    if session.scalar(disputed) is not None:
        raise rules.NotDisputableError("This capture is disputed already.")
    return found


def _disputable_pence(presentment: Presentment, purchase: Purchase, *, session: Session) -> int:
    claimed = claims_on(session, purchase.purchase_id)
    refunded = claimed.refunds.by_authorisation.get(presentment.authorisation_id or "", 0)
    return rules.disputable_pence(amount_pence=presentment.amount_pence, refunded_pence=refunded)


def _known(command: RecordDispute, *, session: Session) -> Dispute | None:
    """Return the dispute that the issuer speaks of; its id may not have arrived here yet."""
    by_id = select(Dispute).where(Dispute.issuer_dispute_id == command.issuer_dispute_id)
    sent = select(Dispute).where(
        Dispute.presentment_id == command.presentment_id,
        Dispute.issuer_dispute_id.is_(None),
        Dispute.state != DisputeState.WITHDRAWN,
    )
    return session.scalar(by_id) or session.scalar(sent)


def _opened_elsewhere(
    command: RecordDispute,
    presentment: Presentment,
    purchase: Purchase,
    *,
    session: Session,
    trace: Trace,
) -> Dispute:
    dispute = Dispute(
        dispute_id=uuid4(),
        purchase_id=purchase.purchase_id,
        presentment_id=presentment.presentment_id,
        amount_pence=command.amount_pence,
        submit_by=rules.submit_by(presentment.heard_at),
        opened_at=trace.at,
        reason=None,
        words=None,
        evidence=[],
        opened_by=None,
        steps=-1,  # nothing was heard of it yet
    )
    session.add(dispute)
    return dispute


def _locked(dispute_id: UUID, *, session: Session) -> tuple[Dispute, Purchase]:
    found = session.get(Dispute, dispute_id)
    if found is None:
        raise rules.DisputeNotFoundError("There is no such dispute.")
    purchase = purchases.locked(session, found.purchase_id)
    session.refresh(found)
    return found, purchase


def _answer_again(earlier: Dispute, command: OpenDispute) -> Mapping[str, object]:
    known = (earlier.presentment_id, earlier.reason, earlier.words, earlier.evidence)
    if known != (command.presentment_id, command.reason, command.words, [*command.evidence]):
        raise IdReusedError("Another dispute has this id.")
    return _answer(earlier)


def _answer(dispute: Dispute) -> Mapping[str, object]:
    return {
        "dispute_id": dispute.dispute_id,
        "state": dispute.state,
        "amount_pence": dispute.amount_pence,
        "submit_by": dispute.submit_by,
    }
