"""Addresses for files, and what comes of a file that was sent to one."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from services.payments import addresses
from services.payments.addresses import AddressOverError, NoSuchAddressError, Purpose
from services.payments.purchases import handlers as purchases
from services.payments.receipt_files import rules
from services.payments.receipt_files.commands import AskReceipt, AskUpload
from services.payments.receipt_files.models import ReceiptAddress
from services.payments.receipt_files.store import Received
from services.payments.receipts import handlers as receipts
from services.payments.receipts.commands import AttachReceipt, Line, MediaType
from services.payments.receipts.models import Receipt
from services.payments.receipts.rules import check_lines, check_receipt
from shared.errors import IdReusedError, NotFoundError
from shared.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that lies in the store."""

    receipt_id: UUID
    sha256: str
    media_type: str
    size_bytes: int


def ask_upload(command: AskUpload, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Return an address to which a receipt's file can be sent, once.

    Raises:
        NotFoundError: no such purchase.
        NothingBoughtError, LinesDoNotAddUpError: the receipt is for nothing, or contradicts itself.
        IdReusedError: ``receipt_id`` is another receipt's.
        FileKeptError: its file is here.
    """
    purchase = purchases.locked(session, command.purchase_id)
    check_receipt(state=purchase.state, captured_pence=purchase.captured_pence)
    totals_pence = [line.total_pence for line in command.lines]
    check_lines(totals_pence, amount_pence=command.amount_pence)
    receipt = session.get(Receipt, command.receipt_id)
    if receipt is not None:
        asked = (command.purchase_id, command.sha256 or receipt.sha256, command.amount_pence)
        if asked != (receipt.purchase_id, receipt.sha256, receipt.amount_pence):
            raise IdReusedError("Another receipt has this id.")
        if receipt.stored_at is not None:
            raise rules.FileKeptError("The file of this receipt is here.")
    made = _make(
        Purpose.UPLOAD,
        command.receipt_id,
        command.purchase_id,
        trace.actor,
        sha256=command.sha256,
        amount_pence=command.amount_pence,
        lines=[asdict(line) for line in command.lines],
        trace=trace,
    )
    session.add(made)
    return {
        **_shown(made),
        "largest_bytes": rules.LARGEST_FILE_BYTES,
        "media_types": sorted(MediaType),
    }


def ask_receipt(command: AskReceipt, *, session: Session, trace: Trace) -> Mapping[str, Any]:
    """Return an address at which a receipt's file can be read, once, and keep who asked.

    Raises:
        NotFoundError: no such receipt.
        NoFileError: only its digest is here.
    """
    receipt = session.get(Receipt, command.receipt_id)
    if receipt is None:
        raise NotFoundError("There is no such receipt.", receipt_id=str(command.receipt_id))
    if receipt.stored_at is None:
        raise rules.NoFileError("Only the digest of this receipt is here.")
    made = _make(
        Purpose.READ, receipt.receipt_id, receipt.purchase_id, str(command.asked_by), trace=trace
    )
    session.add(made)
    return {**_shown(made), "media_type": receipt.media_type, "size_bytes": receipt.size_bytes}


def see_that_it_is_open(address_id: UUID, *, session: Session) -> None:
    """See that a file can still be sent to an address, before any of it is read.

    Raises:
        NoSuchAddressError, AddressOverError: it cannot.
    """
    _unused(address_id, session=session)


def keep_file(
    address_id: UUID,
    received: Received,
    *,
    put_in_place: Callable[[Received], None],
    session: Session,
    trace: Trace,
) -> Mapping[str, Any]:
    """Make a file that came the receipt that was announced; the receipt may be known already.

    The file is in its place before this commits: a row whose file is lost cannot be.

    Raises:
        NoSuchAddressError, AddressOverError: somebody was quicker.
        DigestDiffersError: it is another file than was announced.
        NothingBoughtError, IdReusedError: the purchase or the receipt has changed meanwhile.
    """
    address = _unused(address_id, session=session)
    purchase = purchases.locked(session, address.purchase_id)
    known = session.get(Receipt, address.receipt_id)
    announced = {address.sha256, known.sha256 if known else None} - {None}
    if announced - {received.sha256}:
        raise rules.DigestDiffersError("This is another file than was announced.")
    command = AttachReceipt(
        purchase_id=address.purchase_id,
        receipt_id=address.receipt_id,
        sha256=received.sha256,
        amount_pence=address.amount_pence or 0,
        lines=[Line(**line) for line in address.lines],
    )
    receipt = receipts.known_receipt(command, session=session) or receipts.keep_receipt(
        command, purchase, session=session, trace=purchases.in_story(trace, purchase)
    )
    if receipt.stored_at is not None:
        raise rules.FileKeptError("The file of this receipt is here.")
    receipt.media_type = received.media_type
    receipt.size_bytes = received.size_bytes
    receipt.stored_at = trace.at
    address.used_at = trace.at
    session.flush()
    put_in_place(received)
    return {
        "receipt_id": receipt.receipt_id,
        "sha256": receipt.sha256,
        "media_type": receipt.media_type,
        "size_bytes": receipt.size_bytes,
    }


def file_to_read(address_id: UUID, *, session: Session, trace: Trace) -> StoredFile:
    """Return the file that an address lets somebody read, and use the address up.

    Raises:
        NoSuchAddressError, AddressOverError: it lets nobody.
    """
    address = _unused(address_id, session=session)
    address.used_at = trace.at
    receipt = session.get_one(Receipt, address.receipt_id)
    return StoredFile(
        receipt_id=receipt.receipt_id,
        sha256=receipt.sha256,
        media_type=receipt.media_type or "",
        size_bytes=receipt.size_bytes or 0,
    )


def _make(
    purpose: Purpose,
    receipt_id: UUID,
    purchase_id: UUID,
    asked_by: str,
    *,
    sha256: str | None = None,
    amount_pence: int | None = None,
    lines: list[dict[str, Any]] | None = None,
    trace: Trace,
) -> ReceiptAddress:
    return ReceiptAddress(
        address_id=uuid4(),
        purpose=purpose,
        receipt_id=receipt_id,
        purchase_id=purchase_id,
        asked_at=trace.at,
        asked_by=asked_by,
        expires_at=trace.at + rules.ADDRESS_IS_GOOD_FOR,
        sha256=sha256,
        amount_pence=amount_pence,
        lines=lines or [],
    )


def _shown(made: ReceiptAddress) -> Mapping[str, Any]:
    address = addresses.address_of(made.address_id, made.purpose, expires_at=made.expires_at)
    return {
        "receipt_id": made.receipt_id,
        "address": address,
        "expires_at": made.expires_at,
    }


def _unused(address_id: UUID, *, session: Session) -> ReceiptAddress:
    address = session.get(ReceiptAddress, address_id, with_for_update=True)
    if address is None:
        raise NoSuchAddressError("There is no such address.")
    if address.used_at is not None:
        raise AddressOverError("This address was used.")
    return address
