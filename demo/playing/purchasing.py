"""The broker asks for each purchase and buys it by card, bank transfer or invoice."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from demo.case import Afterwards, Item, Rail, SupportPlan
from demo.playing import afterwards, team
from demo.playing.afterwards import Bought
from demo.playing.play import CaseFailedError, Play
from demo.progress import Stage
from demo.staff import TEAM_MANAGER

LONGEST_INSTRUCTION = 2000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One occurrence of one item."""

    item_id: str
    item: Item
    reference: str  # what the broker and the payee call it
    purchase_id: str = ""  # once it was asked for


def buy(play: Play, *, plan: SupportPlan) -> Bought | None:
    """Make every purchase of the plan, one after the other; return the first one by card."""
    by_card: list[Bought] = []
    is_first = True
    _add_payees(play, plan=plan)
    for number, item in enumerate(plan.items):
        for occurrence in range(item.occurrences):
            purchase = Purchase(
                item_id=play.ids.text(f"item/{number}"),
                item=item,
                reference=f"{play.case.case_ref}-{number + 1}-{occurrence + 1}",
            )
            purchase, ready = ask_for(play, purchase, is_first=is_first)
            is_first = False
            if item.rail == Rail.CARD:
                if not by_card and play.case.happens(Afterwards.WRONG_MERCHANT):
                    afterwards.try_betting_shop(play, card_id=ready["issuer_card_id"], item=item)
                by_card.append(_buy_by_card(play, purchase, ready["issuer_card_id"]))
            elif item.rail == Rail.INVOICE:
                _record_invoice(play, purchase)
            _wait_until_completed(play, purchase)
            if item.rail == Rail.CARD:
                _attach_receipt(play, purchase)
            play.advance(Stage.PURCHASES)
    return by_card[0] if by_card else None


def _add_payees(play: Play, *, plan: SupportPlan) -> None:
    """Write down whom the bank pays, and have a second person confirm each.

    The account numbers are made up from the names: the bank is a simulator.
    """
    names = {item.payee for item in plan.items if item.rail != Rail.CARD}
    for name in sorted(names):
        digits = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
        payee = play.tell(
            "payments.add_payee",
            {
                "name": name,
                "person_id": play.known["person_id"],
                "relationship": "supplier",
                "sort_code": f"{digits % 1_000_000:06}",
                "account_number": f"{1 + digits // 1_000_000 % 99_999_999:08}",
            },
            by=team.broker(play),
            about=name,
        )
        play.tell(
            "payments.confirm_payee",
            {"payee_id": payee["payee_id"], "details_version": payee["details_version"]},
            by=TEAM_MANAGER,
            about=name,
        )


def ask_for(
    play: Play, purchase: Purchase, *, is_first: bool
) -> tuple[Purchase, Mapping[str, Any]]:
    """Ask for a purchase, and wait until the money is set aside and the way to pay is there.

    A case buys within minutes what a person buys in a year: each after the first says that it is
    no repeat, or it would be asked.
    """
    item = purchase.item
    asked = play.tell(
        "payments.request_purchase",
        {
            "budget_id": play.known["budget_id"],
            "item_id": purchase.item_id,
            "amount_pence": item.unit_cost_pence,
            "instruction": f"{item.description}, from {item.payee}"[:LONGEST_INSTRUCTION],
            "is_not_a_repeat": not is_first,
            "not_a_repeat_because": "" if is_first else "Another one of those in the plan",
        },
        by=team.broker(play),
        about=purchase.reference,
    )
    purchase = replace(purchase, purchase_id=asked["purchase_id"])
    if asked["state"] == "awaiting_approval":
        _approve(play, purchase)

    if item.rail == Rail.BACS:  # its transfer is ordered as soon as the money is set aside
        return purchase, {}

    def is_ready(found: Mapping[str, Any]) -> bool:
        has_card = item.rail != Rail.CARD or found.get("issuer_card_id") is not None
        return found["state"] == "ready" and has_card

    return purchase, _wait_for(play, purchase, is_ready, what=f"{item.rail} ready")


def _approve(play: Play, purchase: Purchase) -> None:
    """Have a second person say yes to what is above the broker's limit.

    Alone, or with what was asked for like it: here a year's purchases are asked for within a day.
    """
    play.tell(
        "payments.approve_purchase",
        {
            "purchase_id": purchase.purchase_id,
            "reason": "It is in the plan that was agreed",
        },
        by=TEAM_MANAGER,
        about=purchase.purchase_id,
    )


def _buy_by_card(play: Play, purchase: Purchase, card_id: str) -> Bought:
    """Pay as a shop would: ask, take the money."""
    item = purchase.item
    authorisation = play.shops.authorise(
        card_id=card_id,
        amount_pence=item.unit_cost_pence,
        merchant=item.payee,
        merchant_category_code=item.merchant_category_code or "",
    )
    if not authorisation.is_approved:
        raise CaseFailedError(
            f"the card was declined for purchase {purchase.purchase_id},"
            f" authorisation {authorisation.authorisation_id}"
        )
    return Bought(
        purchase_id=purchase.purchase_id,
        transaction_id=play.shops.capture(authorisation.authorisation_id),
        amount_pence=item.unit_cost_pence,
    )


def _record_invoice(play: Play, purchase: Purchase) -> None:
    play.tell(
        "payments.record_invoice",
        {
            "purchase_id": purchase.purchase_id,
            "invoice_number": purchase.reference,
            "amount_pence": purchase.item.unit_cost_pence,
        },
        by=team.broker(play),
        about=purchase.purchase_id,
    )


def _wait_until_completed(play: Play, purchase: Purchase) -> None:
    what = f"{purchase.item.rail} completed"
    _wait_for(play, purchase, lambda found: found["state"] == "completed", what=what)


def _wait_for(
    play: Play, purchase: Purchase, until: Callable[[Mapping[str, Any]], bool], *, what: str
) -> Mapping[str, Any]:
    """Wait for a state of the purchase; a refusal is not waited out."""
    found = play.wait_for(
        "payments.purchase",
        {"purchase_id": purchase.purchase_id},
        by=team.broker(play),
        what=what,
        until=lambda found: found["state"] in {"refused", "cancelled"} or until(found),
    )
    if found["state"] in {"refused", "cancelled"}:
        refusal = found.get("refusal") or {"code": "not told", "reason": ""}
        raise CaseFailedError(
            f"purchase {purchase.purchase_id} was {found['state']}:"
            f" {refusal['code']}: {refusal['reason']}"
        )
    return found


def _attach_receipt(play: Play, purchase: Purchase) -> None:
    item = purchase.item
    receipt = f"{item.payee}\n{item.description}\n{item.unit_cost_pence} pence\n"
    play.tell(
        "payments.attach_receipt",
        {
            "purchase_id": purchase.purchase_id,
            "sha256": hashlib.sha256(receipt.encode()).hexdigest(),
            "amount_pence": item.unit_cost_pence,
        },
        by=team.broker(play),
        about=purchase.purchase_id,
    )
