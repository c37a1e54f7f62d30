"""NHS Notify over HTTP, and what its answers and silences mean. Its spelling ends here.

It finds people by their NHS number and reaches them as they are known there. A message that is
asked for again under the same reference is not sent again (422), which is how one enquires.
"""

import threading
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import jwt
import requests

from services.notifications.delivery.rules import NHS_NOTIFY, TAKEN_BEFORE, Outgoing
from services.notifications.provider_settings import NhsNotifySettings
from services.notifications.providers import NotTodayError
from services.notifications.silences import was_never_sent
from shared import clock
from shared.messaging.errands import NotSentError, OutcomeUnknownError, RefusedOutsideError

CONNECT_SECONDS = 3
ADDRESSES = 2  # of one host, each with the time to connect
ASSERTION_SECONDS = 240  # the longest that is taken is five minutes
RENEW_BEFORE_SECONDS = 60
SOON_SECONDS = 60  # the errand's own pauses are enough up to here
CONTENT_TYPE = "application/vnd.api+json"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Ours to mend, or a matter of waiting: nothing was taken, and the same call may work later.
_NOT_NOW = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.NOT_ACCEPTABLE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
}
_REFUSED = {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}


class NhsNotifyClient:
    """Sends texts and e-mails and looks them up. May be used by several threads."""

    name = NHS_NOTIFY

    def __init__(self, settings: NhsNotifySettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._token = ""
        self._token_ends_at = 0.0  # by the monotonic clock
        self._of_thread = threading.local()

    @property
    def longest_call_seconds(self) -> float:
        """Wait for whoever asks for a token, ask for one, send; all twice if it was no good."""
        return 2 * 3 * self._longest_request_seconds

    @property
    def _longest_request_seconds(self) -> float:
        return ADDRESSES * CONNECT_SECONDS + self._settings.timeout_seconds

    def send(self, outgoing: Outgoing) -> str:
        """Send a message and return NHS Notify's id for it.

        Where it has the message already, it does not tell its id; ``reference:`` and our
        reference stand for it then.

        Raises:
            RefusedOutsideError: NHS Notify will never send it, or must not be asked to.
            NotTodayError, NotSentError: it certainly did not take it, for now.
            OutcomeUnknownError: it may have taken it.
        """
        answer = self._asked("POST", "/comms/v1/messages", json=self._written(outgoing))
        if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY and _is_duplicate(answer):
            return f"{TAKEN_BEFORE}{outgoing.reference}"
        if answer.status_code != HTTPStatus.CREATED:
            raise meaning_of(answer)
        try:
            return str(answer.json()["data"]["id"])
        except (ValueError, LookupError, TypeError) as error:
            raise OutcomeUnknownError from error

    def find(self, reference: str) -> str | None:
        """Return None: nobody can be asked for a reference, and nobody need be.

        To send again under the same reference is safe, and tells whether it was taken before.
        """
        return None

    def status(self, provider_id: str) -> str | None:
        """Return what became of a message, in NHS Notify's word; None if it knows of none.

        Raises:
            OutcomeUnknownError: we could not find out.
        """
        if provider_id.startswith(TAKEN_BEFORE):
            raise OutcomeUnknownError
        try:
            answer = self._asked("GET", f"/comms/v1/messages/{provider_id}")
            if answer.status_code == HTTPStatus.NOT_FOUND:
                return None
            answer.raise_for_status()
            return str(answer.json()["data"]["attributes"]["messageStatus"])
        except Exception as error:
            raise OutcomeUnknownError from error

    def _written(self, outgoing: Outgoing) -> Mapping[str, Any]:
        """Write a message as NHS Notify takes it.

        Raises:
            RefusedOutsideError: it is not for somebody whom NHS Notify knows, or not by a
                channel that we have a plan for.
        """
        if outgoing.is_to_staff:
            raise RefusedOutsideError("nhs_notify_never_to_staff")
        if outgoing.nhs_number is None:
            raise RefusedOutsideError("nhs_notify_without_nhs_number")
        plan_id = self._settings.routing_plan_ids.get(outgoing.channel)
        if plan_id is None:
            raise RefusedOutsideError("nhs_notify_without_plan")
        said = {"sms_body": outgoing.body}
        if outgoing.channel == "email":
            said = {"email_subject": outgoing.subject or "", "email_body": outgoing.body}
        attributes = {
            "routingPlanId": plan_id,
            "messageReference": outgoing.reference,
            "recipient": {"nhsNumber": outgoing.nhs_number},
            "personalisation": said,
        }
        return {"data": {"type": "Message", "attributes": attributes}}

    def _asked(self, method: str, path: str, **more: Any) -> requests.Response:
        """Ask with a token; with a new one, once, if the token is not good any more."""
        token = self._good_token()
        answer = self._call(method, path, token=token, **more)
        if answer.status_code == HTTPStatus.UNAUTHORIZED:
            answer = self._call(method, path, token=self._good_token(instead_of=token), **more)
        return answer

    def _call(self, method: str, path: str, *, token: str, **more: Any) -> requests.Response:
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": CONTENT_TYPE,
            "Accept": CONTENT_TYPE,
        }
        try:
            return self._session().request(
                method,
                f"{self._settings.url}{path}",
                headers=headers,
                timeout=(CONNECT_SECONDS, self._settings.timeout_seconds),
                allow_redirects=False,
                **more,
            )
        except requests.RequestException as error:
            if was_never_sent(error):
                raise NotSentError from error
            raise OutcomeUnknownError from error

    def _good_token(self, *, instead_of: str | None = None) -> str:
        """Return a token, a new one if there is none or it ends soon.

        Raises:
            NotSentError: we get none, or somebody else takes too long to get one.
        """
        if not self._lock.acquire(timeout=self._longest_request_seconds):
            raise NotSentError
        try:
            is_good = time.monotonic() < self._token_ends_at and self._token != instead_of
            if not is_good:
                try:
                    self._renew()
                except (requests.RequestException, ValueError, LookupError, TypeError) as error:
                    raise NotSentError from error
            return self._token
        finally:
            self._lock.release()

    def _renew(self) -> None:
        url, began_at = f"{self._settings.url}/oauth2/token", time.monotonic()
        claims = {
            "iss": self._settings.api_key,
            "sub": self._settings.api_key,
            "aud": url,
            "jti": str(uuid.uuid4()),
            "exp": int(clock.system_time().timestamp()) + ASSERTION_SECONDS,
        }
        assertion = jwt.encode(
            claims,
            self._settings.private_key,
            algorithm="RS512",
            headers={"kid": self._settings.key_id},
        )
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": assertion,
        }
        timeouts = (CONNECT_SECONDS, self._settings.timeout_seconds)
        answer = self._session().post(url, data=form, timeout=timeouts, allow_redirects=False)
        answer.raise_for_status()
        given = answer.json()
        self._token = str(given["access_token"])
        self._token_ends_at = began_at + float(given["expires_in"]) - RENEW_BEFORE_SECONDS

    def _session(self) -> requests.Session:
        if not hasattr(self._of_thread, "session"):
            self._of_thread.session = requests.Session()
            self._of_thread.session.trust_env = False  # a .netrc would replace our header
        session: requests.Session = self._of_thread.session
        return session


def meaning_of(answer: requests.Response) -> Exception:
    """Return what an answer that is no acceptance means, by its status."""
    status = answer.status_code
    if status in _REFUSED:
        return RefusedOutsideError(f"nhs_notify_refused_{status}")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _not_before(answer.headers.get("Retry-After", ""))
    if status in _NOT_NOW:
        return NotSentError()
    return OutcomeUnknownError()  # 425 too: the request before is still being looked at


def _not_before(retry_after: str) -> Exception:
    """Return when a message may be sent again, where it has to wait longer than an errand does."""
    if retry_after.isdecimal() and int(retry_after) > SOON_SECONDS:
        return NotTodayError(until=clock.now() + timedelta(seconds=int(retry_after)))
    return NotSentError()


def _is_duplicate(answer: requests.Response) -> bool:
    """Tell whether the answer is that this message was taken before, and no other 422."""
    try:
        return any("DUPLICATE" in str(one["code"]) for one in answer.json()["errors"])
    except (ValueError, LookupError, TypeError):
        return False
