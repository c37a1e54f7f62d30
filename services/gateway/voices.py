"""As what somebody speaks: a person for themselves, or somebody who writes down what they said.

A field that says in whose name something is said is never taken as it comes. Its ``Voice`` lists
what each role may say there; whoever leaves the field out says the first. So a representative
never speaks as the person, and a practitioner of the council never as the NHS; but a worker may
write down what a person said on the telephone: the record says that the person spoke, and the
audit entry whose hand it was.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.gateway.visitors import Visitor
from shared.contracts import organisations

# These stand for what follows from the body that the visitor works for.
THEIR_ORGANISATION = "{organisation}"
THEIR_FUNDER = "{funder}"
THEIR_SECTOR = "{sector}"

VOLUNTARY = "voluntary_sector"


@dataclass(frozen=True, slots=True)
class Voice:
    """What may be said in one field, by role."""

    roles: Mapping[str, tuple[str | None, ...]]

    def of(self, visitor: Visitor) -> tuple[str | None, ...]:
        """Return what a visitor may say, first what they say without saying it."""
        may = (said for role in visitor.roles for said in self.roles.get(role, ()))
        filled = (_filled(said, visitor.organisation) for said in may)
        return tuple(dict.fromkeys(said for said in filled if said != ""))


def _filled(said: str | None, organisation: str) -> str | None:
    """Return a word, or what it stands for; a body that pays nothing is no funder."""
    side = organisations.current().sides.get(organisation)
    meant = {
        THEIR_ORGANISATION: organisation,
        THEIR_FUNDER: side or "",
        THEIR_SECTOR: side or VOLUNTARY,
    }
    return said if said is None else meant.get(said, said)


_FOR_THEM = ("person", "representative", "advocate")
# Who asks, complains or appeals: the person, or somebody for them.
SPEAKER = Voice(
    {
        "budget_holder": ("person",),
        "representative": ("representative",),
        "advocate": ("advocate",),
        "peer_supporter": _FOR_THEM,
        "broker": _FOR_THEM,
        "care_coordinator": _FOR_THEM,
        "complaints_officer": _FOR_THEM,
    }
)
SPEAKERS = _FOR_THEM
