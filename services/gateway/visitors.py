"""Who has come through the door, and as whom they act towards the services."""

from dataclasses import dataclass

from services.gateway.policy import Policy
from services.gateway.problems import not_allowed
from shared.contracts.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who signed in, or a system that showed who it is."""

    client: str  # whose idempotency keys these are: one for each person, colleague or system
    actor_id: str
    roles: tuple[str, ...]
    organisation: str
    purpose: str
    acting_for: str = ""

    def told(self, what: str) -> str:
        """Return what goes into a request of theirs: ``id``, ``role`` or ``organisation``."""
        return {
            "id": self.actor_id,
            "role": self.roles[0],
            "organisation": self.organisation,
        }[what]

    def actor(self, operation: str, *, policy: Policy, request_id: str) -> Actor:
        """Return who acts in one operation.

        Raises:
            ProblemError: no role of theirs may do this.
        """
        relations = policy.relations(operation, self.roles)
        if not relations:
            raise not_allowed()
        return Actor(
            actor_id=self.actor_id,
            roles=self.roles,
            organisation=self.organisation,
            relations=relations,
            purpose=self.purpose,
            acting_for=self.acting_for,
            request_id=request_id,
        )
