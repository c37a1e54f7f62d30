"""One case from its first step to its last."""

from demo.case import Afterwards
from demo.playing import afterwards, assessing, funding, planning, purchasing, telling
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
    planning.agree(play, plan=case.support_plan, sign_off=case.sign_off, offer=offer)
    funding.fund(play, funding=case.budget)
    purchasing.buy(play, plan=case.support_plan)
    if case.happens(Afterwards.CRISIS):
        afterwards.meet_crisis(play, plan=case.support_plan)
