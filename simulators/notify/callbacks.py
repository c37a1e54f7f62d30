"""Callbacks: a POST to the service for every end of a message, and for every text received."""

import threading
from dataclasses import dataclass, replace
from typing import Any

import requests

from simulators.background import Background
from simulators.clock import Clock
from simulators.notify.activity import ActivityLog
from simulators.notify.messages import CallbackPlan, Message
from simulators.notify.replies import ReceivedText
from simulators.notify.settings import Address, Settings

THREADS = 8
TIMEOUT_SECONDS = 5
MOST_RETRIES = 5
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One callback on its way."""

    body: dict[str, Any]
    address: Address
    retries: int = 0


class CallbackSender:
    """Sends callbacks, and again later if the other side was out of reach or said 429 or 5xx."""

    def __init__(self, *, settings: Settings, log: ActivityLog, clock: Clock) -> None:
        self._settings = settings
        self._log = log
        self._held_back: list[Callback] = []
        self._lock = threading.Lock()
        self._callbacks = Background(
            name="callback", threads=THREADS, work=self._attempt, clock=clock
        )

    def report(self, message: Message) -> None:
        """Report a message's end, as was planned for it."""
        receipt = Callback(body=message.as_callback(), address=self._settings.receipts)
        if message.callback is CallbackPlan.NONE or not receipt.address.url:
            return
        if message.callback is CallbackPlan.EARLY:
            self._attempt(receipt)
            return
        if message.callback is CallbackPlan.HELD_BACK:
            with self._lock:
                self._held_back.append(receipt)
            return
        for _ in range(2 if message.callback is CallbackPlan.TWICE else 1):
            self._callbacks.put(receipt, delay_seconds=message.callback_delay_seconds)

    def pass_on(self, received: ReceivedText) -> None:
        """Pass a text on that somebody sent to the service."""
        if self._settings.replies.url:
            body = received.as_callback()
            self._callbacks.put(Callback(body=body, address=self._settings.replies))

    def _attempt(self, callback: Callback) -> None:
        status_code = self._post(callback)
        self._log.add(
            "callback",
            notification_id=callback.body["id"],
            attempt=callback.retries + 1,
            status_code=status_code,
        )
        if is_worth_retrying(status_code) and callback.retries < MOST_RETRIES:
            again = replace(callback, retries=callback.retries + 1)
            self._callbacks.put(again, delay_seconds=self._settings.callback_retry_seconds)
        self._let_go()

    def _let_go(self) -> None:
        """Send what was held back until something else had been reported."""
        with self._lock:
            held_back, self._held_back = self._held_back, []
        for callback in held_back:
            self._callbacks.put(callback)

    def _post(self, callback: Callback) -> int | None:
        """Post on a connection of its own: one kept from before may be closed at this moment."""
        try:
            with requests.Session() as session:
                session.trust_env = False  # a .netrc would replace our Authorization header
                return session.post(
                    callback.address.url,
                    json=callback.body,
                    headers={"Authorization": f"Bearer {callback.address.token}"},
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                ).status_code
        except requests.RequestException:
            return None


def is_worth_retrying(status_code: int | None) -> bool:
    """Tell whether to try again. ``None`` stands for no answer at all."""
    return status_code is None or status_code == TOO_MANY_REQUESTS or status_code >= SERVER_ERROR
