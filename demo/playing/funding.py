"""The two funders agree their shares and give their word; then everybody who pays pays in."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from demo.case import Funding
from demo.partner_systems import COUNCIL, TRUST
from demo.partners import SIGNATORY
from demo.playing.play import CaseFailedError, Play
from demo.progress import Stage
from demo.staff import FINANCE_OFFICER
from shared import clock

SYSTEMS = {"nhs": TRUST, "council": COUNCIL}  # that speak for each funder
COST_CENTRE = "MENTAL-HEALTH-1"  # invented, as everything in the demo is
WEEKS = 52  # the demo pays a whole year of the person's contribution at the start


def fund(play: Play, *, funding: Funding) -> None:
    """Make the agreed budget active.

    Raises:
        CaseFailedError: everything called for was paid in, and still it is not active.
    """
    budget_id, funder_ids = play.known["budget_id"], play.partners.funder_ids
    if funding.person_contribution_weekly_pence > 0:
        play.tell(
            "budget.report_financial_assessment",
            {
                "budget_id": budget_id,
                "weekly_contribution_pence": funding.person_contribution_weekly_pence,
                "weeks": WEEKS,
            },
            by=FINANCE_OFFICER,
        )
    starts_on = clock.system_time().astimezone(clock.LONDON).date()
    today = starts_on.isoformat()
    agreement = play.tell(
        "budget.record_agreement",
        {
            "budget_id": budget_id,
            "pool_id": play.partners.pool_id,
            "purpose": "joint",
            "starts_on": today,
            "shares": [
                {"funder_id": funder_ids[funder], "numerator": basis_points}
                for funder, basis_points in funding.shares_basis_points.items()
            ],
            "signatures": [
                {"funder_id": funder_id, "role": SIGNATORY, "signed_on": today}
                for funder_id in funder_ids.values()
            ],
        },
        by=FINANCE_OFFICER,
    )
    play.note_id("agreement_id", agreement["agreement_id"])
    _commit(play, agreement["called"], starts_on=starts_on)
    is_active = False
    for called in agreement["called"]:
        answer = play.tell(
            "budget.receive_contribution",
            {
                "contribution_id": called["contribution_id"],
                "budget_id": budget_id,
                "funder_id": called["funder_id"],
                "amount_pence": called["amount_pence"],
                "bank_reference": f"{play.case.case_ref} {called['funder_kind']}",
            },
            by=FINANCE_OFFICER,
            about=called["funder_kind"],
        )
        is_active = answer["is_active"]
    if not is_active:
        raise CaseFailedError("everybody paid in, and the budget is not active")
    play.advance(Stage.FUNDING)


def _commit(play: Play, called: Iterable[Mapping[str, Any]], *, starts_on: date) -> None:
    """Have each funder's own system commit its money; the person has none that could."""
    for one in called:
        if one["funder_kind"] in SYSTEMS:
            play.send(
                "contribution.commit.v2",
                {
                    "contribution_id": one["contribution_id"],
                    "budget_id": play.known["budget_id"],
                    "amount_pence": one["amount_pence"],
                    **_terms(starts_on),
                },
                by=SYSTEMS[one["funder_kind"]],
            )


def _terms(starts_on: date) -> dict[str, Any]:
    last_day = starts_on + timedelta(weeks=WEEKS, days=-1)
    return {
        "period": {"starts_on": starts_on.isoformat(), "ends_on": last_day.isoformat()},
        "cost_centre": COST_CENTRE,
        "source": "pooled_s75",
    }
