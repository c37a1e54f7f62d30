"""What funders owe one another: invoiced by the month, and settled."""

from datetime import date
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.integration.budget.budgets import POOL
from tests.integration.budget.machine.setting import Setting, whiches


class Recharges(Setting):
    """Runs, and payments between funders."""

    @rule(months_ago=st.integers(0, 2))
    def a_month_is_recharged(self, months_ago):
        self.recharge(months_ago)

    @precondition(lambda self: self.model.has_debts())
    @rule(is_paid=st.booleans())
    def what_is_due_is_recharged(self, is_paid):
        """Once this month is over; some of it is paid at once."""
        self.model.now += self.first_of_month(-1) - self.model.today
        self.recharge(1)
        unpaid = [one for one, it in self.model.invoices.items() if it.settled_by is None]
        for invoice_id in unpaid if is_paid else ():
            self.pay(invoice_id, self.model.invoices[invoice_id].net, str(self.next_id()))

    def recharge(self, months_ago):
        month = self.first_of_month(months_ago)
        run_id = self.next_id()
        answer = self.ask("run_recharge", run_id=run_id, pool_id=POOL, month=f"{month:%Y-%m}")
        found = self.model.run(month)
        if isinstance(found, str):
            assert answer["refusal"]["code"] == found
            return
        told = {
            (UUID(one["debtor_id"]), UUID(one["creditor_id"])): one
            for one in answer["result"]["invoices"]
        }
        assert {pair: one["net_pence"] for pair, one in told.items()} == {
            (one.debtor, one.creditor): one.net for one in found
        }
        for one in found:
            invoice_id = UUID(told[one.debtor, one.creditor]["invoice_id"])
            self.model.invoices[invoice_id] = one
            self.run_of[invoice_id] = run_id

    def __init__(self):
        super().__init__()
        self.run_of = {}

    def first_of_month(self, months_ago):
        today = self.model.today
        months = today.year * 12 + today.month - 1 - months_ago
        return date(months // 12, months % 12 + 1, 1)

    @precondition(lambda self: self.model.invoices)
    @rule(which=whiches, beside=st.sampled_from([0, 0, 0, 1, -1]), reference=st.integers(0, 2))
    def an_invoice_is_paid(self, which, beside, reference):
        """Sometimes it is not what is due, and sometimes it was paid before."""
        unpaid = [one for one, it in self.model.invoices.items() if it.settled_by is None]
        invoice_id = self.one_of(unpaid or self.model.invoices, which)
        invoice = self.model.invoices[invoice_id]
        amount = max(0, invoice.net + beside)
        known = invoice.settled_by if reference else None
        self.pay(invoice_id, amount, known or str(self.next_id()))

    def pay(self, invoice_id, amount, bank_reference):
        invoice = self.model.invoices[invoice_id]
        code = self.code_of(
            "settle_recharge",
            run_id=self.run_of[invoice_id],
            debtor_id=invoice.debtor,
            creditor_id=invoice.creditor,
            amount_pence=amount,
            bank_reference=bank_reference,
        )
        assert code == self.model.settle(invoice_id, amount, bank_reference)
