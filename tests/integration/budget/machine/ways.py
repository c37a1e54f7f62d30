"""Money that goes by a broker, to the person, or nowhere."""

from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from services.budget.returns.rules import ReturnExceedsPaidError
from shared.contracts.payments.direct_payments import DirectPaymentFailed, DirectPaymentPaid
from tests.integration.budget.budgets import POOL
from tests.integration.budget.machine.setting import Setting, whiches
from tests.integration.budget.model.ways import ModelSchedule

ROUTES = ("host", "broker", "direct_payment", "notional")
PAYEE = {"payee": "person", "account_reference": "account-of-somebody"}
pence = st.integers(1, 200)
items = st.integers(0, 1)


class Ways(Setting):
    """The ways of money, and what is booked along them."""

    def of_item(self, which):
        return {"budget_id": self.budget_id, "item_id": self.one_of(self.model.items, which)}

    @rule(which=items, route=st.sampled_from(ROUTES))
    def an_item_moves(self, which, route):
        self.an_item_goes_another_way(which, route)

    def an_item_goes_another_way(self, which, route):
        """Whatever was bought before goes on as it went."""
        asked = self.of_item(which)
        item = self.model.items[asked["item_id"]]
        code = self.code_of(
            "set_route",
            route=route,
            starts_on=self.model.today,
            reason="The person wants it so.",
            **asked,
            **(PAYEE if route == "direct_payment" else {}),
        )
        assert code == (None if item.is_planned else "item_not_in_plan")
        item.route = route if item.is_planned else item.route

    @rule(which=items, amount=pence, is_new=st.booleans())
    def something_is_delivered(self, which, amount, is_new):
        if is_new:
            self.an_item_goes_another_way(which, "notional")
        asked, delivery_id = self.of_item(which), self.next_id()
        code = self.code_of(
            "record_delivery",
            delivery_id=delivery_id,
            amount_pence=amount,
            delivered_on=self.model.today,
            **asked,
        )
        assert code == self.model.deliver(delivery_id, asked["item_id"], amount)

    @rule(amount=pence, which=items, is_new=st.booleans())
    def a_broker_is_given_money(self, amount, which, is_new):
        """Sometimes for an item that goes by the broker from now on."""
        if is_new:
            self.an_item_goes_another_way(which, "broker")
        assert self.moved_to_or_from_broker("top_up_broker", amount) == self.model.top_up(
            self.transfer_id, amount
        )

    @precondition(lambda self: any(self.model.held_by_broker().values()))
    @rule(amount=pence)
    def a_broker_gives_money_back(self, amount):
        code = self.moved_to_or_from_broker("record_broker_returned", amount)
        assert code == self.model.return_from_broker(self.transfer_id, amount)

    def moved_to_or_from_broker(self, operation, amount):
        self.transfer_id = self.next_id()
        return self.code_of(
            operation,
            top_up_id=self.transfer_id,
            budget_id=self.budget_id,
            amount_pence=amount,
            bank_reference=f"BACS {self.transfer_id}",
        )

    @rule(
        which=items,
        amount=pence,
        recurrence=st.sampled_from(["week", "four_weeks", "month"]),
        weeks=st.integers(1, 30),
        is_new=st.booleans(),
    )
    def direct_payments_are_scheduled(self, which, amount, recurrence, weeks, is_new):
        if is_new:
            self.an_item_goes_another_way(which, "direct_payment")
        asked, schedule_id, today = self.of_item(which), self.next_id(), self.model.today
        ends_on = today + timedelta(weeks=weeks)
        code = self.code_of(
            "schedule_direct_payment",
            schedule_id=schedule_id,
            recurrence=recurrence,
            amount_pence=amount,
            starts_on=today,
            ends_on=ends_on,
            **asked,
        )
        schedule = ModelSchedule(asked["item_id"], recurrence, amount, today, ends_on)
        assert code == self.model.schedule_payment(schedule_id, schedule)
        if is_new:
            self.due_payments_are_made()

    @precondition(lambda self: self.model.schedules)
    @rule(times=st.integers(1, 2), weeks=st.sampled_from([0, 1, 4]))
    def direct_payments_are_made(self, times, weeks):
        """Asked for twice, they are made once."""
        self.model.now += timedelta(weeks=weeks)
        for _ in range(times):
            self.due_payments_are_made()

    def due_payments_are_made(self):
        answer = self.do("pay_direct_payments", pool_id=POOL, on=self.model.today)
        codes = [one["code"] for one in answer["not_paid"]]
        assert (answer["paid"], codes) == self.model.pay_what_is_due()

    @precondition(lambda self: self.items_with_person())
    @rule(which=items, spent=st.integers(1, 90))
    def the_person_shows_what_they_spent(self, which, spent):
        item_id = self.one_of(self.items_with_person(), which)
        return_id, today = self.next_id(), self.model.today
        code = self.code_of(
            "record_return",
            return_id=return_id,
            budget_id=self.budget_id,
            item_id=item_id,
            period_starts_on=today,
            period_ends_on=today + timedelta(days=1),
            spent_pence=spent,
            evidence_reference="folder 7",
        )
        assert code == self.model.show(return_id, item_id, spent)

    def items_with_person(self):
        return [one for one, there in self.model.with_person.items() if any(there.values())]

    @precondition(lambda self: self.model.payments())
    @rule(which=whiches, amount=st.integers(1, 90))
    def a_direct_payment_comes_back(self, which, amount):
        payment_id = self.one_of(self.model.payments(), which)
        code = self.code_of(
            "record_payment_returned",
            payment_id=payment_id,
            amount_pence=amount,
            bank_reference=f"BACS {self.next_id()}",
        )
        assert code == self.model.give_back(payment_id, amount)

    @precondition(lambda self: self.model.payments())
    @rule(which=whiches)
    def the_bank_could_not_make_a_payment(self, which):
        event = self.ended(DirectPaymentFailed, which)
        if self.model.fail(event.payment_id) is None:
            self.tell(event)
            return
        with pytest.raises(ReturnExceedsPaidError):
            self.tell(event)

    @precondition(lambda self: self.model.payments())
    @rule(which=whiches)
    def the_bank_made_a_payment_that_had_failed(self, which):
        """It may be told before it is told that it failed, and more than once."""
        event = self.ended(DirectPaymentPaid, which, has_failed_before=True)
        self.tell(event)
        self.model.pay_late(event.payment_id)

    def ended(self, how, which, **told):
        payment_id = self.one_of(self.model.payments(), which)
        return how(
            occurred_at=self.model.now,
            payment_id=payment_id,
            budget_id=self.budget_id,
            amount_pence=sum(self.model.holds[payment_id].asked.values()),
            **told,
        )
