"""The life of a message: looked up, then sent by one channel after the other."""

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import requests

from simulators.background import Background
from simulators.clock import Clock
from simulators.faults import Faults
from simulators.log import Log
from simulators.nhs_notify.messages import Message
from simulators.nhs_notify.plans import FAILING, SOON_SECONDS
from simulators.nhs_notify.settings import Settings

THREADS = 4
TIMEOUT_SECONDS = 5
GIVEN_UP_AFTER_SECONDS = 15 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    """One callback on its way."""

    message_id: str
    body: bytes
    waited_seconds: float = 0.0


class Store:
    """The messages, in memory, by their id and by their reference."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.by_id: dict[str, Message] = {}
        self.by_reference: dict[str, Message] = {}
        self.in_progress: set[str] = set()  # references of requests that are not yet answered


class Journey:
    """Moves messages on, and tells of it."""

    def __init__(
        self, *, settings: Settings, store: Store, faults: Faults, log: Log, clock: Clock
    ) -> None:
        self._settings = settings
        self._store = store
        self._faults = faults
        self._log = log
        self._clock = clock
        self._steps: Background[Callable[[], None]] = Background(
            name="journey", threads=1, work=lambda step: step(), clock=clock
        )
        self._callbacks = Background(
            name="callback", threads=THREADS, work=self._attempt, clock=clock
        )

    def begin(self, message: Message, *, link: str) -> None:
        """Start a message's way; ``link`` is where it can be looked at."""
        self._steps.put(lambda: self._look_up(message, link), delay_seconds=SOON_SECONDS)

    def _look_up(self, message: Message, link: str) -> None:
        reason = FAILING.get(message.nhs_number)
        if reason is not None:
            self._move(message, "failed", link=link, description=reason)
            return
        self._move(message, "enriched", link=link)
        self._move(message, "sending", link=link)
        self._send_by(message, 0, link)

    def _send_by(self, message: Message, number: int, link: str) -> None:
        """Send by a channel; its news comes after the time that the plan gives it."""
        with self._store.lock:
            channel = message.channels[number]
            channel.status = "sending"
        if channel.plan.outcome == "sending":
            return
        self._steps.put(
            lambda: self._hear(message, number, link), delay_seconds=channel.plan.after_seconds
        )

    def _hear(self, message: Message, number: int, link: str) -> None:
        is_failed = self._faults.take("channel_failure") is not None
        with self._store.lock:
            channel = message.channels[number]
            channel.status = "failed" if is_failed else channel.plan.outcome
        if channel.status == "delivered":
            with self._store.lock:
                for later in message.channels[number + 1 :]:
                    later.status = "skipped"
            self._move(message, "delivered", link=link)
        elif number + 1 < len(message.channels):
            self._move(message, "sending", link=link)
            self._send_by(message, number + 1, link)
        else:
            description = "Failed reason: no channel was left"
            self._move(message, "failed", link=link, description=description)

    def _move(
        self, message: Message, status: str, *, link: str, description: str | None = None
    ) -> None:
        at = self._clock.utc_now()
        with self._store.lock:
            message.move(status, at=at, description=description)
            told = f"{message.message_id}/{status}/{at.isoformat()}"
            key = hashlib.sha256(told.encode()).hexdigest()
            body = message.as_callback(link=link, at=at, idempotency_key=key)
        if status != "enriched":
            self._report(message.message_id, body)

    def _report(self, message_id: str, body: dict[str, Any]) -> None:
        if not self._settings.callback_url or self._faults.take("lose_callback"):
            return
        callback = Callback(message_id=message_id, body=json.dumps(body).encode())
        late = self._faults.take("late_callback")
        for _ in range(2 if self._faults.take("duplicate_callback") else 1):
            self._callbacks.put(callback, delay_seconds=late.seconds if late else 0.0)

    def _attempt(self, callback: Callback) -> None:
        """Tell a caller; if that fails, again a minute after this began."""
        began_at = self._clock.monotonic()
        status = self._post(callback.body)
        self._log.write("callback", message_id=callback.message_id, status=status)
        waited = callback.waited_seconds + self._settings.callback_retry_seconds
        if (status is None or status >= requests.codes.multiple_choices) and (
            waited <= GIVEN_UP_AFTER_SECONDS
        ):
            again = replace(callback, waited_seconds=waited)
            took_seconds = self._clock.monotonic() - began_at
            pause_seconds = self._settings.callback_retry_seconds - took_seconds
            self._callbacks.put(again, delay_seconds=max(0.0, pause_seconds))

    def _post(self, body: bytes) -> int | None:
        settings = self._settings
        secret = f"{settings.application_id}.{settings.callback_key}".encode()
        if self._faults.take("bad_signature"):
            secret = b"somebody else's"
        headers = {
            "Content-Type": "application/vnd.api+json",
            "x-api-key": settings.callback_key,
            "x-hmac-sha256-signature": hmac.new(secret, body, hashlib.sha256).hexdigest(),
        }
        try:
            with requests.Session() as session:
                session.trust_env = False
                return session.post(
                    settings.callback_url,
                    data=body,
                    headers=headers,
                    timeout=TIMEOUT_SECONDS,
                    allow_redirects=False,
                ).status_code
        except requests.RequestException:
            return None
