"""GOV.UK Notify through its official client, and what its answers and silences mean."""

import io
import logging
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from services.notifications.delivery.rules import MOST_ADDRESS_LINES, Outgoing
from services.notifications.delivery.wire import PROVIDER
from services.notifications.notify_markdown import plain
from services.notifications.providers import NotTodayError
from services.notifications.settings import NotifySettings
from services.notifications.silences import was_never_sent
from shared import clock
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError

CONNECT_SECONDS = 3
ADDRESSES = 2  # of one host, each with the time to connect
_NO_SUCH_MESSAGE = 404
_TOO_MANY = 429
_FORBIDDEN = 403
_REFUSED = frozenset({400, 404, 413})
# Ours to mend, or a matter of waiting: a wrong key, a clock that is off, too many at once.
_NOT_NOW = frozenset({401, 403, 429})
_AFTER_MIDNIGHT = timedelta(seconds=30)  # their clock need not be ours

log = structlog.get_logger()


class NotifyClient:
    """Sends messages and looks them up. May be used by several threads."""

    name = PROVIDER

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._of_thread = threading.local()  # the official client is not thread-safe
        # It logs the texts of errors, which can quote what was sent.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

    @property
    def longest_call_seconds(self) -> float:
        return ADDRESSES * CONNECT_SECONDS + self._settings.timeout_seconds

    def send(self, outgoing: Outgoing) -> str:
        """Send a message and return Notify's id for it.

        Raises:
            RefusedOutsideError: Notify will never send it.
            NotTodayError: it takes no more before midnight UTC.
            NotSentError: it certainly did not take it, for now.
            OutcomeUnknownError: it may have taken it.
        """
        try:
            return str(self._post(outgoing)["id"])
        except HTTPError as error:
            raise meaning_of(error) from error
        except Exception as error:
            raise OutcomeUnknownError from error

    def find(self, reference: str) -> str | None:
        """Return Notify's id for the first message with our reference, if it has one.

        Raises:
            OutcomeUnknownError: we could not find out. Never anything else: that would let
                the message be sent again, or be given up though it went out.
        """
        try:
            found = self._client().get_all_notifications(reference=reference)["notifications"]
            if len(found) > 1:
                log.error("sent_more_than_once", reference=reference, times=len(found))
            return str(found[-1]["id"]) if found else None  # they come newest first
        except Exception as error:
            raise OutcomeUnknownError from error

    def status(self, provider_id: str) -> str | None:
        """Return what became of a message, in Notify's word; None if it knows of none.

        Raises:
            OutcomeUnknownError: we could not find out.
        """
        try:
            return str(self._client().get_notification_by_id(provider_id)["status"])
        except HTTPError as error:
            if _status_of(error) == _NO_SUCH_MESSAGE:
                return None
            raise OutcomeUnknownError from error
        except Exception as error:
            raise OutcomeUnknownError from error

    def _post(self, outgoing: Outgoing) -> Any:
        sending: Mapping[str, Callable[[Outgoing], Any]] = {
            "sms": self._sms,
            "email": self._email,
            "letter": self._letter if outgoing.pdf is None else self._printed_letter,
        }
        return sending[outgoing.channel](outgoing)

    def _sms(self, outgoing: Outgoing) -> Any:
        return self._client().send_sms_notification(
            phone_number=outgoing.to[0],
            template_id=self._settings.template_ids["sms"],
            personalisation={"body": outgoing.body},
            reference=outgoing.reference,
        )

    def _email(self, outgoing: Outgoing) -> Any:
        return self._client().send_email_notification(
            email_address=outgoing.to[0],
            template_id=self._settings.template_ids["email"],
            personalisation={"subject": outgoing.subject, "body": plain(outgoing.body)},
            reference=outgoing.reference,
            one_click_unsubscribe_url=outgoing.unsubscribe_url,
        )

    def _letter(self, outgoing: Outgoing) -> Any:
        lines = [*outgoing.to, *[""] * MOST_ADDRESS_LINES][:MOST_ADDRESS_LINES]
        address = {f"address_line_{number}": line for number, line in enumerate(lines, start=1)}
        return self._client().send_letter_notification(
            template_id=self._settings.template_ids["letter"],
            personalisation={
                "heading": plain(outgoing.subject or ""),
                "body": plain(outgoing.body),
                **address,
            },
            reference=outgoing.reference,
        )

    def _printed_letter(self, outgoing: Outgoing) -> Any:
        """Send a letter that we have set ourselves; its address is in its window."""
        return self._client().send_precompiled_letter_notification(
            reference=outgoing.reference, pdf_file=io.BytesIO(outgoing.pdf or b"")
        )

    def _client(self) -> Any:
        if not hasattr(self._of_thread, "client"):
            client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
                self._settings.api_key,
                base_url=self._settings.url,
                timeout=(CONNECT_SECONDS, self._settings.timeout_seconds),
            )
            client.request_session.max_redirects = 0  # nobody but Notify gets what it was to get
            self._of_thread.client = client
        return self._of_thread.client


def meaning_of(error: HTTPError) -> Exception:
    """Return what a failed call means, by its cause.

    The official client shows a lost connection, a refused one and a true 503 all as 503. Notify
    asks callers to go by the status and the error's name, which tells two kinds of 429 apart,
    and a key that may not do a thing (403) from a key or a clock that is wrong.
    """
    status, name = _status_of(error), _name_of(error)
    if status in _REFUSED or (status == _FORBIDDEN and name == "BadRequestError"):
        return RefusedOutsideError(f"notify_refused_{status}")
    if status == _TOO_MANY and name == "TooManyRequestsError":
        return NotTodayError(until=clock.now() + _until_midnight())
    if status in _NOT_NOW or (status is None and was_never_sent(error.__cause__)):
        return NotSentError()
    return OutcomeUnknownError()


def _until_midnight() -> timedelta:
    """Return how long Notify's day goes on; it ends at midnight UTC, by the real time."""
    at = clock.system_time()
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return midnight - at + _AFTER_MIDNIGHT


def _status_of(error: HTTPError) -> int | None:
    return None if error.response is None else error.response.status_code


def _name_of(error: HTTPError) -> str | None:
    """Return the name of the first error in an answer, if it has Notify's shape."""
    errors: Any = error.message
    try:
        return str(errors[0]["error"])
    except (LookupError, TypeError):
        return None
