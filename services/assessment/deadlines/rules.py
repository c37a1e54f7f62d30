"""What has a deadline, what is to be done by it, and when it is missed."""

import enum
from collections.abc import Mapping
from datetime import date


class Stage(enum.StrEnum):
    """Something that somebody must do by a day. At most 32 letters; add one beside its words."""

    REFERRAL_ANSWER = "referral_answer"
    AMOUNT_TOLD = "amount_told"
    AMOUNT_ANEW = "amount_anew"
    IDENTITY_QUESTION = "identity_question"
    WORKER_CHANGE = "worker_change"
    CONTRIBUTION_UNPLACED = "contribution_unplaced"
    PREVENTIVE_EFFECT = "preventive_effect"
    DISPUTE = "dispute"
    SIGNATURE = "signature"
    DECISION = "decision"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    REVIEW = "review"
    CRISIS_HAND_BACK = "crisis_hand_back"
    DIRECT_PAYMENT_OFFER = "direct_payment_offer"


# What a task says. It is read by staff, so it names nobody.
WORDS: Mapping[Stage, str] = {
    Stage.REFERRAL_ANSWER: "Answer this referral.",
    Stage.AMOUNT_TOLD: "Tell the person the amount, in writing or in their presence.",
    Stage.AMOUNT_ANEW: "Work the amount out again with the person: an appeal was upheld.",
    Stage.IDENTITY_QUESTION: "Find out whether two records are one person.",
    Stage.WORKER_CHANGE: "Answer, with reasons, the request for another worker.",
    Stage.CONTRIBUTION_UNPLACED: "Find the referral that a contribution belongs to.",
    Stage.PREVENTIVE_EFFECT: "Explain a reduction to the person, or take it back.",
    Stage.DISPUTE: "Settle who pays for a domain that is disputed.",
    Stage.SIGNATURE: "Sign the support plan, or say what has to change.",
    Stage.DECISION: "Decide on the support plan, with reasons.",
    Stage.APPEAL: "Decide on the appeal, with reasons.",
    Stage.COMPLAINT: "Answer the complaint.",
    Stage.REVIEW: "Hold the review with the person.",
    Stage.CRISIS_HAND_BACK: "Hand the budget back to the person; on this day it goes by itself.",
    Stage.DIRECT_PAYMENT_OFFER: "Answer the wish for a direct payment.",
}


def is_late(*, due_on: date, today: date) -> bool:
    """Tell whether a deadline is missed. What is due on a day may be done until its end."""
    return today > due_on
