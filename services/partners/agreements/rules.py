"""What a partner agreed with us: pure facts of its file, and what follows from them."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

HOST_PREFIX = "partner-"  # of every partner's virtual host, and of no other


class Kind(enum.StrEnum):
    """What sort of body a partner is."""

    NHS = "nhs"
    COUNCIL = "council"
    VOLUNTARY_SECTOR = "voluntary_sector"


class Transport(enum.StrEnum):
    """How a system's messages travel."""

    AMQP = "amqp"  # a virtual host of RabbitMQ of the partner's own
    MESH = "mesh"  # the NHS's store and forward


class Content(enum.StrEnum):
    """How much an event tells a partner."""

    SIGNAL = "signal"  # that it happened, and where it can be read
    DATA = "data"  # the fields that were agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One of a partner's systems. Its messages name it as their source."""

    name: str
    transport: Transport
    # Exactly with MESH: where it is reached, and under which workflows it writes and is written to.
    mailbox: str = ""
    workflow_in: str = ""
    workflow_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sends:
    """A type of message that a partner may send, and for what."""

    message_type: str  # referral.submit.v1
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receives:
    """An event of which a partner is told, for what, and how much of it."""

    event_type: str  # assessment.plan_approved.v1
    purpose: str
    content: Content
    fields: Sequence[str] = ()  # of the event; exactly with data


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a partner may at most; enforced by its virtual host and at our door."""

    connections: int = 4
    message_bytes: int = 262_144
    queue_bytes: int = 256 * 1024 * 1024
    queue_messages: int = 10_000  # of its own that wait for us; what is beyond, the broker refuses
    keep_days: int = 14  # how long a message waits for the partner before it is a dead letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom at the partner we ask."""

    about: str  # technical, finance, information_governance
    name: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRule:
    """How a partner and others pay, by what they agreed beforehand, until a case says otherwise."""

    purpose: str
    nhs_basis_points: int
    council_basis_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What one partner agreed with us."""

    code: str  # in the names of its virtual host and its sources
    name: str
    kind: Kind
    organisation: str  # as records name it
    identifier: str  # its ODS or GSS code
    funder_id: str  # as the ledger knows it; empty: it pays for nothing
    systems: Sequence[System]
    sends: Sequence[Sends]
    receives: Sequence[Receives]
    events_to: str  # which of its systems hears
    staff_roles: Sequence[str]  # of those of its staff whose words its systems bring
    contacts: Sequence[Contact]
    split_rules: Sequence[SplitRule] = ()
    assesses_with: Sequence[str] = ()  # organisations; none: whoever is local on the other side
    is_local: bool = False  # people who ask for themselves are assessed by it
    older_versions: Mapping[str, str] = field(default_factory=dict)  # type: the day it goes, ISO
    silent_after_hours: int = 0  # none: it may be silent for as long as it likes
    password_number: int = 1  # raised to give the partner another password
    limits: Limits = field(default_factory=Limits)

    @property
    def virtual_host(self) -> str:
        return HOST_PREFIX + self.code

    @property
    def has_amqp(self) -> bool:
        return any(system.transport is Transport.AMQP for system in self.systems)

    def source(self, system: System) -> str:
        """Return what a system's messages name as their source."""
        return f"/org/{self.code}/{system.name}"

    @property
    def hearing(self) -> System:
        """Return the system that is told of events."""
        return next(one for one in self.systems if one.name == self.events_to)

    def system_of(self, source: str) -> System | None:
        """Return which of the partner's systems a source names, if it is one of them."""
        return next((one for one in self.systems if self.source(one) == source), None)

    def sent(self, message_type: str) -> Sends | None:
        """Return under what the partner may send a type, if it may."""
        return next((one for one in self.sends if one.message_type == message_type), None)

    def received(self, event_type: str) -> Receives | None:
        """Return how the partner is told of an event, if it is."""
        return next((one for one in self.receives if one.event_type == event_type), None)
