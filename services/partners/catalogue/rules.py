"""What a type of message from a partner is: its form, and what we do with it."""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from services.partners.agreements.rules import Agreement, Kind

BUDGETS = "/v1/budgets/"  # where the gateway shows them
IDS = UUID("0a2f1f0e-6d1c-4f57-9d5a-b8a7b6c1e3d4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a partner told, once its form is known to be right."""

    agreement: Agreement
    message_id: UUID
    data: Mapping[str, Any]  # as it was sent

    def own_id(self, name: str) -> str:
        """Return an id that follows from the message: a copy of it means the same thing."""
        return str(uuid5(IDS, f"{self.agreement.code}/{self.message_id}/{name}"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One type of message, in one version."""

    name: str  # referral.submit.v1; its routing key, and its type behind uk.commonpurse.
    says: str  # what a partner does by it, in a line
    form: Any  # a marshmallow schema of its data
    operation: str  # of the service that carries it out: assessment.receive_referral
    request: Callable[[Told], Mapping[str, Any]]
    new_id: str = ""  # the field of the request with an id that we make; the reply tells it
    is_about_known: bool = True  # the partner must stand to the person; else nobody is known yet
    spends_own: bool = False  # it speaks as the funder that the agreement names
    only_of: Kind | None = None  # the kind of body whose it is to say; none: anybody's
    role: str = ""  # the field that says in which role a colleague of the partner's speaks

    def command_id(self, told: Told) -> UUID:
        """Return under which id the command is asked, however often the message comes."""
        return uuid5(IDS, f"{told.agreement.code}/{told.message_id}")

    def as_request(self, told: Told) -> dict[str, Any]:
        """Return what the service is asked."""
        return {**self.request(told), **self.made(told)}

    def made(self, told: Told) -> dict[str, str]:
        """Return the id that we make for what is asked; the reply names it."""
        return {self.new_id: told.own_id(self.new_id)} if self.new_id else {}


class About(enum.StrEnum):
    """By what it is decided which partners may hear of an event."""

    PERSON = "person"  # the partner's organisation stands to the person, or they agreed to share
    FUNDER = "funder"  # it is the funder of whom the event speaks
    BUDGET = "budget"  # it pays into the budget, or stands to its person


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One event of which partners can hear."""

    name: str  # assessment.plan_approved.v1
    about: About
    read_at: str  # where the gateway shows it: /v1/cases/{referral_id}
    fields: frozenset[str]  # of its data
