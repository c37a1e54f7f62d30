"""Shops: they buy and claim, and where a rule says so they do it as nobody wants it."""

from concurrent.futures import ThreadPoolExecutor

from simulators.card_issuer import adjustments, authorisations, captures, shop_afterwards
from simulators.card_issuer.forms import Form
from simulators.card_issuer.issuer import Issuer
from simulators.card_issuer.store import Wire

BURST = 50
MOST_AT_ONCE = 50
STEP = 1_00  # the smallest unit; what a rule without an amount takes
UNASKED = ("no_authorization", "canceled_card")


def buy(*, form: Form, issuer: Issuer) -> Wire:
    """Make a purchase. The answer is the purchase that was asked for, whatever else happened."""
    card = form.optional_text("card")
    if rule := issuer.faults.take("card_check", card=card):
        check_card(form, issuer=issuer, amount=0 if rule.variant == "zero" else 1)
    if rule := issuer.faults.take("partial_approval", card=card):
        amount = form.amount("amount") + (rule.amount or STEP)
        form = form.with_fields(amount=str(amount), is_amount_controllable="true")
    if rule := issuer.faults.take("burst", card=card):
        return burst(form, issuer=issuer, number=rule.amount or BURST)
    bought = authorisations.create(form=form, issuer=issuer)
    return after_buying(bought, issuer=issuer)


def check_card(form: Form, *, issuer: Issuer, amount: int) -> None:
    """Ask for nothing, or for a penny, and give it back: whether the card is any good."""
    asked = form.with_fields(amount=str(amount))
    checked = authorisations.create(form=asked, issuer=issuer)
    if checked["approved"]:
        adjustments.reverse(form=Form([]), issuer=issuer, authorisation_id=checked["id"])


def burst(form: Form, *, issuer: Issuer, number: int) -> Wire:
    """Ask so many times at once; the answer is the first that was approved, or the last."""
    with ThreadPoolExecutor(max_workers=min(number, MOST_AT_ONCE)) as at_once:
        bought = list(
            at_once.map(lambda _: authorisations.create(form=form, issuer=issuer), range(number))
        )
    return next((one for one in bought if one["approved"]), bought[-1])


def after_buying(bought: Wire, *, issuer: Issuer) -> Wire:
    """Do what the rules want next to a purchase that was decided."""
    card, about = bought["card"]["id"], bought["id"]
    if not bought["approved"]:
        if issuer.faults.take("unasked_capture", card=card, variants=("after_decline",)):
            asked = bought["request_history"][-1]["amount"]
            form = Form([("capture_amount", str(asked))])
            return captures.claim(form, issuer=issuer, authorisation_id=about)
        return bought
    while rule := issuer.faults.take("increment", card=card):
        form = Form([("increment_amount", str(rule.amount or STEP))])
        bought = adjustments.increment(form=form, issuer=issuer, authorisation_id=about)
    if rule := issuer.faults.take("reversal", card=card):
        fields = [] if rule.variant == "whole" else [("reverse_amount", str(rule.amount or STEP))]
        bought = adjustments.reverse(form=Form(fields), issuer=issuer, authorisation_id=about)
    if rule := issuer.faults.take("expiry", card=card):
        bought = adjustments.expire(form=Form([]), issuer=issuer, authorisation_id=about)
        if rule.variant == "then_capture":
            bought = captures.claim(Form([]), issuer=issuer, authorisation_id=about)
    if rule := issuer.faults.take("card_lost", card=card):
        shop_afterwards.lose_card(card, issuer=issuer, why=rule.variant or "lost")
    return bought


def claim(*, form: Form, issuer: Issuer, authorisation_id: str) -> Wire:
    """Claim a purchase's money."""
    card = issuer.store.read(authorisations.KIND, authorisation_id, param="authorization")["card"][
        "id"
    ]
    if rule := issuer.faults.take("odd_refund", card=card, variants=("early",)):
        shop_afterwards.refund_early(authorisation_id, issuer=issuer, amount=rule.amount)
    if rule := issuer.faults.take("unasked_capture", card=card, variants=UNASKED):
        return shop_afterwards.claim_unasked(authorisation_id, issuer=issuer, variant=rule.variant)
    if rule := issuer.faults.take("odd_capture", card=card):
        claimed = shop_afterwards.claim_oddly(
            authorisation_id, issuer=issuer, variant=rule.variant, amount=rule.amount or STEP
        )
    elif rule := issuer.faults.take("foreign_drift", card=card):
        claimed = shop_afterwards.claim_foreign(
            authorisation_id, issuer=issuer, variant=rule.variant, amount=rule.amount or STEP
        )
    else:
        claimed = captures.capture(form=form, issuer=issuer, authorisation_id=authorisation_id)
    shop_afterwards.after_claiming(claimed, issuer=issuer)
    return claimed
