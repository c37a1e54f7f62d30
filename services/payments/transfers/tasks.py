"""What somebody has to do about a transfer that went another way than it should."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from services.payments.exceptions import handlers as exceptions
from services.payments.exceptions.commands import RaiseException
from services.payments.exceptions.rules import NOBODY, ExceptionKind, Resolution
from services.payments.transfers.models import Transfer
from shared.trace import Trace


def have_looked_at(
    transfer: Transfer, kind: ExceptionKind, *, session: Session, trace: Trace
) -> None:
    """Have somebody look at a transfer, once for each kind of thing that happened."""
    command = RaiseException(
        kind=kind,
        about=_about(transfer),
        purchase_id=transfer.purchase_id,
        amount_pence=transfer.amount_pence,
    )
    exceptions.raise_exception(command, session=session, trace=trace)


def of_failure(transfer: Transfer) -> ExceptionKind:
    """Return whose task it is that the bank could not make a transfer."""
    if transfer.purchase_id is None:
        return ExceptionKind.DIRECT_PAYMENT_FAILED
    return ExceptionKind.TRANSFER_FAILED


def outcome_unknown(transfer: Transfer, *, session: Session, trace: Trace) -> None:
    """Have somebody ask the bank about a transfer of which it never answered."""
    kind = ExceptionKind.TRANSFER_OUTCOME_UNKNOWN
    have_looked_at(transfer, kind, session=session, trace=trace)


def outcome_known(transfer: Transfer, *, session: Session, trace: Trace) -> None:
    """End that task: the bank has told how the transfer ended."""
    kind = ExceptionKind.TRANSFER_OUTCOME_UNKNOWN
    _end(kind, transfer, "The bank has told how it ended.", session=session, trace=trace)


def paid_after_failure(transfer: Transfer, *, session: Session, trace: Trace) -> None:
    """Have somebody see that nobody is paid twice; that it failed is nobody's task any more."""
    kind = ExceptionKind.TRANSFER_PAID_AFTER_FAILURE
    have_looked_at(transfer, kind, session=session, trace=trace)
    _has_no_task(transfer, "The bank has paid it after all.", session=session, trace=trace)


def ordered_again(failed: Iterable[Transfer], *, session: Session, trace: Trace) -> None:
    """End the tasks of transfers that failed: their invoice was sent and ordered again."""
    for transfer in failed:
        _has_no_task(transfer, "The invoice was sent again.", session=session, trace=trace)


def _has_no_task(transfer: Transfer, reason: str, *, session: Session, trace: Trace) -> None:
    _end(of_failure(transfer), transfer, reason, session=session, trace=trace)


def _end(
    kind: ExceptionKind, transfer: Transfer, reason: str, *, session: Session, trace: Trace
) -> None:
    exceptions.end_about(
        kind,
        _about(transfer),
        resolution=Resolution.CORRECTED,
        resolved_by=NOBODY,
        reason=reason,
        session=session,
        trace=trace,
    )


def _about(transfer: Transfer) -> str:
    return f"transfer/{transfer.transfer_id}"
