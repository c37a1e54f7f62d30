"""What funders and the person are called for, and what of it comes in."""

from dataclasses import dataclass, field
from datetime import date

from tests.integration.budget.model.books import Books, moved


@dataclass
class ModelCall:
    """A contribution that a funder, or the person, was called for."""

    funder: object
    pence: int
    due_on: date
    is_for_crisis: bool = False
    is_committed: bool = False
    receipts: dict = field(default_factory=dict)  # pence by the reference of the payment
    settled: int = 0  # came in by what was settled between funders

    @property
    def received(self):
        return sum(self.receipts.values()) + self.settled

    @property
    def missing(self):
        return self.pence - self.received

    @property
    def is_received(self):
        return not self.missing

    @property
    def is_in(self):
        return self.is_committed or self.is_received

    @property
    def is_advanced(self):
        return self.is_committed and not self.is_received


@dataclass(kw_only=True)
class Contributions(Books):
    """The money that comes into a budget."""

    calls: dict = field(default_factory=dict)  # those of the organisations, by the call's id
    charge_call: tuple | None = None  # the person's: its id, and the call
    charged_by: object = None  # the council that charges

    @property
    def charge(self):
        return self.charge_call[1].pence if self.charge_call else 0

    def all_calls(self):
        return self.calls | dict([self.charge_call] if self.charge_call else [])

    def calls_of(self, funder):
        return [call for call in self.calls.values() if call.funder == funder]

    def is_in(self, funder):
        calls = self.calls_of(funder)
        return not calls or any(call.is_in for call in calls)

    def is_advanced(self, funder):
        """Say whether the host pays in a funder's place: it has committed, and not paid in."""
        return funder != self.host and any(call.is_advanced for call in self.calls_of(funder))

    def raise_charge(self, call_id, call, council):
        """Let the council wait for the person's money; it can be spent from the first day."""
        self.charge_call, self.charged_by = (call_id, call), council
        self.book("charge", self.person, moved(council, "charge_due", "available", call.pence))

    def commit(self, call_id, on):
        call = self.calls[call_id]
        if not call.is_in:
            call.is_committed = True
            into = self.target(call.funder, on)
            self.book("promise", call_id, moved(call.funder, "promised", into, call.pence), on=on)

    def receive(self, call_id, source, reference, on):
        call = self.calls[call_id]
        if not call.missing:
            return
        into = "promised" if call.is_committed else self.target(call.funder, on)
        moves = moved(call.funder, source, into, call.missing)
        self.book("contribution", call_id, moves, on=on, reference=reference)
        call.receipts[reference] = call.missing

    def receive_from_person(self, pence, reference, on):
        call_id, call = self.charge_call
        call.receipts[reference] = pence
        moves = [
            *moved(self.person, "contributed", "own_money", pence),
            *moved(self.charged_by, "charged", "charge_due", pence),
        ]
        self.book("contribution", call_id, moves, on=on, reference=reference)

    def target(self, funder, on):
        """Return the account that money comes to: what is scheduled waits for its runs."""
        return "unallocated" if self.is_scheduled(funder, on) else "available"
