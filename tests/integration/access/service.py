"""A service that is asked as the gateway asks it, and what it did of it in its database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, delete, event, insert
from sqlalchemy.orm import sessionmaker

from access.tables import Relation
from services.gateway.visitors import Visitor
from shared.contracts.actor import Actor
from shared.database import open_sessions
from shared.messaging.answering import Call
from tests.factories import a_trace
from tests.integration.access import world
from tests.integration.access.asking import routes
from tests.integration.access.cells import BODIES, ORGANISATION, POLICY, actors
from tests.integration.access.world import AT, OWN, Somebody

WRITES = ("INSERT INTO ", "UPDATE ", "DELETE FROM ")


@dataclass(kw_only=True)
class Answered:
    """What came back, and which tables were written."""

    answer: Mapping[str, Any]
    written: list[str] = field(default_factory=list)
    entries: list[Mapping[str, Any]] = field(default_factory=list)  # of the audit


@dataclass(frozen=True, kw_only=True)
class Peopled:
    """A service in whose database the three people are."""

    service: Any
    engine: Engine
    people: Mapping[str, Somebody]

    def ask(self, operation: str, request: Mapping[str, Any], *, visitor: Visitor) -> Answered:
        """Ask as somebody. What a command did is looked at and taken back."""
        actor = visitor.actor(operation, policy=POLICY, request_id="r-1")
        if routes()[operation].is_command:
            with self.engine.connect() as connection:
                whole = connection.begin()
                sessions = sessionmaker(
                    connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
                )
                answered = self._ask(sessions, operation, request, actor=actor)
                whole.rollback()
            return answered
        return self._ask(open_sessions(self.engine), operation, request, actor=actor)

    def _ask(
        self,
        sessions: sessionmaker[Any],
        operation: str,
        request: Mapping[str, Any],
        *,
        actor: Actor,
    ) -> Answered:
        name = operation.partition(".")[2]
        worker = SimpleNamespace(
            name=self.service.name,
            transaction=sessions.begin,
            access=self.service.access,
            trace=a_trace(at=AT, actor=actor.place),
        )
        command_id = uuid4() if routes()[operation].is_command else None
        call = Call(operation=name, request=request, actor=actor, command_id=command_id)
        with written(self.engine) as answered:
            answered.answer = getattr(self.service, name)(worker, call)
        return answered


def _rows(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows of one INSERT, whose values are numbered where there are several."""
    rows: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        column, _, number = name.partition("__")
        rows.setdefault(number, {})[column] = value
    return list(rows.values())


@contextmanager
def written(engine: Engine) -> Iterator[Answered]:
    """Note which tables are written meanwhile, whether or not it is taken back."""
    seen = Answered(answer={})

    def statement(_connection: Any, _cursor: Any, words: str, values: Any, *_more: Any) -> None:
        for verb in WRITES:
            if words.startswith(verb):
                seen.written.append(words.removeprefix(verb).split()[0].strip('"'))
                if seen.written[-1] == "audit_entries":
                    seen.entries += _rows(values)

    event.listen(engine, "before_cursor_execute", statement)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", statement)


def peopled(service: Any, engine: Engine) -> Peopled:
    """Put the three people into an empty service, and those who stand to them in every way."""
    people = world.populate(service, engine)
    stands = [(people[who].person_id, body, ORGANISATION) for who, body in BODIES.items()]
    stands += [
        (people[OWN].person_id, str(actor_id), relation)
        for actor_id, held in actors().items()
        for relation in held
    ]
    with engine.begin() as connection:
        connection.execute(delete(Relation))
        connection.execute(
            insert(Relation),
            [
                {"person_id": person, "source": "care_team", "holder": holder, "relation": relation}
                for person, holder, relation in stands
            ],
        )
    return Peopled(service=service, engine=engine, people=people)
