"""Whose money something is, and whose side of it somebody sees.

Whoever comes for a body that pays, or that keeps the books of a pool, names no side but theirs,
and is shown no other: a partner its own, a host what is in its pools.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import CompoundSelect, Select, select
from sqlalchemy.orm import Session

from access import relations
from access.ways import Way, as_id
from shared.errors import OutOfScopeError
from shared.messaging.answering import Call

ALL_SIDES = "*"
Asked = Callable[[str], Select[Any] | CompoundSelect[Any]]


@dataclass(frozen=True, kw_only=True)
class Sides:
    """What a service knows of whose money something is.

    Args:
        ways: by the name of a field with an id, the statement for the organisations that may name
            it, each with the relation by which: ``funder`` or ``host``; ``operation.field`` where
            one operation means another. An id that leads nowhere is nobody's to name.
        new: ``operation.field`` of ids that are chosen for what is about to be made.
        paid: the statement for the people to whom an organisation has such relations, and which.
        any: the statement for such relations that an organisation has to anything.
        told_whole: questions in whose answer no funder is told from another.
    """

    ways: Mapping[str, Way]
    new: frozenset[str]
    paid: Asked
    any: Asked
    told_whole: frozenset[str] = frozenset()

    def check(self, call: Call, *, session: Session) -> None:
        """Make sure that whatever side a request names is theirs, and that they have one at all.

        Raises:
            OutOfScopeError: it is not, or they have none.
        """
        own = call.actor.organisation
        suffices = enough(call)
        asked = [way(as_id(told)) for way, told in self._named(call)]
        for one in asked:
            leads_to: Sequence[Any] = session.execute(one).all()
            allowed = {relation for organisation, relation in leads_to if organisation == own}
            if not allowed & suffices:
                raise OutOfScopeError
        is_for_payers = bool(suffices) and suffices <= relations.OF_PAYERS
        if is_for_payers and not asked and not suffices & set(session.scalars(self.any(own))):
            raise OutOfScopeError

    def people(
        self, call: Call, *, session: Session, among: Collection[UUID] | None = None
    ) -> dict[UUID, set[str]]:
        """Return to whom the actor's body stands by its money, as far as that suffices, and how."""
        suffices = enough(call) & relations.OF_PAYERS
        if not suffices:
            return {}
        paid = self.paid(call.actor.organisation).subquery()
        found = select(paid.c.person_id, paid.c.relation).where(paid.c.relation.in_(suffices))
        if among is not None:
            found = found.where(paid.c.person_id.in_(among))
        held: dict[UUID, set[str]] = {}
        for person_id, relation in session.execute(found):
            held.setdefault(person_id, set()).add(relation)
        return held

    def side(self, call: Call) -> str:
        """Return whose side they see who come for a body that pays."""
        is_narrowed = enough(call) & relations.OF_PAYERS and call.operation not in self.told_whole
        return call.actor.organisation if is_narrowed else ALL_SIDES

    def _named(self, call: Call) -> Iterator[tuple[Way, object]]:
        for name, value in call.request.items():
            full = f"{call.operation}.{name}"
            way = self.ways.get(full, self.ways.get(name))
            if way is not None and value is not None and full not in self.new:
                yield way, value


def enough(call: Call) -> frozenset[str]:
    """Return the relations that suffice: in an emergency a record is read, and nothing written."""
    is_command = call.command_id is not None or call.is_dry_run
    return call.actor.relations - (relations.FOR_READING if is_command else frozenset())
