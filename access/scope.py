"""Whose record a request is about, and whether the one who asks may have it.

A service says in its ``access.py`` how each id in a request leads to a person. Every id that leads
to somebody must lead to the same one, and the actor must have one of the relations to them that
the edge's policy lets suffice. What is not theirs and what is not there is answered alike.

Queries then read as the service's reader, a role of the database that sees the rows of these
people and no others: row-level security is the second wall.
"""

import enum
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from sqlalchemy import (
    insert,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from access import relations
from access.lists import shown
from access.sides import ALL_SIDES, Sides, enough
from access.tables import AuditEntry
from access.ways import Way, as_id
from shared.contracts.actor import EVERYBODY, Actor
from shared.errors import NotYouError, OutOfScopeError
from shared.messaging.answering import Call

MOST_FIELDS = 60  # whose names one entry keeps

# No questions: what a transaction sees at one moment is fixed by its first one, which is to come.
_AS_READER = text(
    "SET LOCAL ROLE :reader; SET LOCAL commonpurse.people = :people;"
    " SET LOCAL commonpurse.side = :side"
)
_AS_SERVICE = text("RESET ROLE")


class Named(enum.Enum):
    """What of an actor a field names."""

    ID = "id"
    ROLE = "role"
    ORGANISATION = "organisation"

    def of(self, actor: Actor) -> Collection[str]:
        """Return what the field may hold."""
        return {
            Named.ID: (actor.actor_id,),
            Named.ROLE: actor.roles,
            Named.ORGANISATION: (actor.organisation,),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Whose records one request may touch."""

    call: Call
    reader: str | None  # the role that sees their rows; none: the request is about nobody
    person_id: UUID | None = None  # none: nobody's, or many people's
    people: frozenset[UUID] = frozenset()  # every id of theirs
    is_everybody: bool = False
    acting_for: str = ""  # the person whom they represent
    is_emergency: bool = False  # they opened the record, and have no other relation to it
    side: str = ALL_SIDES  # the organisation whose side of the money they see
    ways: Mapping[str, Way] = field(default_factory=dict)  # by which an answer leads to people

    @contextmanager
    def narrowed(self, session: Session) -> Iterator[None]:
        """Read the rows of these people only, and of whatever is nobody's."""
        if self.reader is None or self.is_everybody:
            yield
            return
        session.execute(
            _AS_READER,
            {
                "reader": self.reader,
                "people": "{" + ",".join(map(str, self.people)) + "}",
                "side": self.side,
            },
        )
        yield
        session.execute(_AS_SERVICE)

    def of(self, answer: object) -> Self:
        """Return the scope once the answer is known: a person was made, or found."""
        if self.person_id is None and isinstance(answer, Mapping) and "person_id" in answer:
            person_id = answer["person_id"]
            return replace(self, person_id=person_id and UUID(str(person_id)))
        return self

    def write_down(
        self, session: Session, act: str, *, about: object, outcome: str = "done", at: datetime
    ) -> None:
        """Write down who read or wrote, in the transaction of that; of nobody's data, nothing.

        Of a list, once for each person whose record is in it, so that each of them sees it.

        ``act`` is ``read`` or ``write``; of what it was ``about`` the names of the fields are
        kept, never what they hold; ``outcome`` is ``done``, or the code of the refusal.
        """
        if self.reader is None and self.person_id is None:
            return
        actor = self.call.actor
        person_ids: Sequence[UUID | None] = [self.person_id]
        if self.person_id is None and act == "read" and outcome == "done":
            person_ids = shown(about, self.ways, session=session) or person_ids
        entry = {
            "at": at,
            "actor_id": actor.actor_id,
            "roles": list(actor.roles),
            "organisation": actor.organisation,
            "acting_for": actor.acting_for or self.acting_for,
            "purpose": relations.BREAK_GLASS if self.is_emergency else actor.purpose,
            "operation": self.call.operation,
            "act": act,
            "fields": _names(about),
            "outcome": outcome,
            "request_id": actor.request_id,
        }
        session.execute(insert(AuditEntry), [{**entry, "person_id": one} for one in person_ids])


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a service knows of whose record a request is about.

    Args:
        service: its name; its reader is ``<service>_reader``.
        ways: by the name of a field with an id, the statement for the person to whom it leads;
            ``amount.referral_id`` is a field of a part.
        about_nobody: operations that hold no person's data.
        about_many: queries over all people whom the actor may see.
        about_anybody: commands to which no relation is needed: they open what was closed.
        names_actor: fields that say who acts, beside those that end in ``_by``, and what of the
            actor they must name; ``operation.field`` where another operation means another.
        sides: whose money something is, where the service has any.
    """

    service: str
    ways: Mapping[str, Way]
    about_nobody: frozenset[str] = frozenset()
    about_many: frozenset[str] = frozenset()
    about_anybody: frozenset[str] = frozenset()
    names_actor: Mapping[str, Named] = field(default_factory=dict)
    sides: Sides | None = None

    def of_nobody(self, call: Call) -> Scope:
        """Return a scope with nobody in it."""
        is_personal = call.operation not in self.about_nobody
        reader = f"{self.service}_reader" if is_personal else None
        return Scope(call=call, reader=reader, ways=self.ways)

    def scope(self, call: Call, *, at: datetime, session: Session) -> Scope:
        """Return whose records a request may touch.

        Raises:
            OutOfScopeError: there is no such record, or it is not theirs to have.
            NotYouError: it names somebody else as the one who acts.
        """
        actor, nobody = call.actor, self.of_nobody(call)
        is_everybody = EVERYBODY in actor.relations
        if not is_everybody:
            self._check_name(call)
            if self.sides is not None:
                self.sides.check(call, session=session)
                nobody = replace(nobody, side=self.sides.side(call))
        if nobody.reader is None:
            return nobody
        found = self._found(call.request, session=session)
        somebody = {one for one in found if one is not None}
        person_id = min(somebody, default=None)
        if is_everybody or call.operation in self.about_anybody:
            return replace(nobody, person_id=person_id, is_everybody=is_everybody)
        if person_id is not None:
            return self._of_one(
                replace(nobody, person_id=person_id), somebody, at=at, session=session
            )
        is_known = None in found  # a record that is nobody's
        if not is_known and not self._is_about_many(call):
            raise OutOfScopeError
        people = relations.people_of(_holders(actor), enough(call), at, session=session)
        if self.sides is not None:
            people |= self.sides.people(call, session=session).keys()
        return replace(nobody, people=people)

    def _of_one(
        self, scope: Scope, somebody: set[UUID], *, at: datetime, session: Session
    ) -> Scope:
        """Return the scope of a request about one person, whom all its ids must lead to.

        Raises:
            OutOfScopeError: they are not theirs to have.
        """
        actor, person_id = scope.call.actor, min(somebody)
        people = relations.ids_of(person_id, session=session)
        held = relations.held_by(_holders(actor), people, at, session=session)
        if actor.actor_id in map(str, people):
            held |= {relations.SELF}
        if self.sides is not None:
            paid = self.sides.people(scope.call, session=session, among=people)
            held = held.union(*paid.values())
        held &= enough(scope.call)
        if not (somebody <= people and held):
            raise OutOfScopeError
        is_for_them = all(one.startswith(relations.REPRESENTING) for one in held)
        return replace(
            scope,
            people=people,
            acting_for=str(person_id) if is_for_them else "",
            is_emergency=held == relations.FOR_READING,
        )

    def _is_about_many(self, call: Call) -> bool:
        """Whether a call is about all whom the actor may see: a question that names no record.

        Named, it must be there and theirs; a command names what it is about to make.
        """
        is_question = call.command_id is None and not call.is_dry_run
        names_record = any(_told(call.request, name) for name in self.ways)
        return call.operation in self.about_many and not (is_question and names_record)

    def _found(self, request: Mapping[str, Any], *, session: Session) -> set[UUID | None]:
        """Return to whom a request's ids lead; None is among them where a record is nobody's."""
        asked = [
            way(as_id(told)) for name, way in self.ways.items() if (told := _told(request, name))
        ]
        return set(session.scalars(union_all(*asked))) if asked else set()

    def _check_name(self, call: Call) -> None:
        """Make sure that whoever is named as the one who acts is the one who asks."""
        for name, value in call.request.items():
            named = self.names_actor.get(f"{call.operation}.{name}", self.names_actor.get(name))
            if named is None and name.endswith("_by") and isinstance(as_id(value), UUID):
                named = Named.ID
            if named is not None and value is not None and value not in named.of(call.actor):
                raise NotYouError("Nobody acts in another's name.", field=name)


def _holders(actor: Actor) -> set[str]:
    return {actor.actor_id, actor.organisation} - {""}


def _names(about: object) -> list[str]:
    first = about[0] if isinstance(about, Sequence) and about else about
    return sorted(first)[:MOST_FIELDS] if isinstance(first, Mapping) else []


def _told(request: Mapping[str, Any], name: str) -> object:
    """Return what a field holds, or a field of a part; None where there is nothing."""
    part, _, inner = name.rpartition(".")
    holder = request.get(part) if part else request
    return holder.get(inner) if isinstance(holder, Mapping) else None
