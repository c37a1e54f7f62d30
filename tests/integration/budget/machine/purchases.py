"""What is bought of the plan, and what becomes of it."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services.budget.holds import handlers
from services.budget.holds.commands import ExpireHold
from shared.contracts.payments.purchases import PurchaseAmountsChanged, PurchaseRequested
from tests.factories import TUESDAY_AT_TEN, a_trace
from tests.integration.budget.budgets import everything, told_about
from tests.integration.budget.machine.setting import Setting, whiches

pence = st.integers(0, 200)


class Purchases(Setting):
    """Holds, and what payments says of them."""

    def __init__(self):
        super().__init__()
        self.purchases = {}

    @rule(amount=st.integers(-1, 150), which=st.integers(0, 1), is_paid=st.booleans())
    def something_is_bought(self, amount, which, is_paid):
        """Some of it is paid at once."""
        item_id = self.one_of(self.model.items, which)
        purchase = PurchaseRequested(
            occurred_at=TUESDAY_AT_TEN,
            purchase_id=self.next_id(),
            budget_id=self.budget_id,
            item_id=item_id,
            amount_pence=amount,
        )
        self.tell(purchase)
        told = told_about(self.transaction, purchase)[-1]
        assert told.get("code") == self.model.place(purchase.purchase_id, item_id, amount)
        if told["type"] == "hold_placed":
            self.purchases[purchase.purchase_id] = purchase
            if is_paid:
                self.payments_says(purchase.purchase_id, posted=amount)

    def payments_says(self, purchase_id, *, step=1, held=0, posted=0, unmatched=0):
        """Tell the amounts of a purchase, as of so many versions later."""
        version = self.model.holds[purchase_id].told + step
        self.tell(
            PurchaseAmountsChanged(
                occurred_at=TUESDAY_AT_TEN,
                purchase_id=purchase_id,
                budget_id=self.budget_id,
                version=version,
                held_pence=held,
                posted_pence=posted,
                unmatched_pence=unmatched,
            )
        )
        self.model.converge(purchase_id, version, held, posted, unmatched)

    @precondition(lambda self: self.purchases)
    @rule(which=whiches)
    def a_purchase_is_told_again(self, which):
        purchase = self.one_of(self.purchases.values(), which)
        before = everything(self.transaction, apart_from=("inbox",))
        self.tell(replace(purchase, event_id=self.next_id()))
        assert everything(self.transaction, apart_from=("inbox",)) == before

    @precondition(lambda self: self.purchases)
    @rule(which=whiches, held=pence, posted=pence, unmatched=pence, step=st.integers(0, 2))
    def the_card_network_says(self, which, held, posted, unmatched, step):
        purchase_id = self.one_of(self.purchases, which)
        step = step or (0 if self.model.holds[purchase_id].told else 1)
        unmatched = 0 if posted else unmatched
        self.payments_says(purchase_id, step=step, held=held, posted=posted, unmatched=unmatched)

    @precondition(lambda self: self.purchases)
    @rule(which=whiches)
    def a_hold_is_looked_at(self, which):
        purchase_id = self.one_of(self.purchases, which)
        with self.transaction() as session:
            command = ExpireHold(purchase_id=purchase_id)
            trace = a_trace(at=self.model.now)
            handlers.expire_hold(command, session=session, trace=trace)
        self.model.expire(purchase_id)
