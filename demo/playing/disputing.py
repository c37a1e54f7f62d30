"""The council disputes who pays for a domain. The person's plan goes on meanwhile."""

from collections.abc import Mapping
from typing import Any

from demo.case import Funding
from demo.playing.play import Play
from demo.staff import TEAM_MANAGER

PARTY = "council"


def dispute(play: Play) -> Mapping[str, Any]:
    """Have the council's system dispute the domain that weighs most; return the amount.

    It is half and half from now on. Its total stays; the promised reserve can differ by a penny,
    for each funder's is rounded.
    """
    disputed = play.send(
        "assessment.dispute.v1",
        {
            "referral_id": play.known["referral_id"],
            "domain": _heaviest_domain(play),
            "author_role": "social_worker",
            "reasons": "To our minds most of this is a health need.",
        },
        by=PARTY,
    )
    play.note_id("dispute_id", disputed["dispute_id"])
    offer: Mapping[str, Any] = play.read_case()["indicative_budget"]
    return offer


def settle(play: Play, *, funding: Funding) -> None:
    """Settle it as the case's shares say, so that the funders know what to true up."""
    play.tell(
        "assessment.decide_dispute",
        {
            "dispute_id": play.known["dispute_id"],
            "shares": dict(funding.shares_basis_points),
            "reasons": "Both sides share it as they share the rest of this budget.",
        },
        by=TEAM_MANAGER,
    )


def _heaviest_domain(play: Play) -> str:
    (seen,) = (
        contribution["domains"]
        for contribution in play.case.assessment["contributions"]
        if contribution["organisation"] == PARTY
    )
    heaviest = max(seen, key=lambda domain: domain["without_present_support"]["typical"])
    return str(heaviest["domain"])
