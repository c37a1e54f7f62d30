"""What shops do after a purchase, where a rule says so: odd claims, odd refunds, disputes."""

from simulators.card_issuer import (
    adjustments,
    authorisations,
    captures,
    cards,
    disputes,
    outcomes,
    transactions,
)
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.store import Wire

STEP = 1_00  # the smallest unit; what a rule without an amount takes
FOREIGN = "eur"
FOREIGN_PER_POUND = 1.17  # made up: what matters is that it is another one at the claim


def lose_card(card_id: str, *, issuer: Issuer, why: str) -> Wire:
    """Have the card reported lost or stolen and replaced; its purchases stay on it."""
    fields = [("status", "canceled"), ("cancellation_reason", why)]
    lost = cards.update(form=Form(fields), issuer=issuer, card_id=card_id)
    metadata = [(f"metadata[{name}]", value) for name, value in lost["metadata"].items()]
    fields = [
        ("cardholder", lost["cardholder"]["id"]),
        ("currency", lost["currency"]),
        ("type", lost["type"]),
        ("status", "active"),
        ("replacement_for", card_id),
        ("replacement_reason", why),
        *metadata,
    ]
    return cards.create(form=Form(fields), issuer=issuer)


def claim_unasked(authorisation_id: str, *, issuer: Issuer, variant: str | None) -> Wire:
    """Claim without naming the purchase, or after the card is cancelled."""
    bought = issuer.store.read(authorisations.KIND, authorisation_id)
    if variant == "canceled_card":
        form = Form([("status", "canceled")])
        cards.update(form=form, issuer=issuer, card_id=bought["card"]["id"])
        return captures.claim(Form([]), issuer=issuer, authorisation_id=authorisation_id)
    fields = [
        ("card", bought["card"]["id"]),
        ("amount", str(bought["amount"])),
        ("merchant_data[category_code]", bought["merchant_data"]["category_code"]),
        ("merchant_data[name]", bought["merchant_data"]["name"]),
    ]
    captures.create_force_capture(form=Form(fields), issuer=issuer)
    return adjustments.expire(form=Form([]), issuer=issuer, authorisation_id=authorisation_id)


def claim_oddly(authorisation_id: str, *, issuer: Issuer, variant: str | None, amount: int) -> Wire:
    """Claim more or less than was held, or in two parts; a tip is the second of them."""
    held = issuer.store.read(authorisations.KIND, authorisation_id)["amount"]
    parts = {
        "over": (held + amount,),
        "under": (held - amount,),
        "multi": (amount, held - amount),
        "tip": (held, amount),
    }[variant or "over"]
    claimed: Wire = {}
    for place, part in enumerate(parts, 1):
        is_last = "true" if place == len(parts) else "false"
        form = Form([("capture_amount", str(part)), ("close_authorization", is_last)])
        claimed = captures.claim(form, issuer=issuer, authorisation_id=authorisation_id)
    return claimed


def claim_foreign(
    authorisation_id: str, *, issuer: Issuer, variant: str | None, amount: int
) -> Wire:
    """Claim a purchase whose currency moved between the question and the claim."""
    with issuer.store.lock:
        bought = issuer.store.read(authorisations.KIND, authorisation_id)
        shops = round(bought["amount"] * FOREIGN_PER_POUND)
        issuer.store.save({**bought, "merchant_currency": FOREIGN, "merchant_amount": shops})
    drifted = bought["amount"] + (amount if variant == "dearer" else -amount)
    return captures.claim(
        Form([("capture_amount", str(drifted))]),
        issuer=issuer,
        authorisation_id=authorisation_id,
        merchant_amount=shops,
    )


def refund_early(authorisation_id: str, *, issuer: Issuer, amount: int | None) -> None:
    """Give back what is only claimed afterwards: the refund names the purchase, not a claim."""
    bought = issuer.store.read(authorisations.KIND, authorisation_id)
    with issuer.store.lock:
        refunding = transactions.follow_up(
            {**bought, "authorization": bought["id"], "card": bought["card"]["id"]},
            issuer=issuer,
            amount=amount or bought["amount"],
        )
    issuer.events.tell(transactions.CREATED, refunding)


def after_claiming(claimed: Wire, *, issuer: Issuer) -> None:
    """Do what the rules want next to a claim."""
    claims = [one for one in claimed["transactions"] if one["type"] == "capture"]
    if not claims:
        return
    claim, card = claims[-1], claimed["card"]["id"]
    if rule := issuer.faults.take("odd_refund", card=card, variants=REFUNDS):
        give_back(claim, issuer=issuer, variant=rule.variant or "linked", amount=rule.amount)
    if rule := issuer.faults.take("dispute", card=card):
        dispute(claim, issuer=issuer, variant=rule.variant or "won")


REFUNDS = ("linked", "unlinked", "wrongly_linked", "duplicate_amount", "reversed")


def give_back(claim: Wire, *, issuer: Issuer, variant: str, amount: int | None) -> None:
    """Refund a claim as it should be, or in one of the ways in which it should not."""
    amount = amount or STEP
    fields = Form([("refund_amount", str(amount))])
    if variant == "unlinked":
        fields = Form([("card", claim["card"]), ("amount", str(amount))])
        transactions.create_unlinked_refund(form=fields, issuer=issuer)
    elif variant == "wrongly_linked":
        with issuer.store.lock:
            refunding = transactions.follow_up(claim, issuer=issuer, amount=amount)
            refunding = {**refunding, "authorization": issuer.mint.new_id("iauth")}
            issuer.store.save(refunding)
        issuer.events.tell(transactions.CREATED, refunding)
    else:
        refund = transactions.refund(form=fields, issuer=issuer, transaction_id=claim["id"])
        if variant == "duplicate_amount":
            transactions.refund(form=fields, issuer=issuer, transaction_id=claim["id"])
        if variant == "reversed":
            transactions.reverse_refund(form=Form([]), issuer=issuer, transaction_id=refund["id"])


def dispute(claim: Wire, *, issuer: Issuer, variant: str) -> None:
    """Let a claim be disputed, up to one of the ends that this can have."""
    fields = [
        ("transaction", claim["id"]),
        ("evidence[reason]", "not_received"),
        ("evidence[not_received][explanation]", "Nothing came."),
    ]
    opened = disputes.create(form=Form(fields), issuer=issuer)["id"]
    reason = outcomes.LOSS_REASON
    if variant == "expired":
        outcomes.expire(issuer, opened, loss_reason=reason)
        return
    disputes.submit(form=Form([]), issuer=issuer, dispute_id=opened)
    outcomes.reinstate(issuer, opened, loss_reason=reason)
    if variant == "won":
        outcomes.win(issuer, opened, loss_reason=reason)
    elif variant == "rescinded":
        outcomes.rescind(issuer, opened, loss_reason=reason)
    else:
        if variant == "refunded_meanwhile":
            transactions.refund(form=Form([]), issuer=issuer, transaction_id=claim["id"])
            reason = "refund_issued"
        outcomes.lose(issuer, opened, loss_reason=reason)
