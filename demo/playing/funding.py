"""The two funders agree their shares, and everybody who pays pays in."""

from demo.case import Funding
from demo.playing.play import CaseFailedError, Play
from demo.progress import Stage

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
    agreement = play.tell(
        "budget.record_agreement",
        {
            "agreement_id": play.note_id("agreement_id", play.ids.text("agreement")),
            "budget_id": budget_id,
            "shares_basis_points": dict(funding.shares_basis_points),
        },
    )
    is_active = False
    for called in agreement["called"]:
        funder_id = called["funder_id"]
        answer = play.tell(
            "budget.receive_contribution",
            {
                "contribution_id": called["contribution_id"],
                "budget_id": budget_id,
                "funder_id": funder_id,
                "amount_pence": called["amount_pence"],
                "bank_reference": f"{play.case.case_ref} {funder_id}",
            },
            about=funder_id,
        )
        is_active = answer["is_active"]
    if not is_active:
        raise CaseFailedError("everybody paid in, and the budget is not active")
    play.advance(Stage.FUNDING)
