"""One case from its first step to its last."""

from demo.case import Afterwards, AlongTheWay
from demo.playing import (
    afterwards,
    assessing,
    complaining,
    disputing,
    funding,
    planning,
    purchasing,
    reassessing,
    telling,
)
from demo.playing.play import Play
from demo.progress import Stage


def play_case(play: Play) -> None:
    """Play a case.

    Raises:
        CaseFailedError, or whatever a service, the issuer or the broker answered.
    """
    case = play.case
    offer = assessing.assess(play)
    if case.support_plan is None or case.sign_off is None or case.budget is None:
        assessing.decline(play)
        return
    telling.tell_amount(play)
    play.advance(Stage.REFERRAL)
    if case.has(AlongTheWay.SPLIT_DISPUTED):
        offer = disputing.dispute(play)
    planning.agree(play, plan=case.support_plan, sign_off=case.sign_off, offer=offer)
    if case.has(AlongTheWay.SPLIT_DISPUTED):
        disputing.settle(play, funding=case.budget)
    funding.fund(play, funding=case.budget)
    purchasing.buy(play, plan=case.support_plan)
    if case.has(AlongTheWay.COMPLAINT):
        complaining.complain(play)
    if case.happens(Afterwards.CRISIS):
        afterwards.meet_crisis(play, plan=case.support_plan)
    if case.has(AlongTheWay.REDUCTION):
        reassessing.reassess(play, plan=case.support_plan)
