"""What happens later: a wrong shop, a refund, a crisis."""

from demo.case import Item, SupportPlan
from demo.clients import BETTING_SHOP_CODE, PAWN_SHOP_CODE
from demo.playing import reviewing
from demo.playing.play import CaseFailedError, Play
from demo.progress import Stage


def try_betting_shop(play: Play, *, card_id: str, item: Item) -> None:
    """Somebody tries the card where it must not work.

    Raises:
        CaseFailedError: it worked.
    """
    is_in_plan = item.merchant_category_code == BETTING_SHOP_CODE
    authorisation = play.shops.authorise(
        card_id=card_id,
        amount_pence=item.unit_cost_pence,
        merchant="Lucky Example Betting",
        merchant_category_code=PAWN_SHOP_CODE if is_in_plan else BETTING_SHOP_CODE,
    )
    if authorisation.is_approved:
        raise CaseFailedError("the card was accepted at a betting shop")
    play.advance(Stage.AFTERWARDS)


def refund(play: Play, *, purchase_id: str, transaction_id: str, amount_pence: int) -> None:
    """Let the shop take the first card purchase back, and return all of the money."""
    play.shops.refund(transaction_id, amount_pence=amount_pence)
    play.wait_for(
        "payments.purchase",
        {"purchase_id": purchase_id},
        what="refund",
        until=lambda found: found["state"] == "refunded",
    )
    play.advance(Stage.AFTERWARDS)


def meet_crisis(play: Play, *, plan: SupportPlan) -> None:
    """Follow the crisis plan; who declined to make one gets a rapid review instead."""
    referral_id = play.known["referral_id"]
    if plan.crisis_plan_declined_because is None:
        play.tell(
            "assessment.activate_crisis_plan",
            {
                "crisis_id": (crisis_id := play.ids.text("crisis")),
                "referral_id": referral_id,
                "activated_by": "person",
                "happened": "The signs of my crisis plan are there",
            },
        )
        play.tell(
            "assessment.stand_down_crisis_plan",
            {"crisis_id": crisis_id, "stood_down_by": "person"},
        )
    else:
        reviewing.review(
            play,
            plan=plan,
            asked_by="person",
            trigger="A crisis, and no crisis plan to follow",
            conclusions="The plan goes on; we ask again whether a crisis plan would help.",
        )
    play.advance(Stage.AFTERWARDS)
