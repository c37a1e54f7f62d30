"""GOV.UK Notify through its official client, and what its answers and silences mean."""

import logging
import threading
from collections.abc import Callable
from typing import Any

import requests
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError

from services.notifications.delivery.rules import MOST_ADDRESS_LINES, Outgoing
from services.notifications.delivery.wire import PROVIDER
from services.notifications.settings import NotifySettings
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError

CONNECT_SECONDS = 3
_NO_SUCH_MESSAGE = 404
_REFUSED = frozenset({400, 404})
# Ours to mend, or a matter of waiting: a wrong key, a clock that is off, too many at once.
_NOT_NOW = frozenset({401, 403, 429})


class NotifyClient:
    """Sends messages and looks them up. May be used by several threads."""

    name = PROVIDER

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._of_thread = threading.local()  # the official client is not thread-safe
        # It logs the texts of errors, which can quote what was sent.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)

    def send(self, outgoing: Outgoing) -> str:
        """Send a message and return Notify's id for it.

        Raises:
            RefusedOutsideError: Notify will never send it.
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
        """Return Notify's id for the newest message with our reference, if it has one.

        Raises:
            OutcomeUnknownError: we could not find out. Never anything else: that would let
                the message be sent again, or be given up though it went out.
        """
        try:
            found = self._client().get_all_notifications(reference=reference)["notifications"]
            return str(found[0]["id"]) if found else None
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
            if error.response is not None and error.response.status_code == _NO_SUCH_MESSAGE:
                return None
            raise OutcomeUnknownError from error
        except Exception as error:
            raise OutcomeUnknownError from error

    def _post(self, outgoing: Outgoing) -> Any:
        sending: dict[str, Callable[[Outgoing], Any]] = {
            "sms": self._sms,
            "email": self._email,
            "letter": self._letter,
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
            personalisation={"subject": outgoing.subject, "body": outgoing.body},
            reference=outgoing.reference,
        )

    def _letter(self, outgoing: Outgoing) -> Any:
        lines = [*outgoing.to, *[""] * MOST_ADDRESS_LINES][:MOST_ADDRESS_LINES]
        address = {f"address_line_{number}": line for number, line in enumerate(lines, start=1)}
        return self._client().send_letter_notification(
            template_id=self._settings.template_ids["letter"],
            personalisation={"heading": outgoing.subject, "body": outgoing.body, **address},
            reference=outgoing.reference,
        )

    def _client(self) -> Any:
        if not hasattr(self._of_thread, "client"):
            self._of_thread.client = NotificationsAPIClient(  # type: ignore[no-untyped-call]
                self._settings.api_key,
                base_url=self._settings.url,
                timeout=(CONNECT_SECONDS, self._settings.timeout_seconds),
            )
        return self._of_thread.client


def meaning_of(error: HTTPError) -> Exception:
    """Return what a failed call means, by its cause.

    The official client shows a lost connection, a refused one and a true 503 all as 503.
    """
    status = None if error.response is None else error.response.status_code
    if status in _REFUSED:
        return RefusedOutsideError(f"notify_refused_{status}")
    if status in _NOT_NOW or (status is None and _was_never_sent(error.__cause__)):
        return NotSentError()
    return OutcomeUnknownError()


def _was_never_sent(cause: BaseException | None) -> bool:
    """Tell whether no connection came about, so that nothing can have been sent."""
    if isinstance(cause, requests.ConnectTimeout):
        return True
    if not isinstance(cause, requests.ConnectionError) or not cause.args:
        return False
    reason = cause.args[0]
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
