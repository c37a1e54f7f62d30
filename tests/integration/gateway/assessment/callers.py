"""The gateway's way to assessment without a broker: the service's own entrypoints, called here."""

import base64
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.assessment.service import AssessmentService
from services.gateway.problems import ProblemError, refused
from shared.contracts.actor import SIGNING_KEY, Actor, ActorSigner, verified
from shared.messaging.answering import Call
from tests.factories import TUESDAY_AT_TEN, a_trace


class DirectCallers:
    """Stands where ``Callers`` does. Who acts is signed, and read back by whoever is called."""

    def __init__(self, transaction: Any) -> None:
        self.transaction = transaction
        self.at = TUESDAY_AT_TEN
        self.answers: list[Any] = []  # as the service gave them
        key = Ed25519PrivateKey.generate()
        self._keys = f"tests:{_base64(key.public_key().public_bytes_raw())}"
        self._signer = ActorSigner.of({SIGNING_KEY: f"tests:{_base64(key.private_bytes_raw())}"})

    def ask(self, operation: str, request: Mapping[str, Any], *, actor: Actor) -> Any:
        return self._called(operation, request, actor)

    def tell(
        self,
        operation: str,
        request: Mapping[str, Any],
        *,
        actor: Actor,
        command_id: UUID,
        story_id: UUID | None = None,
    ) -> Any:
        return self._called(operation, request, actor, command_id)

    def ask_until(
        self,
        operation: str,
        request: Mapping[str, Any],
        *,
        actor: Actor,
        is_settled: Callable[[Any], bool],
        seconds: float,
    ) -> Any:
        return self.ask(operation, request, actor=actor)

    def _called(
        self,
        operation: str,
        request: Mapping[str, Any],
        actor: Actor,
        command_id: UUID | None = None,
    ) -> Any:
        service, _, name = operation.partition(".")
        if service != AssessmentService.name:
            raise ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE, "away", "Away.", next_step="Ask again."
            )
        now = time.time()
        token = self._signer.sign(actor, operation=operation, at_seconds=now)
        told = verified(token, keys=self._keys, operation=operation, at_seconds=now)
        worker = SimpleNamespace(
            name=service,
            transaction=self.transaction,
            access=AssessmentService.access,
            trace=a_trace(at=self.at),
        )
        call = Call(operation=name, request=request, actor=told, command_id=command_id)
        answer = getattr(AssessmentService, name)(worker, call)
        if "refusal" in answer:
            raise refused(answer["refusal"])
        self.answers.append(answer["result"])
        return answer["result"]


def _base64(key: bytes) -> str:
    return base64.b64encode(key).decode()
