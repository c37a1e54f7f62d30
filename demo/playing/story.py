"""One case from its first step to its last."""

from demo.case import Afterwards, AlongTheWay, SupportPlan
from demo.playing import (
    afterwards,
    assessing,
    complaining,
    disputing,
    dying,
    funding,
    moving,
    planning,
    purchasing,
    reassessing,
    repaying,
    telling,
)
from demo.playing.afterwards import Bought
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
    if case.has(AlongTheWay.MOVED):
        moving.announce(play)
    bought = purchasing.buy(play, plan=case.support_plan)
    _live_with_it(play, plan=case.support_plan, bought=bought)


def _live_with_it(play: Play, *, plan: SupportPlan, bought: Bought | None) -> None:
    """Play what comes once everything is bought."""
    case = play.case
    is_said_to_die = case.has(AlongTheWay.DIED) or case.has(AlongTheWay.DEATH_TAKEN_BACK)
    if not is_said_to_die:
        afterwards.refund(play, bought)
    if case.has(AlongTheWay.COMPLAINT):
        complaining.complain(play)
    if case.happens(Afterwards.CRISIS):
        afterwards.meet_crisis(play, plan=plan)
    if case.has(AlongTheWay.REDUCTION):
        reassessing.reassess(play, plan=plan)
    if is_said_to_die:
        _be_said_to_die(play, plan=plan, bought=bought)


def _be_said_to_die(play: Play, *, plan: SupportPlan, bought: Bought | None) -> None:
    """Let the person die, or be taken for dead; what a shop takes back comes after that."""
    dying.die(play)
    is_mistake = play.case.has(AlongTheWay.DEATH_TAKEN_BACK)
    if is_mistake:
        dying.take_back(play)
    afterwards.refund(play, bought)
    if is_mistake:
        dying.look_again(play, plan=plan)
    repaying.give_notice(play, ground="ended" if is_mistake else "died")
