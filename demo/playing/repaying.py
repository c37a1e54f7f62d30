"""A budget has ended: what is left of it goes back to whose it is, with three weeks' notice."""

from demo.playing.play import Play
from demo.staff import FINANCE_OFFICER

NOTICE_WEEKS = 3
REASONS = {
    "died": "The person has died. What is left belongs to those who paid it in.",
    "ended": "This budget has ended. What is left belongs to those who paid it in.",
}


def give_notice(play: Play, *, ground: str) -> None:
    """Propose that what is left goes back, and give notice; where nothing is left, do nothing."""
    budget = {"budget_id": play.known["budget_id"]}
    closing = play.ask("budget.closing_statement", budget, by=FINANCE_OFFICER)
    if not any(funder["left_pence"] for funder in closing["funders"]):
        return
    because = {**budget, "reason": REASONS[ground]}
    proposed = play.tell(
        "budget.propose_repayment", {**because, "ground": ground}, by=FINANCE_OFFICER
    )
    play.note_id("repayment_id", proposed["repayment_id"])
    notice = {"repayment_id": proposed["repayment_id"], "notice_weeks": NOTICE_WEEKS}
    play.tell("budget.notify_repayment", {**because, **notice}, by=FINANCE_OFFICER)


def pay_back(play: Play) -> None:
    """Confirm and post what notice was given of, now that the notice is over."""
    if "repayment_id" not in play.known:
        return
    repayment = {
        "budget_id": play.known["budget_id"],
        "repayment_id": play.known["repayment_id"],
        "reason": "The notice is over, and nobody asked for it to be reconsidered.",
    }
    play.tell("budget.confirm_repayment", repayment, by=FINANCE_OFFICER)
    play.tell("budget.post_repayment", repayment, by=FINANCE_OFFICER)
