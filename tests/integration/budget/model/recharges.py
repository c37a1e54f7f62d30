"""What funders come to owe one another, month by month, and how they settle it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from tests.integration.budget.model.repayments import Repayments


@dataclass
class ModelInvoice:
    """What two funders owe one another by one run."""

    lines: dict  # pence by debtor and creditor
    debtor: object
    creditor: object
    net: int
    settled_by: str | None = None  # the reference of the payment


@dataclass(kw_only=True)
class Recharges(Repayments):
    """The debts between funders."""

    months: list = field(default_factory=list)  # that were run, by their first days
    invoices: dict = field(default_factory=dict)  # by their ids
    invoiced: Counter = field(default_factory=Counter)  # by debtor and creditor

    def has_debts(self):
        return any(
            self.accounts[self.host, account]
            for one in self.funders
            for account in (self.due_from(one), self.due_to(one))
        )

    def run(self, month):
        """Invoice what is due at the end of a month; return the invoices, or a refusal's code."""
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        if last >= self.today:
            return "month_not_over"
        if month in self.months:
            return "already_run"
        if month < max(self.months, default=month):
            return "later_month_run"
        self.months.append(month)
        found = [self._invoice(last, one) for one in sorted(self.funders) if one != self.host]
        return [invoice for invoice in found if invoice]

    def _invoice(self, last, other):
        """Return what the host and another owe one another, and note it; None if it is nothing."""
        lines = {}
        for debtor, creditor in ((self.host, other), (other, self.host)):
            account = self.due_to(creditor)
            due = self.until(last, debtor, account, without=("settlement",))
            if pence := due - self.invoiced[debtor, creditor]:
                lines[debtor, creditor] = pence
        if not lines:
            return None
        self.invoiced.update(lines)
        debtor, creditor = sorted((self.host, other))
        net = sum(pence if one == debtor else -pence for (one, _), pence in lines.items())
        if net < 0:
            debtor, creditor, net = creditor, debtor, -net
        return ModelInvoice(lines, debtor, creditor, net)

    def settle(self, invoice_id, amount, reference):
        """Book that an invoice was paid, or return the code of the refusal."""
        invoice = self.invoices[invoice_id]
        if invoice.settled_by not in (None, reference):
            return "already_settled"
        if amount != invoice.net:
            return "partly_paid" if amount < invoice.net else "overpaid"
        if invoice.settled_by is None:
            invoice.settled_by = reference
            self._settle(invoice_id, invoice)
        return None

    def _settle(self, invoice_id, invoice):
        moves = []
        for (debtor, creditor), pence in invoice.lines.items():
            moves += [
                (debtor, self.due_to(creditor), -pence),
                (debtor, self.settled(creditor), pence),
                (creditor, self.settled(debtor), -pence),
                (creditor, self.due_from(debtor), pence),
            ]
        self.book("settlement", invoice_id, moves)
        self._keep_promises(invoice.debtor, invoice.net)

    def _keep_promises(self, debtor, paid):
        """Who has only committed has paid that much of it; what is due first is paid first."""
        promised = [
            (call.due_on, call_id, call)
            for call_id, call in self.calls.items()
            if call.funder == debtor and call.is_advanced
        ]
        for _, call_id, call in sorted(promised, key=lambda one: one[:2]):
            kept = min(paid, call.missing)
            paid -= kept
            call.settled += kept
            moves = [(debtor, "paid_in", -kept), (debtor, "promised", kept)]
            self.book("contribution", call_id, moves)
