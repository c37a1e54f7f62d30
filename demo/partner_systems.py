"""The trust's and the council's own systems, as the demo has them send, and the reply to it.

They are simulators of their own, which know the published forms alone. The demo says what is to be
sent, and how; it goes on with what the reply names.
"""

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from uuid import UUID

import requests

from clients.edge import CallFailedError, CallTimedOutError, RefusedError

TRUST, COUNCIL = "nhs-trust", "council"  # as records name them
SETTINGS = {TRUST: "DEMO_TRUST_URL", COUNCIL: "DEMO_COUNCIL_URL"}
CODES = {TRUST: "aldermoor-trust", COUNCIL: "aldermoor-council"}  # of their agreements
MESSAGE = "message/"  # with which the names begin under which a case keeps messages' ids
REJECTED = "uk.commonpurse.reply.rejected.v1"
TIMEOUT_SECONDS = 40.0  # they give up after 30


class Way(StrEnum):
    """How a message travels."""

    AMQP = "amqp"
    MESH = "mesh"


class PartnerSystems:
    """Both partners' systems. Belongs to one thread."""

    def __init__(
        self, environment: Mapping[str, str], *, http: requests.Session | None = None
    ) -> None:
        self._urls = {name: environment[setting] for name, setting in SETTINGS.items()}
        self._http = http or requests.Session()

    def send(
        self,
        organisation: str,
        message_type: str,
        data: Mapping[str, Any],
        *,
        by: Way,
        message_id: UUID,
        story_id: UUID,
    ) -> Mapping[str, Any]:
        """Have a partner send a message, and return the ids that its reply names.

        Args:
            organisation: as records name it.
            message_type: ``referral.submit.v1``.
            data: as the published form of the type has it.
            by: how it travels.
            message_id: of this message alone; sent again with it, it is the same message.
            story_id: of all that happens in one case.

        Raises:
            RefusedError: the reply rejects it; the reason names the field that is at fault.
            CallFailedError, CallTimedOutError: nobody knows whether it arrived.
        """
        told = {
            "type": message_type,
            "data": data,
            "by": by.value,
            "id": str(message_id),
            "story": str(story_id),
        }
        try:
            answer = self._http.post(
                f"{self._urls[organisation]}/messages", json=told, timeout=TIMEOUT_SECONDS
            )
        except requests.RequestException as error:
            raise CallTimedOutError(f"{organisation}: {type(error).__name__}") from error
        if answer.status_code == HTTPStatus.GATEWAY_TIMEOUT:
            raise CallTimedOutError(f"{organisation}: nobody replied by {by} in time")
        if answer.status_code != HTTPStatus.OK:
            raise CallFailedError(f"{organisation} could not send by {by}: {answer.status_code}")
        return _ids(answer.json())

    def close(self) -> None:
        self._http.close()


def _ids(reply: Mapping[str, Any]) -> Mapping[str, Any]:
    said: Mapping[str, Any] = reply["data"]
    if reply["type"] != REJECTED:
        ids: Mapping[str, Any] = said["ids"]
        return ids
    field = said.get("field", "")
    raise RefusedError(
        {
            "code": said["code"],
            "message": f"{field}: {said['reason']}" if field else said["reason"],
            "next_step": said["next_step"],
            "details": {"field": field} if field else {},
        }
    )
