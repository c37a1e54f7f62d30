"""Where receipts' files come and go: ``PUT``, ``POST`` and ``GET /receipts/<token>``.

In the same process as the card network's question: at most two files travel at a time, so that
whoever sends one slowly never takes the threads that answer it.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

import structlog
from flask import Response, request
from werkzeug.exceptions import HTTPException

from services.payments import addresses
from services.payments.addresses import AddressOverError, NoSuchAddressError, Purpose
from services.payments.receipt_files import handlers as files
from services.payments.receipt_files.handlers import StoredFile
from services.payments.receipt_files.rules import (
    LARGEST_FILE_BYTES,
    DigestDiffersError,
    FileKeptError,
)
from services.payments.receipt_files.store import (
    PIECE_BYTES,
    FileTooLargeError,
    FileTypeNotTakenError,
    ReceiptStore,
)
from shared import clock
from shared.contracts import documents
from shared.errors import Refusal
from shared.messaging.inbox import Transaction
from shared.trace import Trace

AT_ONCE = 2
SECONDS_FOR_A_FILE = 60.0
SECONDS_OF_SILENCE = 10.0

log = structlog.get_logger()


class BusyError(Refusal):
    """As many files are on their way as may be at a time."""

    code = "busy"
    next_step = "Try again in a few seconds; the address is still good."


class TooSlowError(Refusal):
    """The file did not come in time."""

    code = "too_slow"
    next_step = "Send it again over a better line; the address is still good."


STATUSES: Mapping[type[Refusal], HTTPStatus] = {
    NoSuchAddressError: HTTPStatus.NOT_FOUND,
    AddressOverError: HTTPStatus.GONE,
    FileTooLargeError: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    FileTypeNotTakenError: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    FileKeptError: HTTPStatus.CONFLICT,
    DigestDiffersError: HTTPStatus.UNPROCESSABLE_ENTITY,
    BusyError: HTTPStatus.SERVICE_UNAVAILABLE,
    TooSlowError: HTTPStatus.REQUEST_TIMEOUT,
}


class ReceiptFiles:
    """The two things that can be done with a receipt's file."""

    def __init__(
        self, transaction: Transaction, *, store: ReceiptStore, new_trace: Callable[[], Trace]
    ) -> None:
        self._transaction = transaction
        self._store = store
        self._new_trace = new_trace
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def put(self, token: str) -> Response:
        """Take a file in, streamed; nothing of one that is refused stays."""
        return self._guarded(partial(self._put, token))

    def get(self, token: str) -> Response:
        """Send a file, decrypted piece by piece."""
        return self._guarded(partial(self._get, token))

    def _put(self, token: str) -> Response:
        trace = self._new_trace()
        address_id = addresses.read(token, Purpose.UPLOAD, at=clock.now())
        with self._transaction() as session:
            files.see_that_it_is_open(address_id, session=session)
        if (request.content_length or 0) > LARGEST_FILE_BYTES:
            raise FileTooLargeError("This file is too large.", largest_bytes=LARGEST_FILE_BYTES)
        self._take_place()
        try:
            answer = self._take_in(address_id, trace)
        finally:
            self._places.release()
        return _document(answer, HTTPStatus.CREATED)

    def _take_in(self, address_id: UUID, trace: Trace) -> Mapping[str, Any]:
        request.max_content_length = LARGEST_FILE_BYTES + 2 * PIECE_BYTES  # we count ourselves
        _give_up_on_silence()
        received = self._store.receive(
            request.stream.read, called=request.mimetype, see_that_it_goes_on=_deadline()
        )
        try:
            with self._transaction() as session:
                return files.keep_file(
                    address_id,
                    received,
                    put_in_place=self._store.keep,
                    session=session,
                    trace=trace,
                )
        finally:
            self._store.drop(received)

    def _get(self, token: str) -> Response:
        trace = self._new_trace()
        address_id = addresses.read(token, Purpose.READ, at=clock.now())
        self._take_place()
        try:
            with self._transaction() as session:
                stored = files.file_to_read(address_id, session=session, trace=trace)
                pieces = self._store.read(stored.sha256)
        except BaseException:
            self._places.release()
            raise
        response = self._sent(stored, pieces)
        response.call_on_close(self._places.release)
        return response

    def _sent(self, stored: StoredFile, pieces: Iterator[bytes]) -> Response:
        _give_up_on_silence()
        name = f"receipt-{stored.receipt_id}"
        headers = {
            "Content-Length": str(stored.size_bytes),
            # It came from outside: it is saved, and never shown as a part of a page of ours.
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        }
        return Response(pieces, headers=headers, mimetype=stored.media_type)

    def _take_place(self) -> None:
        if not self._places.acquire(blocking=False):
            raise BusyError("Other files are on their way.")

    def _guarded(self, view: Callable[[], Response]) -> Response:
        """Answer what is refused with its reason, and a fault of ours without one."""
        try:
            return view()
        except Refusal as refusal:
            log.warning("receipt_file_refused", reason=refusal.code)
            status = STATUSES.get(type(refusal), HTTPStatus.CONFLICT)
            response = _document(refusal.as_answer(), status)
            if status is HTTPStatus.SERVICE_UNAVAILABLE:
                response.headers["Retry-After"] = "3"
            return response
        except (HTTPException, OSError) as error:
            log.warning("receipt_file_not_whole", reason=type(error).__name__)
            broken_off = TooSlowError("The file did not come whole.")
            return _document(broken_off.as_answer(), HTTPStatus.REQUEST_TIMEOUT)
        except Exception:
            log.exception("receipt_file_fault")
            answer = {"code": "fault", "message": "This did not work.", "next_step": "Try again."}
            return _document(answer, HTTPStatus.SERVICE_UNAVAILABLE)


def _deadline() -> Callable[[], None]:
    ends_at = time.monotonic() + SECONDS_FOR_A_FILE

    def see_that_it_goes_on() -> None:
        if time.monotonic() > ends_at:
            raise TooSlowError("The file took too long.")

    return see_that_it_goes_on


def _give_up_on_silence() -> None:
    """Gunicorn waits for a body for ever: have a sender who says nothing cut off."""
    socket = request.environ.get("gunicorn.socket")
    if socket is not None:
        socket.settimeout(SECONDS_OF_SILENCE)


def _document(answer: Mapping[str, Any], status: HTTPStatus) -> Response:
    return Response(documents.write(answer), status=status, mimetype="application/json")
