"""What a decision must say: of each item, and why, what else there is, and how to appeal."""

import enum
from collections.abc import Collection, Mapping, Sequence
from typing import ClassVar
from uuid import UUID

from shared.errors import Refusal


class DecisionOutcome(enum.StrEnum):
    APPROVE = "approve"
    APPROVE_IN_PART = "approve_in_part"
    RETURN = "return"
    REFUSE = "refuse"
    ESCALATE = "escalate"  # not sure: the worry is the reason


class ItemOutcome(enum.StrEnum):
    APPROVE = "approve"
    RETURN = "return"
    REFUSE = "refuse"


# What an outcome may say of an item; every pair that is not listed is refused.
ITEM_OUTCOMES: Mapping[DecisionOutcome, Collection[ItemOutcome]] = {
    DecisionOutcome.APPROVE: (ItemOutcome.APPROVE,),
    DecisionOutcome.APPROVE_IN_PART: (ItemOutcome.APPROVE, ItemOutcome.REFUSE),
    DecisionOutcome.RETURN: (ItemOutcome.APPROVE, ItemOutcome.RETURN),
    DecisionOutcome.REFUSE: (ItemOutcome.REFUSE,),
    DecisionOutcome.ESCALATE: (),
}


class RefusalUnexplainedError(Refusal):
    """A refusal, whole or in part, says why, what else there is, and how to appeal."""

    code = "refusal_unexplained"
    next_step: ClassVar[str] = (
        "Give the reasons for every item that is refused, the evidence, the alternatives and"
        " the way to appeal."
    )


class ItemOutcomeError(Refusal):
    """What is said of an item does not fit the decision."""

    code = "item_outcome_wrong"
    next_step: ClassVar[str] = (
        "Say of the items of this version what fits the outcome: for a part approval of each"
        " item whether it is approved or refused, for a refusal that each is refused."
    )


def check_items(
    outcome: DecisionOutcome,
    *,
    item_ids: Collection[UUID],
    said: Mapping[UUID, tuple[ItemOutcome, str | None]],
) -> None:
    """Refuse a decision that does not say of each item what it must.

    Args:
        outcome: of the whole plan.
        item_ids: the items of this version.
        said: the outcome of an item, and why.
    """
    fitting = ITEM_OUTCOMES[outcome]
    outcomes = {item_id: one for item_id, (one, _) in said.items()}
    if not set(outcomes) <= set(item_ids) or not set(outcomes.values()) <= set(fitting):
        raise ItemOutcomeError("This is not said of the plan's items.", field="items")
    is_each_decided = set(outcomes) == set(item_ids)
    if outcome == DecisionOutcome.APPROVE_IN_PART and (
        not is_each_decided or set(outcomes.values()) != set(fitting)
    ):
        raise ItemOutcomeError("A part is approved and a part refused.", field="items")
    if outcome == DecisionOutcome.REFUSE and not is_each_decided:
        raise RefusalUnexplainedError("Not every item has its reasons.", field="items")
    unexplained = [
        item_id for item_id, (one, why) in said.items() if why is None and one != "approve"
    ]
    if unexplained:
        raise RefusalUnexplainedError("Not every item has its reasons.", field="items")


def check_explained(
    outcome: DecisionOutcome,
    *,
    reasons: str,
    evidence: Sequence[str],
    alternatives: str | None,
    appeal_route: str | None,
) -> None:
    """Refuse a refusal without reasons, evidence, alternatives and the way to appeal.

    Local authorities and NHS bodies give reasons for a refusal, and reconsider it when asked
    (National Health Service (Direct Payments) Regulations 2013, SI 2013/1617, as amended by
    SI 2013/2354; to be confirmed for budgets that are no direct payments).
    """
    if outcome not in {DecisionOutcome.REFUSE, DecisionOutcome.APPROVE_IN_PART}:
        return
    given = {
        "reasons": reasons.strip(),
        "evidence": evidence,
        "alternatives": alternatives,
        "appeal_route": appeal_route,
    }
    missing = [name for name, words in given.items() if not words]
    if missing:
        raise RefusalUnexplainedError("It lacks: " + ", ".join(missing) + ".", field=missing[0])
