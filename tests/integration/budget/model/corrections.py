"""What was written down wrongly: reversed by its mirror, or written again for the right day."""

from collections import Counter
from dataclasses import dataclass

from tests.integration.budget.model.periods import Periods

REVERSIBLE = ("contribution", "promise")
CAME_FROM = ("paid_in", "released_in", "contributed")
CORRECTABLE = (*REVERSIBLE, "charge", "capture", "refund")


@dataclass(kw_only=True)
class Corrections(Periods):
    """How journals are put right."""

    def reverse(self, journal):
        """Take back what never was, or return the code of the refusal."""
        if journal.is_wrong:
            return "already_reversed"
        if journal.kind not in REVERSIBLE:
            return "not_reversible"
        if not self._is_still_there(journal):
            return "insufficient_funds"
        if not self._take_back(journal):
            return "not_reversible"
        self._book_mirror(journal)
        return None

    def _is_still_there(self, journal):
        taken = Counter()
        for funder, account, pence in journal.moves:
            taken[funder, account] += pence
        if journal.kind == "contribution" and not self._did_not_go_back(journal):
            return False
        return all(
            taken[funder, "available"] <= self.free(funder)
            and taken[funder, "unallocated"] <= self.accounts[funder, "unallocated"]
            for funder in self.funders
        )

    def _did_not_go_back(self, journal):
        """Nobody gets back more than they paid."""
        return all(
            -pence <= -sum(self.accounts[funder, name] for name in (*CAME_FROM, "repaid"))
            for funder, account, pence in journal.moves
            if account in CAME_FROM
        )

    def _take_back(self, journal):
        """Let the call stand as if it had not happened; say whether that can be."""
        call = self.calls.get(journal.source) or self.charge_call[1]
        if journal.kind == "promise":
            if call.received or call.is_for_crisis:
                return False
            call.is_committed = False
            return True
        return call.receipts.pop(journal.reference, None) is not None

    def correct(self, journal, effective_on, occurred_on):
        """Let a journal count for another day, or return the code of the refusal."""
        if journal.is_wrong:
            return "already_reversed"
        if journal.kind not in CORRECTABLE:
            return "not_correctable"
        if not occurred_on <= effective_on <= self.today:
            return "day_wrong"
        if (effective_on, occurred_on) == (journal.effective_on, journal.occurred_on):
            return "nothing_to_correct"
        self._book_mirror(journal)
        self.book(
            journal.kind,
            journal.source,
            journal.moves,
            on=self.placed(effective_on),
            occurred_on=occurred_on,
            reference=journal.reference,
        )
        return None

    def _book_mirror(self, journal):
        journal.is_reversed = True
        self.book(
            journal.kind,
            journal.source,
            [(funder, account, -pence) for funder, account, pence in journal.moves],
            on=self.placed(journal.effective_on),
            occurred_on=journal.occurred_on,
            is_reversal=True,
        )
