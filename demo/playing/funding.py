"""The two funders agree their shares, and everybody who pays pays in."""

from demo.case import Funding
from demo.partners import FUNDER_IDS, POOL_ID, SIGNATORY
from demo.playing.play import CaseFailedError, Play
from demo.progress import Stage
from shared import clock

WEEKS = 52  # the demo pays a whole year of the person's contribution at the start


def fund(play: Play, *, funding: Funding) -> None:
    """Make the agreed budget active.

    Raises:
        CaseFailedError: everything called for was paid in, and still it is not active.
    """
    budget_id = play.known["budget_id"]
    if funding.person_contribution_weekly_pence > 0:
        play.tell(
            "budget.report_financial_assessment",
            {
                "budget_id": budget_id,
                "weekly_contribution_pence": funding.person_contribution_weekly_pence,
                "weeks": WEEKS,
            },
        )
    today = clock.system_time().astimezone(clock.LONDON).date().isoformat()
    agreement = play.tell(
        "budget.record_agreement",
        {
            "agreement_id": play.note_id("agreement_id", play.ids.text("agreement")),
            "budget_id": budget_id,
            "pool_id": POOL_ID,
            "purpose": "joint",
            "starts_on": today,
            "shares": [
                {"funder_id": FUNDER_IDS[funder], "numerator": basis_points}
                for funder, basis_points in funding.shares_basis_points.items()
            ],
            "signatures": [
                {"funder_id": funder_id, "role": SIGNATORY, "signed_on": today}
                for funder_id in FUNDER_IDS.values()
            ],
        },
    )
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
            about=called["funder_kind"],
        )
        is_active = answer["is_active"]
    if not is_active:
        raise CaseFailedError("everybody paid in, and the budget is not active")
    play.advance(Stage.FUNDING)
