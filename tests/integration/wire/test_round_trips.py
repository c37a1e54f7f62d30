"""How often a command asks the database: no oftener than docs/decisions/0012 says, by exact counts.

What a transaction itself takes (its begin and its end), and the two statements by which the edge
remembers a command and its answer, are not counted: they are the same for every command.
"""

from collections import defaultdict
from contextlib import contextmanager

from sqlalchemy import event

from services.budget.holds import handlers as holds
from services.budget.holds.commands import Converge, ExpireHold, PlaceHold
from tests.factories import a_trace
from tests.integration.budget.budgets import a_purchase, an_active_budget
from tests.integration.wire.callers import Undisturbed
from tests.integration.wire.story import play

REMEMBERING = 2  # the claim of the command's id, and its answer
# Each command that moves money: the most that it asks in the story of a pool's first year. Those of
# a pool are for the budgets that the story has.
MOST = {
    "record_agreement": 40,
    "commit_contribution": 12,
    "receive_contribution": 14,
    "release_contribution": 11,
    "reverse_journal": 15,
    "correct_journal": 9,
    "reapportion": 7,
    "schedule_allocation": 11,
    "run_allocations": 9,
    "promise_crisis_reserve": 13,
    "activate_crisis_reserve": 22,
    "stand_down_crisis_reserve": 12,
    "post_repayment": 19,
    "end_budget": 12,
    "settle_recharge": 16,
    "run_risk_share": 14,
    "year_end": 18,
    "top_up_broker": 10,
    "record_broker_returned": 8,
    "pay_direct_payments": 10,
    "record_return": 9,
    "record_payment_returned": 8,
    "record_delivery": 5,
}


class Counted(Undisturbed):
    """Counts what each command asks."""

    def __init__(self, transaction):
        super().__init__(transaction)
        self.most = defaultdict(int)

    def _ask(self, operation, request, *, actor):
        with counting(self.transaction) as asked:
            answer = super()._ask(operation, request, actor=actor)
        self.most[operation] = max(self.most[operation], len(asked) - REMEMBERING)
        return answer


@contextmanager
def counting(transaction):
    """Keep what is asked of the database, statement by statement, savepoints included."""
    with transaction() as session:
        engine = session.get_bind()
    asked = []

    def statement(_connection, _cursor, words, _values, _context, _many):
        asked.append(words)

    def savepoint(*_which):
        asked.append("a savepoint")

    kept = {
        "before_cursor_execute": statement,
        "savepoint": savepoint,
        "release_savepoint": savepoint,
        "rollback_savepoint": savepoint,
    }
    for name, listener in kept.items():
        event.listen(engine, name, listener)
    try:
        yield asked
    finally:
        for name, listener in kept.items():
            event.remove(engine, name, listener)


def test_no_command_that_moves_money_asks_oftener_than_is_written_down(transaction):
    counted = Counted(transaction)

    play(counted)

    oftener = {name: counted.most[name] for name in MOST if counted.most[name] > MOST[name]}
    assert not oftener
    assert MOST.keys() <= counted.most.keys()


def test_whatever_becomes_of_a_hold_is_three_questions(transaction):
    active = an_active_budget(transaction, joint=100_00)
    purchase = a_purchase(active, 40_00)
    place = PlaceHold(
        purchase_id=purchase.purchase_id,
        budget_id=active.budget_id,
        item_id=purchase.item_id,
        amount_pence=40_00,
    )

    def amounts(version, **pence):
        return Converge(
            purchase_id=purchase.purchase_id, version=version, unmatched_pence=0, **pence
        )

    steps = [
        (holds.place_hold, place),
        (holds.converge, amounts(1, held_pence=10_00, posted_pence=30_00)),
        (holds.converge, amounts(2, held_pence=10_00, posted_pence=20_00)),
        (holds.expire_hold, ExpireHold(purchase_id=purchase.purchase_id)),
    ]
    for handler, command in steps:
        with counting(transaction) as asked, transaction() as session:
            at = a_trace().at.replace(year=2027) if handler is holds.expire_hold else a_trace().at
            handler(command, session=session, trace=a_trace(at=at))
        assert len(asked) == 3, asked
