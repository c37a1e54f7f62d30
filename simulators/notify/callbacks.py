"""Delivery receipts: a POST to the service for every text and e-mail that reached its end."""

import threading
from dataclasses import dataclass, replace
from typing import Any

import requests

from simulators.notify.activity import ActivityLog
from simulators.notify.background import Background
from simulators.notify.messages import Message
from simulators.notify.settings import Settings

THREADS = 8
TIMEOUT_SECONDS = 5
MOST_RETRIES = 5
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One callback on its way."""

    body: dict[str, Any]
    retries: int = 0


class KeptSession(threading.local):
    """A connection that each thread keeps open for itself."""

    def __init__(self) -> None:
        self.http = requests.Session()
        self.http.trust_env = False  # a .netrc would replace our Authorization header


class CallbackSender:
    """Sends receipts, and again later if the other side was out of reach or said 429 or 5xx."""

    def __init__(self, *, settings: Settings, log: ActivityLog) -> None:
        self._settings = settings
        self._log = log
        self._kept = KeptSession()
        self._receipts = Background(name="callback", threads=THREADS, work=self._attempt)

    def send(self, message: Message) -> None:
        if self._settings.callback_url:
            self._receipts.put(Receipt(body=message.as_callback()))

    def _attempt(self, receipt: Receipt) -> None:
        status_code = self._post(receipt.body)
        self._log.add(
            "callback",
            notification_id=receipt.body["id"],
            attempt=receipt.retries + 1,
            status_code=status_code,
        )
        if is_worth_retrying(status_code) and receipt.retries < MOST_RETRIES:
            again = replace(receipt, retries=receipt.retries + 1)
            self._receipts.put(again, delay_seconds=self._settings.callback_retry_seconds)

    def _post(self, body: dict[str, Any]) -> int | None:
        try:
            response = self._kept.http.post(
                self._settings.callback_url,
                json=body,
                headers={"Authorization": f"Bearer {self._settings.callback_token}"},
                timeout=TIMEOUT_SECONDS,
                allow_redirects=False,
            )
        except requests.RequestException:
            return None
        return response.status_code


def is_worth_retrying(status_code: int | None) -> bool:
    """Tell whether to try again. ``None`` stands for no answer at all."""
    return status_code is None or status_code == TOO_MANY_REQUESTS or status_code >= SERVER_ERROR
