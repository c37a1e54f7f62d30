"""What happens later: a wrong shop, a refund, a crisis."""

from dataclasses import dataclass

from demo.case import Afterwards, AlongTheWay, Item, SupportPlan
from demo.clients import BETTING_SHOP_CODE, PAWN_SHOP_CODE
from demo.playing import prolonging, reviewing, team
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What was bought by card, as the shop and payments know it."""

    purchase_id: str
    transaction_id: str  # the issuer's
    amount_pence: int


def refund(play: Play, bought: Bought | None) -> None:
    """Let the shop take the first card purchase back, and return all of the money, if it does."""
    if bought is None or not play.case.happens(Afterwards.REFUND):
        return
    play.shops.refund(bought.transaction_id, amount_pence=bought.amount_pence)
    play.wait_for(
        "payments.purchase",
        {"purchase_id": bought.purchase_id},
        by=team.broker(play),
        what="refund",
        until=lambda found: found["state"] == "refunded",
    )
    play.advance(Stage.AFTERWARDS)


def meet_crisis(play: Play, *, plan: SupportPlan) -> None:
    """Follow the crisis plan; who declined to make one gets a rapid review instead."""
    if plan.crisis_plan_declined_because is None:
        is_prolonged = play.case.has(AlongTheWay.CRISIS_PROLONGED)
        if is_prolonged:
            prolonging.promise_reserve(play)
        crisis = play.tell(
            "assessment.activate_crisis_plan",
            {
                "referral_id": play.known["referral_id"],
                "happened": "The signs of my crisis plan are there",
            },
            by=play.holder,
        )
        play.note_id("crisis_id", crisis["crisis_id"])
        if not is_prolonged:
            prolonging.stand_down(play)
    else:
        reviewing.review(
            play,
            plan=plan,
            asked_by=play.holder,
            trigger="A crisis, and no crisis plan to follow",
            conclusions="The plan goes on; we ask again whether a crisis plan would help.",
        )
    play.advance(Stage.AFTERWARDS)
