"""Who has come through the door, and as whom they act towards the services."""

from dataclasses import dataclass, replace
from typing import Self

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

    def acting(self, operation: str, *, policy: Policy) -> Self:
        """Return them with those of their roles that may do this, and no other.

        Raises:
            ProblemError: no role of theirs may.
        """
        roles = policy.roles(operation, self.roles)
        if not roles:
            raise not_allowed()
        return replace(self, roles=roles)

    def actor(self, operation: str, *, policy: Policy, request_id: str) -> Actor:
        """Return who acts in one operation; their roles are those that may."""
        relations = policy.relations(operation, self.roles)
        return Actor(
            actor_id=self.actor_id,
            roles=self.roles,
            organisation=self.organisation,
            relations=relations,
            purpose=self.purpose,
            acting_for=self.acting_for,
            request_id=request_id,
        )
