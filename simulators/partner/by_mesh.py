"""A partner's messages by MESH, by its official client: from its mailbox to ours and back."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field

import requests
import urllib3
from mesh_client import MeshClient, MeshError

from simulators.partner.system import Message, NotSentError

CONTENT_TYPE = "application/cloudevents+json"
TIMEOUT_SECONDS = 30
# MESH asks for five minutes between two looks; here somebody sits and waits for the answer.
LOOKS_EVERY_SECONDS = 0.25
IDLE_SECONDS = 5.0
# The client lets urllib3's own errors through when a send fails.
FAULTS = (requests.RequestException, urllib3.exceptions.HTTPError, MeshError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """The partner's mailbox, and whom it writes to under which workflow."""

    url: str
    name: str
    password: str = field(repr=False)
    shared_key: str = field(repr=False)
    to: str
    workflow: str


class ByMesh:
    """A mailbox. It sends from whichever thread asks, each time with a client of its own."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._lock = threading.Lock()
        self._waiting = 0  # for answers
        self._is_awaited = threading.Event()

    def send(self, body: bytes, *, routing_key: str, message_id: str) -> None:
        """Send a message, and wait until MESH has it."""
        with _translated(), self._client() as client:
            client.send_message(
                self._mailbox.to,
                body,
                workflow_id=self._mailbox.workflow,
                local_id=message_id,
                subject=routing_key,
                content_type=CONTENT_TYPE,
            )

    def listen(self, keep: Callable[[Message], None], *, until: threading.Event) -> None:
        """Keep whatever comes; look often while an answer is awaited, and seldom otherwise."""
        with self._client() as client:
            while not until.is_set():
                self._is_awaited.wait(IDLE_SECONDS)
                until.wait(LOOKS_EVERY_SECONDS)
                with suppress(NotSentError):  # MESH is away: the next look is soon
                    _look(client, keep)

    @contextmanager
    def awaited(self) -> Iterator[None]:
        """Look often for as long as somebody waits."""
        self._count(1)
        try:
            yield
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self._lock:
            self._waiting += more
            if self._waiting:
                self._is_awaited.set()
            else:
                self._is_awaited.clear()

    def _client(self) -> MeshClient:
        return MeshClient(
            self._mailbox.url,
            self._mailbox.name,
            self._mailbox.password,
            shared_key=self._mailbox.shared_key.encode(),
            timeout=TIMEOUT_SECONDS,
        )


def _look(client: MeshClient, keep: Callable[[Message], None]) -> None:
    with _translated():
        for mesh_id in client.list_messages():
            with closing(client.retrieve_message(mesh_id)) as message:
                keep(json.loads(message.read()))
            client.acknowledge_message(mesh_id)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except FAULTS as error:
        raise NotSentError(type(error).__name__) from error
