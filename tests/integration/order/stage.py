"""A stage: one service on its own database, told recorded messages in any order.

What is played is what really runs: the service's own subscriptions behind the real inbox, its
commands behind their stored answers, and what its errands record.
"""

import inspect
import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.orm import Session, sessionmaker

from shared.contracts import catalogue
from shared.contracts.actor import system
from shared.contracts.event import Event
from shared.errors import NotKnownYetError
from shared.messaging import inbox
from shared.messaging.answering import Call
from shared.messaging.entrypoints import Subscription
from shared.messaging.inbox import Delivery, Subscriber
from shared.messaging.tables import Errand, ErrandState, OutboxMessage
from tests.integration.order.recorded import Line, ids_in, trace_of, translated

# Tables that carry messages: how often one was tried is no part of the state that it leaves.
CARRYING = ("alembic_version", "answered_commands", "errands", "inbox", "outbox")
# Tables that say who asked when, in the order in which they did: each try is an entry.
AUDIT = ("audit_entries", "audit_seals")
TABLES = text(
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN :carrying"
).bindparams(bindparam("carrying", value=(*CARRYING, *AUDIT), expanding=True))
NOT_DONE = text(
    "SELECT consumer, state, failures, last_error FROM inbox"
    " WHERE state <> 'processed' OR failures > 0"
    " UNION ALL SELECT kind, state, attempts, last_error FROM errands WHERE state <> 'done'"
)

# In the one transaction of a play it is always the same moment, and no next try would be due.
TIME_PASSES = text("UPDATE inbox SET next_attempt_at = now() WHERE state = 'retry'")
ALL = ("*",)

Row = dict[str, Any]


class Ending:
    """What is left when everything was told: lines, each as often as it is there."""

    def __init__(self, *lines: str) -> None:
        self._lines = Counter(lines)

    def see_that_it_is(self, other: "Ending") -> None:
        """Compare two endings.

        Raises:
            AssertionError: shows the lines that only one of them has.
        """
        differences = [f"+ {line}" for line in (self._lines - other._lines).elements()]
        differences += [f"- {line}" for line in (other._lines - self._lines).elements()]
        if differences:
            raise AssertionError("\n".join(sorted(differences, key=lambda line: line[2:])))


@dataclass(kw_only=True)
class Stage:
    """One service in the middle of a play.

    ``happened`` names what others can know of: what was answered, told, or done outside.
    """

    service: type
    sessions: sessionmaker[Session]
    connection: Connection  # to look at what is there, without a transaction of its own
    happened: set[str] = field(default_factory=set)
    _given: dict[str, str] = field(default_factory=dict)  # ids of this play, by the recorded ones
    _waiting: set[UUID] = field(default_factory=set)
    _listened_to: int = 0  # position in the outbox
    _may_have_told: bool = False

    def transaction(self) -> AbstractContextManager[Session]:
        """Open a transaction of the service, in which it may tell something."""
        self._may_have_told = True
        return self.sessions.begin()

    def hear(self, line: Line, *, message_id: UUID) -> None:
        """Give an event to its subscriber as the queue does, or try it again if it waits.

        Raises:
            NotKnownYetError: it is kept, and is tried again later.
        """
        data = translated(line["data"], self._given)
        event = catalogue.SCHEMAS[line["type"]].load(
            {**data, "event_id": str(message_id), "occurred_at": line["at"]}
        )
        trace = trace_of(line, causation_id=message_id)
        consumer, subscriber = subscriptions(self.service)[type(event)]
        delivery = Delivery(
            consumer=consumer,
            message_id=message_id,
            event=event,
            envelope=catalogue.dump(event, trace=trace),
            subscriber=subscriber,
            trace=trace,
        )
        attempt = inbox.retry if message_id in self._waiting else inbox.process
        try:
            attempt(delivery, transaction=self.transaction)
        except NotKnownYetError as early:
            inbox.keep_for_retry(delivery, early, transaction=self.transaction)
            self._waiting.add(message_id)
            self.connection.execute(TIME_PASSES)
            raise
        self.happened.add(heard(line))

    def ask(self, line: Line) -> None:
        """Send a command; its answer says which ids stand here for those that were recorded.

        Raises:
            NotKnownYetError: it is asked again later, with the same id.
        """
        trace = trace_of(line, causation_id=UUID(line["id"]))
        worker = SimpleNamespace(
            name=self.service.name,
            transaction=self.transaction,
            access=self.service.access,
            trace=trace,
        )
        call = Call(
            operation=line["operation"],
            request=translated(line["request"], self._given),
            actor=system("tests"),
            command_id=UUID(line["id"]),
        )
        answer = getattr(self.service, line["operation"])(worker, call)
        refusal = answer.get("refusal")
        if refusal is not None and refusal["code"] == NotKnownYetError.code:
            raise NotKnownYetError(refusal["message"])
        assert refusal is None, (line["operation"], refusal)
        self._learn(line["answer"], answer["result"])
        self.happened.add(answered(line))

    def settle_errand(self, line: Line, record: Callable[..., None]) -> None:
        """Record what came of a call to the outside.

        Raises:
            NotKnownYetError: nobody has been called for this yet.
        """
        called = select(Errand.errand_id).where(
            Errand.kind == line["kind"],
            Errand.state == ErrandState.WAITING,
            Errand.arguments.contains(line["about"]),
        )
        errand_id = self.connection.scalars(called).one_or_none()
        if errand_id is None:
            raise NotKnownYetError("Nobody has been called for this yet.")
        with self.transaction() as session:
            errand = session.get_one(Errand, errand_id)
            trace = trace_of(line, causation_id=errand.errand_id)
            record(line["answer"], errand.arguments, session=session, trace=trace)
            errand.state = ErrandState.DONE

    def stands_for(self, recorded: str, given: str) -> None:
        """Note an id that the service chose in this play, in the place of the recorded one."""
        self._given[recorded] = given
        self.happened.add(known(recorded))

    def has_happened(self, names: frozenset[str]) -> bool:
        """Whether all of this was answered, told or done; listens if that may be."""
        if not names <= self.happened and self._may_have_told:
            self._listen()
            self._may_have_told = False
        return names <= self.happened

    def _listen(self) -> None:
        """Note what the service has told since we last listened."""
        new = (
            select(OutboxMessage.position, OutboxMessage.body)
            .where(OutboxMessage.position > self._listened_to)
            .order_by(OutboxMessage.position)
        )
        for position, body in self.connection.execute(new):
            self._listened_to = position
            event_type, data = catalogue.event_type(body), catalogue.data_of(body)
            self.happened |= {told(event_type, body["subject"])}
            self.happened |= {told(event_type, body["subject"], data)}

    def not_done(self) -> list[Any]:
        """Return what failed on its way, or still waits."""
        return list(self.connection.execute(NOT_DONE))

    def rows(self, *, leaving_out: Mapping[str, Collection[str]]) -> list[str]:
        """Return every row of the service's own tables, under the recorded ids.

        Args:
            leaving_out: the columns that may differ, by table; ALL: the whole table.
        """
        return [
            line(table, self._recorded(row), leaving_out=leaving_out.get(table, ()))
            for table in self.connection.scalars(TABLES).all()
            if leaving_out.get(table) != ALL
            for row in self.connection.scalars(text(f"SELECT to_jsonb(t) FROM {table} t"))  # noqa: S608
        ]

    def told(self, *, leaving_out: Collection[str] = ()) -> list[str]:
        """Return the newest event of each type about each subject, as lines of an ending."""
        return [
            line(f"{event_type} {subject}", data, leaving_out=leaving_out)
            for (event_type, subject), data in self.newest().items()
        ]

    def newest(self) -> dict[tuple[str, str], Row]:
        """Return the newest event of each type about each subject, under the recorded ids."""
        bodies = self.connection.scalars(
            select(OutboxMessage.body).order_by(OutboxMessage.position)
        )
        return {
            (catalogue.event_type(body), self._recorded(body["subject"])): self._recorded(
                catalogue.data_of(body)
            )
            for body in bodies
        }

    def _recorded(self, document: Any) -> Any:
        """Return a document under the recorded ids."""
        return translated(document, {given: recorded for recorded, given in self._given.items()})

    def _learn(self, recorded: Any, given: Any) -> None:
        """Note what stands here for each id that an answer tells."""
        if isinstance(recorded, dict):
            for name in recorded:
                self._learn(recorded[name], given[name])
        elif isinstance(recorded, list):
            for one, other in zip(recorded, given, strict=False):
                self._learn(one, other)
        elif ids_in(recorded):
            self.stands_for(recorded, given)


def line(name: str, row: Row, *, leaving_out: Collection[str] = ()) -> str:
    """Return a row, or an event, as a line of an ending."""
    kept = {column: value for column, value in row.items() if column not in leaving_out}
    return f"{name} {json.dumps(kept, sort_keys=True)}"


def told(event_type: str, subject: str, data: Row | None = None) -> str:
    """Name what was told: of a subject, or exactly this of it in whatever version."""
    return line(f"told {event_type} {subject}", data or {}, leaving_out=("version",))


def answered(line: Line) -> str:
    """Name that a command got its answer."""
    return f"answered {line['id']}"


def heard(line: Line) -> str:
    """Name that an event had its effect here."""
    return f"heard {line['id']}"


def known(given_id: str) -> str:
    """Name that an answer told an id that the service chose."""
    return f"known {given_id}"


@cache
def subscriptions(service: type) -> Mapping[type[Event], tuple[str, Subscriber]]:
    """Return the subscribers of a service with the names of their lines in its table."""
    return {
        entrypoint.event_class: (name, entrypoint.subscriber)
        for name, line in inspect.getmembers(service)
        for entrypoint in getattr(line, "nameko_entrypoints", ())
        if isinstance(entrypoint, Subscription)
    }
