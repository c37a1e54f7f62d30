"""The cells of the access matrix, and what must happen in each, from the policy file alone."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from access.relations import FUNDER, HOST, OF_PAYERS
from services.gateway import policy
from services.gateway.visitors import Visitor
from shared.contracts.actor import EVERYBODY
from tests.integration.access.world import BOARD, NEIGHBOUR, OWN, POOL_HOST, STRANGER

POLICY = policy.load()
NOTHING = "nothing"  # there is no such record
BODY, ANOTHER_BODY = "nhs-trust", "council"
BODIES = {OWN: BODY, NEIGHBOUR: BODY, STRANGER: ANOTHER_BODY}  # which has somebody with whom
# What bodies that pay are to whom: two work together for one's own and a neighbour's.
PAY = {BOARD: frozenset({FUNDER}), POOL_HOST: frozenset({FUNDER, HOST})}
SELF, ORGANISATION, ANYBODY = "self", "organisation", "anybody"
NONE_IS_NEEDED = frozenset({EVERYBODY, ANYBODY})
# What members of staff are to somebody with whom their body need not work.
IN_EMERGENCIES = frozenset({ANYBODY, "break_glass", "second_person", "reviews_emergencies"})
# What a colleague, or who acts for somebody, may be to a person.
HELD = frozenset(
    relation
    for rule in POLICY.rules.values()
    for enough in rule.values()
    for relation in enough - {SELF, ORGANISATION, *NONE_IS_NEEDED, *OF_PAYERS}
)

_ACTORS = UUID("3d3ed1b7-0a60-4f9e-8c62-6f2f7a1c9a55")


@dataclass(frozen=True, slots=True)
class Cell:
    """Somebody in a role, who stands to ``own`` in one way, and asks for one record.

    Their body works with ``own`` and with ``neighbour``, and another one with ``stranger``. A
    bystander is to ``own`` all that does not suffice, and of the other body where a body does.
    """

    operation: str
    role: str
    relation: str
    whose: str
    is_bystander: bool = False

    @property
    def enough(self) -> frozenset[str]:
        return POLICY.relations(self.operation, [self.role])

    @property
    def organisation(self) -> str:
        """Return for whom they work: nobody who is here for themselves or for the person."""
        if self.is_bystander:
            return ANOTHER_BODY if ORGANISATION in self.enough else BODY
        if self.relation in OF_PAYERS:
            return BOARD if self.relation == FUNDER else POOL_HOST
        is_of_body = self.relation in {ORGANISATION, *IN_EMERGENCIES}
        is_of_body = is_of_body or self.relation.startswith("team:")
        return BODY if is_of_body else ""

    def held_to(self, whose: str) -> frozenset[str]:
        """Return what they are to one of the three."""
        with_body = {ORGANISATION} if self.organisation == BODIES.get(whose) else set()
        if whose in {OWN, NEIGHBOUR}:
            with_body |= PAY.get(self.organisation, set())
        return frozenset(with_body | self.mine if whose == OWN else with_body)

    @property
    def mine(self) -> frozenset[str]:
        """Return what they themselves are to ``own``, not their body."""
        mine = HELD - self.enough if self.is_bystander else {self.relation}
        return frozenset(mine & (HELD | {SELF}))

    def may_have(self, whose: str) -> bool:
        """Whether they may have the record of one of the three."""
        return not self.is_relation_needed or bool(self.enough & self.held_to(whose))

    def may_name_side(self, whose: str) -> bool:
        """Whether the money of one of the three is theirs to name; or anybody's, for that."""
        payers = self.enough & OF_PAYERS
        held = PAY.get(self.organisation, frozenset()) if whose == ANYBODY else self.held_to(whose)
        return not self.is_relation_needed or bool(payers & held)

    @property
    def is_relation_needed(self) -> bool:
        """Whether it matters what they are to a person."""
        return not self.enough & NONE_IS_NEEDED

    def visitor(self, person_id: UUID) -> Visitor:
        """Return who comes through the door; ``person_id`` is whose own record ``own`` is."""
        is_person = self.relation == SELF and not self.is_bystander
        actor_id = person_id if is_person else actor(self.mine)
        return Visitor(
            client=str(actor_id),
            actor_id=str(actor_id),
            roles=(self.role,),
            organisation=self.organisation,
            purpose="tests",
        )

    def __str__(self) -> str:
        stands = f"all but {sorted(self.enough)}" if self.is_bystander else self.relation
        return f"{self.operation} as {self.role}, {stands}, of {self.whose}"


def actor(held: frozenset[str]) -> UUID:
    """Return the colleague who is just this to ``own``."""
    return uuid5(_ACTORS, " ".join(sorted(held)))


def actors() -> Mapping[UUID, frozenset[str]]:
    """Return all colleagues, by what they are to ``own``."""
    held = {cell.mine - {SELF} for operation in POLICY.rules for cell in cells(operation)}
    return {actor(one): one for one in held}


def cells(operation: str) -> Iterator[Cell]:
    """Return every cell of an operation: by role, relation that suffices and whose record."""
    for role, enough in POLICY.rules[operation].items():
        for relation in sorted(enough):
            for whose in (OWN, NEIGHBOUR, STRANGER, NOTHING):
                yield Cell(operation, role, relation, whose)
        if not enough & NONE_IS_NEEDED:
            yield Cell(operation, role, "", OWN, is_bystander=True)
