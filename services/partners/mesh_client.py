"""Our mailbox at MESH, by the official client: list, fetch, acknowledge, send.

The client goes again through what it may, and never through a send: a send whose outcome is
unknown is made again by us, with the same envelope, which the receiver knows as a copy.
"""

import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any

import requests
import urllib3
from mesh_client import MeshClient, MeshError

from services.partners.envelopes.rules import CONTENT_TYPE
from services.partners.post.rules import REPORT, Letter
from services.partners.settings import MeshSettings

TIMEOUT_SECONDS = 60
MOST_AT_ONCE = 500  # of one list, as MESH has it
MOST_LISTED = 5_000
# A send fails with urllib3's own errors: the client keeps its retries from it that way.
FAULTS = (requests.RequestException, urllib3.exceptions.HTTPError, MeshError, OSError)


class MeshAwayError(Exception):
    """MESH cannot be reached, or refuses. Its words are not shown: they may name somebody."""


class MeshRefusedError(MeshAwayError):
    """MESH does not take this message: there is no such mailbox, or not under this workflow."""


class Mailbox:
    """One mailbox of ours; close it when nobody needs it any more."""

    def __init__(self, settings: MeshSettings) -> None:
        self._client = MeshClient(
            settings.url,
            settings.mailbox,
            settings.password,
            shared_key=settings.shared_key.encode(),
            cert=settings.certificate,
            verify=settings.authority or None,
            max_chunk_size=settings.chunk_bytes,
            timeout=TIMEOUT_SECONDS,
        )
        # It has no option for this: nobody but MESH gets what MESH was to get.
        self._client._session.max_redirects = 0  # noqa: SLF001

    def close(self) -> None:
        """Give up the connections to MESH."""
        self._client.close()  # type: ignore[no-untyped-call]

    def shake_hands(self) -> None:
        """Say who we are, as MESH asks of us once a day.

        Raises:
            MeshAwayError.
        """
        with _translated():
            self._client.handshake()  # type: ignore[no-untyped-call]

    def waiting(self) -> list[str]:
        """Return the ids of what waits for us, at most ``MOST_LISTED``. Raises MeshAwayError."""
        with _translated():
            pages = self._client.iterate_message_ids(batch_size=MOST_AT_ONCE)
            return list(islice(pages, MOST_LISTED))

    def fetch(self, mesh_id: str, *, most_bytes: int) -> Letter:
        """Return one message, its chunks put together; no more of it than anybody may send.

        Raises:
            MeshAwayError.
        """
        with _translated(), closing(self._client.retrieve_message(mesh_id)) as message:
            is_report = message.mex_header("messagetype", "") == REPORT
            body = b"" if is_report else _unpacked(message, most_bytes=most_bytes)
            return Letter(
                mesh_id=mesh_id,
                sender=str(message.mex_header("from", "")),
                workflow=str(message.mex_header("workflowid", "")),
                kind=REPORT if is_report else "DATA",
                linked_id=str(message.mex_header("linkedmsgid", "")),
                status=str(message.mex_header("statuscode", "")),
                body=body,
            )

    def acknowledge(self, mesh_id: str) -> None:
        """Let MESH forget a message. Raises MeshAwayError."""
        with _translated():
            self._client.acknowledge_message(mesh_id)

    def send(self, body: bytes, *, to: str, workflow: str, local_id: str, subject: str) -> str:
        """Send a message, and return MESH's id of it.

        Args:
            body: the envelope.
            to: the mailbox.
            workflow: under which both sides agreed to write.
            local_id: of ours, for people who look for it; never anything personal.
            subject: the type of the message.

        Raises:
            MeshRefusedError: it never will be, as it is.
            MeshAwayError: perhaps it was sent.
        """
        with _translated():
            return self._client.send_message(
                to,
                body,
                workflow_id=workflow,
                local_id=local_id,
                subject=subject,
                content_type=CONTENT_TYPE,
            )

    def where_is(self, mesh_id: str) -> str:
        """Return what MESH says of a message of ours: ``accepted``, ``acknowledged``, ….

        Raises:
            MeshAwayError.
        """
        with _translated():
            return str(self._client.track_message(mesh_id).get("status") or "unknown")


def _unpacked(message: Any, *, most_bytes: int) -> bytes:
    """Return a body; what says that it is packed and is not is as empty, and nobody's to read."""
    try:
        return bytes(message.read(most_bytes + 1))
    except (zlib.error, EOFError):
        return b""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except MeshError as error:
        raise MeshRefusedError(type(error).__name__) from None
    except FAULTS as error:
        raise MeshAwayError(type(error).__name__) from None
