"""Somebody refuses, with everything that a refusal must say; the person appeals and is right."""

from demo.case import SupportPlan
from demo.playing import appealing, deciding
from demo.playing.deciding import SignedPlan
from demo.playing.play import Play
from demo.staff import CARE_COORDINATOR, TEAM_MANAGER

APPEAL_ROUTE = "Write to the appeals officer; an advocate can help you."
SISTER = {"kind": "family_or_friend", "name": "The person's sister"}
ADVOCATE = {"kind": "advocate", "name": "Ottilie Grange"}


def refuse_referral(play: Play) -> None:
    """Refuse the referral as another area's; on appeal it is opened again."""
    refused = play.tell(
        "assessment.refuse_referral",
        {
            "referral_id": play.known["referral_id"],
            "reason": "lives_elsewhere",
            "because": "Our register has you at an address in the area of another council.",
            "evidence": ["The council's register of addresses"],
            "alternatives": ["The other council's personal budgets"],
            "appeal_route": APPEAL_ROUTE,
        },
        by=TEAM_MANAGER,
    )
    appealing.win(
        play,
        against={"refusal_id": refused["refusal_id"]},
        grounds="I moved here last month, and I live here now.",
        supporter=SISTER,
        reasons="The tenancy agreement shows that you live here. The register was out of date.",
    )


def refuse_plan(play: Play, signed: SignedPlan, *, plan: SupportPlan) -> SignedPlan:
    """Refuse the plan; on appeal the next rung is asked. Return the plan as it lies with that."""
    refused = deciding.say(
        play,
        signed,
        outcome="refuse",
        reasons="I do not see how this meets an assessed need.",
        items=[
            {
                "item_id": play.ids.text(f"item/{number}"),
                "outcome": "refuse",
                "reasons": f"{item.description}: nobody has tried yet to do without a budget.",
            }
            for number, item in enumerate(plan.items)
        ],
        evidence=["The plan itself"],
        alternatives="What the community centre offers free of charge",
        appeal_route=APPEAL_ROUTE,
    )
    _take_advocate(play)
    appealing.win(
        play,
        against={"decision_id": refused["decision_id"]},
        grounds="Nobody asked me what it would change for me.",
        supporter=ADVOCATE,
        reasons="The refusal did not weigh what the person said, in the assessment and since.",
    )
    return signed.at(deciding.whose_turn(play))


def _take_advocate(play: Play) -> None:
    """Record that the person takes the help that they declined at first."""
    play.tell(
        "assessment.record_offer",
        {
            "referral_id": play.known["referral_id"],
            "support": "advocate",
            "offered_on": play.today(),
            "answer": "accepted",
            "person_words": "Now I could do with somebody beside me",
        },
        by=CARE_COORDINATOR,
        about="advocate again",
    )
